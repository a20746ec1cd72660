"""L'argent qui revient : un reversement demandé, un retrait décidé après avoir entendu l'organisme."""

from django.db import models
from django.db.models import F, Q

from parvis.conventions.enums import EtatDeRetrait
from parvis.conventions.models.actes import Acte, LigneDActe
from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande
from parvis.socle.montants import MontantField

_PAS_DECIDE = Q(decide_le__isnull=True, decide_par="", montant__isnull=True, fichier__isnull=True)
_PAS_ABANDONNE = Q(abandonne_le__isnull=True, abandonne_par="", motif_d_abandon="")
_OBSERVATIONS = Q(observations_recues_le__isnull=True, observations="") | (
    Q(observations_recues_le__isnull=False) & ~Q(observations="")
)
_REPONSE = Q(repondu_le__isnull=True, reponse="", repondu_par="", reponse_jointe__isnull=True) | (
    Q(repondu_le__isnull=False) & ~Q(reponse="") & ~Q(repondu_par="")
)


class Retrait(models.Model):
    """Le retrait d'une subvention, pour ce qui restait de la période au jour du manquement."""

    acte = models.ForeignKey(Acte, on_delete=models.PROTECT, related_name="retraits")
    etat = models.CharField(
        "état", max_length=10, choices=EtatDeRetrait.choices, default=EtatDeRetrait.A_ENTENDRE
    )
    motif = models.TextField("manquement", max_length=2000)
    manquement_le = models.DateField("jour du manquement")
    debut_le = models.DateField("début de la période subventionnée")
    fin_le = models.DateField("fin de la période subventionnée")
    observations_demandees_le = models.DateField("observations demandées le")
    repondre_avant_le = models.DateField("répondre avant le")
    demandees_par = models.CharField("demandées par", max_length=200)
    observations = models.TextField("observations reçues", max_length=5000, blank=True)
    observations_recues_le = models.DateField("observations reçues le", null=True, blank=True)
    # Ce que l'organisme répond ici lui-même : le service n'y touche pas.
    reponse = models.TextField("réponse de l’organisme", max_length=5000, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    repondu_par = models.CharField("répondu par", max_length=200, blank=True)
    reponse_jointe = models.ForeignKey(
        Fichier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reponses_a_un_retrait",
    )
    montant = MontantField("montant retiré", null=True, blank=True)
    decide_le = models.DateField("décidé le", null=True, blank=True)
    decide_par = models.CharField("décidé par", max_length=200, blank=True)
    fichier = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="retraits"
    )
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    abandonne_par = models.CharField("abandonné par", max_length=200, blank=True)
    motif_d_abandon = models.CharField("pourquoi il est abandonné", max_length=500, blank=True)

    class Meta:
        verbose_name = "retrait"
        ordering = ["observations_demandees_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["acte"],
                condition=~Q(etat=EtatDeRetrait.ABANDONNE),
                name="conventions_un_retrait_par_acte",
                violation_error_message="Un retrait de cet acte est déjà ouvert.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="conventions_retrait_motive",
                violation_error_message="Dites quel est le manquement.",
            ),
            models.CheckConstraint(
                condition=Q(debut_le__lte=F("manquement_le"), manquement_le__lte=F("fin_le")),
                name="conventions_manquement_dans_la_periode",
                violation_error_message="Le manquement est dans la période subventionnée.",
            ),
            models.CheckConstraint(
                condition=Q(repondre_avant_le__gt=F("observations_demandees_le")),
                name="conventions_observations_avec_un_delai",
            ),
            models.CheckConstraint(
                condition=_OBSERVATIONS,
                name="conventions_observations_datees",
                violation_error_message="Des observations reçues ont un texte et une date.",
            ),
            models.CheckConstraint(
                condition=_REPONSE,
                name="conventions_reponse_a_un_retrait_signee",
                violation_error_message="Une réponse a un texte, une date et un auteur.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeRetrait.A_ENTENDRE) & _PAS_DECIDE & _PAS_ABANDONNE
                | Q(etat=EtatDeRetrait.DECIDE, decide_le__isnull=False, montant__gt=0)
                & ~Q(decide_par="") & _PAS_ABANDONNE
                | Q(etat=EtatDeRetrait.ABANDONNE, abandonne_le__isnull=False)
                & ~Q(abandonne_par="") & ~Q(motif_d_abandon="") & _PAS_DECIDE,
                name="conventions_retrait_date",
            ),
            # Loi n° 2000-321, article 10-1 : l'organisme est d'abord mis à même d'être entendu.
            models.CheckConstraint(
                condition=~Q(etat=EtatDeRetrait.DECIDE)
                | Q(observations_recues_le__isnull=False)
                | Q(repondu_le__isnull=False)
                | Q(decide_le__gt=F("repondre_avant_le")),
                name="conventions_retrait_apres_avoir_entendu",
                violation_error_message="On entend l’organisme avant de retirer.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"retrait, {self.acte}"

    @property
    def est_entendu(self) -> bool:
        """Dit si l'organisme a répondu, ici ou autrement."""
        return self.observations_recues_le is not None or self.repondu_le is not None


class PartDeRetrait(models.Model):
    """Ce qu'un retrait reprend d'une demande, et ce qui n'était pas versé et n'est plus engagé."""

    retrait = models.ForeignKey(Retrait, on_delete=models.PROTECT, related_name="parts")
    ligne = models.ForeignKey(LigneDActe, on_delete=models.PROTECT, related_name="retraits")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="retraits")
    montant = MontantField("montant retiré")
    montant_degage = MontantField("montant qui n’est plus engagé")

    class Meta:
        verbose_name = "part d’un retrait"
        verbose_name_plural = "parts des retraits"
        ordering = ["retrait_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["retrait", "ligne"], name="conventions_une_part_de_retrait_par_ligne"
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0, montant_degage__gte=0),
                name="conventions_part_de_retrait_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande}, {self.retrait}"


