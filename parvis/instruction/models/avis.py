"""Les avis sur un dossier, et ceux que l'on demande hors de ses financeurs."""

from django.db import models
from django.db.models import Q

from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande, Dossier, VersionDeposee
from parvis.instruction.enums import Qualite, SensDAvis
from parvis.organismes.models import Organisme
from parvis.socle.montants import MontantField


class Consultation(models.Model):
    """Un avis demandé à qui ne finance pas : commune, délégué du préfet, conseil citoyen, expert.

    Un financeur n'est pas consulté : sa demande suffit à lui demander son avis.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consultations")
    qualite = models.CharField("à quel titre", max_length=20, choices=Qualite.choices)
    # Pour un expert, le service qui l'invite.
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="consultations")
    # L'expert est une personne : lui seul a une adresse ici.
    courriel = models.EmailField("adresse de l’expert", blank=True)
    question = models.TextField("ce que l’on demande", max_length=1000, blank=True)
    echeance_le = models.DateField("avis attendu le", null=True, blank=True)
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.CharField("demandée par", max_length=200)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "consultation"
        ordering = ["demandee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(qualite__in=[q.value for q in Qualite if q != Qualite.FINANCEUR]),
                name="instruction_consultation_hors_financeur",
            ),
            models.CheckConstraint(
                condition=Q(qualite=Qualite.EXPERT) ^ Q(courriel=""),
                name="instruction_expert_a_une_adresse",
                violation_error_message="Un expert s’invite par son adresse, et lui seul.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "qualite", "organisme", "courriel"],
                condition=Q(close_le__isnull=True),
                name="instruction_une_consultation_ouverte",
                violation_error_message="Cet avis est déjà demandé.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom(self) -> str:
        """Rend de qui l'avis est attendu."""
        if self.qualite == Qualite.EXPERT:
            return f"un expert invité par {self.organisme.retenu}"
        if self.qualite == Qualite.DELEGUE_DU_PREFET:
            return "le délégué du préfet"
        return str(self.organisme.retenu)


class Avis(models.Model):
    """Un avis rendu sur une version déposée ; en changer, c'est en rendre un autre."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="avis")
    version = models.ForeignKey(VersionDeposee, on_delete=models.PROTECT, related_name="avis")
    qualite = models.CharField("à quel titre", max_length=20, choices=Qualite.choices)
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="avis")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, null=True, blank=True, related_name="avis"
    )
    # Un service, ou qui est consulté, n'a qu'un avis : le dernier.
    rang = models.PositiveSmallIntegerField("rang")
    sens = models.CharField("avis", max_length=12, choices=SensDAvis.choices)
    motif = models.TextField("motif", max_length=4000, blank=True)
    # Elle ne sort jamais du service : ni page, ni export, ni courriel d'un autre.
    note_interne = models.TextField("note interne", max_length=4000, blank=True)
    fichiers = models.ManyToManyField(Fichier, related_name="avis", verbose_name="fichiers")
    rendu_le = models.DateTimeField("rendu le")
    auteur = models.CharField("identifiant de qui rend l’avis", max_length=40)
    rendu_par = models.CharField("rendu par", max_length=200)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["dossier_id", "-rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "organisme", "rang"],
                condition=Q(consultation__isnull=True),
                name="instruction_un_avis_par_service",
            ),
            models.UniqueConstraint(
                fields=["consultation", "rang"], name="instruction_un_avis_par_consultation"
            ),
            models.CheckConstraint(
                condition=Q(qualite=Qualite.FINANCEUR) ^ Q(consultation__isnull=False),
                name="instruction_avis_consulte_ou_financeur",
            ),
            models.CheckConstraint(
                condition=Q(sens__in=SensDAvis.values), name="instruction_sens_connu"
            ),
            models.CheckConstraint(
                condition=Q(sens__in=[SensDAvis.FAVORABLE, SensDAvis.SANS]) | ~Q(motif=""),
                name="instruction_avis_motive",
                violation_error_message="Un avis qui n’est pas favorable dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sens_display()}, {self.organisme}"


class Proposition(models.Model):
    """Le montant qu'un financeur propose, avec son avis, pour l'une de ses demandes."""

    avis = models.ForeignKey(Avis, on_delete=models.PROTECT, related_name="propositions")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="propositions")
    montant = MontantField("montant proposé")

    class Meta:
        verbose_name = "proposition"
        ordering = ["avis_id", "demande_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["avis", "demande"], name="instruction_une_proposition_par_demande"
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0), name="instruction_proposition_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.montant)