class Reversement(models.Model):
    """Ce qu'un organisme doit rendre d'une demande ; reçu, ce n'est plus ni versé ni engagé."""

    acte = models.ForeignKey(Acte, on_delete=models.PROTECT, related_name="reversements")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="reversements")
    retrait = models.ForeignKey(
        Retrait, on_delete=models.PROTECT, null=True, blank=True, related_name="reversements"
    )
    montant = MontantField("montant à rendre")
    motif = models.CharField("motif", max_length=1000)
    demande_le = models.DateField("demandé le")
    avant_le = models.DateField("à rendre avant le", null=True, blank=True)
    demande_par = models.CharField("demandé par", max_length=200)
    titre = models.CharField("titre de recette", max_length=40, blank=True)
    recu_le = models.DateField("reçu le", null=True, blank=True)
    recu_par = models.CharField("réception notée par", max_length=200, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    abandonne_par = models.CharField("abandonné par", max_length=200, blank=True)
    motif_d_abandon = models.CharField("pourquoi il est abandonné", max_length=500, blank=True)
    # La dernière réception notée à tort : annulée, l'argent est attendu de nouveau.
    reception_annulee_le = models.DateTimeField("réception annulée le", null=True, blank=True)
    reception_annulee_par = models.CharField("réception annulée par", max_length=200, blank=True)
    motif_d_annulation = models.CharField(
        "pourquoi la réception est annulée", max_length=500, blank=True
    )

    class Meta:
        verbose_name = "reversement"
        ordering = ["demande_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0) & ~Q(motif=""),
                name="conventions_reversement_chiffre_et_motive",
                violation_error_message="Un reversement a un montant et un motif.",
            ),
            models.CheckConstraint(
                condition=Q(recu_le__isnull=True, recu_par="")
                | Q(recu_le__isnull=False, recu_le__gte=F("demande_le")) & ~Q(recu_par=""),
                name="conventions_reversement_recu_date",
                violation_error_message="Un reversement se reçoit après avoir été demandé.",
            ),
            models.CheckConstraint(
                condition=Q(abandonne_le__isnull=True, abandonne_par="", motif_d_abandon="")
                | Q(abandonne_le__isnull=False, recu_le__isnull=True)
                & ~Q(abandonne_par="") & ~Q(motif_d_abandon=""),
                name="conventions_reversement_abandonne_motive",
                violation_error_message="Un reversement reçu ne s’abandonne plus.",
            ),
            models.CheckConstraint(
                condition=Q(
                    reception_annulee_le__isnull=True,
                    reception_annulee_par="",
                    motif_d_annulation="",
                )
                | Q(reception_annulee_le__isnull=False)
                & ~Q(reception_annulee_par="") & ~Q(motif_d_annulation=""),
                name="conventions_reception_annulee_motivee",
                violation_error_message="Une réception s’annule avec un motif.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"reversement, {self.demande}"

    @property
    def est_attendu(self) -> bool:
        return self.recu_le is None and self.abandonne_le is None
