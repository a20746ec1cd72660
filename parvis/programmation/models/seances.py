"""Une séance de programmation : son ordre du jour, ce que chacun y apporte, ce qu'elle arbitre."""

from django.db import models
from django.db.models import Q

from parvis.dossiers.models import Demande, Dossier
from parvis.instances.models import Mandat, Reunion
from parvis.organismes.models import Organisme
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.socle.montants import MontantField

_DATES = ("ouverte_le", "levee_le", "publiee_le")


def _datee(*faites: str) -> Q:
    """Rend la condition : ces dates sont dites, et pas les suivantes."""
    return Q(**{f"{nom}__isnull": nom not in faites for nom in _DATES})


class Seance(models.Model):
    """Une réunion où l'on arbitre les demandes d'un exercice : elle propose, elle n'accorde pas."""

    reunion = models.OneToOneField(Reunion, on_delete=models.PROTECT, related_name="seance")
    exercice = models.PositiveSmallIntegerField("exercice")
    etat = models.CharField(
        "état", max_length=9, choices=EtatDeSeance.choices, default=EtatDeSeance.PREPAREE
    )
    # La séance dont elle reprend les ajournés et les restes.
    suite_de = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="suites"
    )
    preparee_le = models.DateTimeField("préparée le")
    preparee_par = models.CharField("préparée par", max_length=200)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True)
    levee_le = models.DateTimeField("levée le", null=True, blank=True)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.CharField("publiée par", max_length=200, blank=True)

    class Meta:
        verbose_name = "séance"
        ordering = ["-reunion__commence_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatDeSeance.PREPAREE) & _datee()
                | Q(etat=EtatDeSeance.OUVERTE) & _datee("ouverte_le")
                | Q(etat=EtatDeSeance.LEVEE) & _datee("ouverte_le", "levee_le")
                | Q(etat=EtatDeSeance.PUBLIEE) & _datee(*_DATES),
                name="programmation_seance_datee",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeSeance.PUBLIEE) ^ Q(publiee_par=""),
                name="programmation_seance_publiee_par",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reunion.objet} ({self.exercice})"


class PointDeSeance(models.Model):
    """Un dossier à l'ordre du jour d'une séance, à son rang."""

    seance = models.ForeignKey(Seance, on_delete=models.PROTECT, related_name="points")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="points")
    rang = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["seance_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "dossier"],
                name="programmation_un_point_par_dossier",
                violation_error_message="Ce dossier est déjà à l’ordre du jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rang}. {self.dossier}"


class ApportDeSeance(models.Model):
    """Ce qu'un financeur dit mettre sur la table d'une séance, et quand son autorité votera.

    C'est lui qui le dit à tous : le reste de ses enveloppes ne se lit que chez lui.
    """

    seance = models.ForeignKey(Seance, on_delete=models.PROTECT, related_name="apports")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="apports")
    montant = MontantField("montant apporté", null=True, blank=True)
    vote_prevu_le = models.DateField("vote prévu le", null=True, blank=True)
    note_le = models.DateTimeField("noté le")
    note_par = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "apport à une séance"
        verbose_name_plural = "apports aux séances"
        ordering = ["seance_id", "financeur_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "financeur"], name="programmation_un_apport_par_financeur"
            ),
            models.CheckConstraint(
                condition=Q(montant__isnull=True) | Q(montant__gte=0),
                name="programmation_apport_positif",
                violation_error_message="Un apport ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.financeur}, {self.seance}"


class Arbitrage(models.Model):
    """Ce que la séance propose pour une demande ; en changer, c'est en écrire un autre.

    Un seul vaut à la fois pour une demande : le dernier qui n'est pas annulé.
    """

    point = models.ForeignKey(PointDeSeance, on_delete=models.PROTECT, related_name="arbitrages")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="arbitrages")
    rang = models.PositiveSmallIntegerField("rang")
    vaut = models.BooleanField("celui qui vaut", default=True)
    resultat = models.CharField("résultat", max_length=10, choices=Resultat.choices)
    montant = MontantField("montant arbitré", null=True, blank=True)
    condition = models.CharField("condition à lever", max_length=1000, blank=True)
    motif = models.CharField("motif", max_length=1000, blank=True)
    vers = models.CharField("orientée vers", max_length=300, blank=True)
    arbitre_le = models.DateTimeField("arbitré le")
    arbitre_par = models.CharField("noté par", max_length=200)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.CharField("annulé par", max_length=200, blank=True)

    class Meta:
        verbose_name = "arbitrage"
        ordering = ["point_id", "demande_id", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "demande", "rang"], name="programmation_un_arbitrage_par_rang"
            ),
            models.UniqueConstraint(
                fields=["point", "demande"],
                condition=Q(vaut=True),
                name="programmation_un_arbitrage_qui_vaut",
            ),
            models.CheckConstraint(
                condition=Q(resultat__in=Resultat.values), name="programmation_arbitrage_connu"
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ACCORDE, montant__gt=0)
                | (~Q(resultat=Resultat.ACCORDE) & Q(montant__isnull=True, condition="")),
                name="programmation_arbitrage_chiffre",
                violation_error_message="Ce qui est accordé a un montant, et le reste n’en a pas.",
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ACCORDE) | ~Q(motif=""),
                name="programmation_arbitrage_motive",
                violation_error_message="Un arbitrage qui n’accorde rien dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ORIENTE) ^ Q(vers=""),
                name="programmation_arbitrage_dit_vers",
                violation_error_message="Une demande orientée ailleurs dit où.",
            ),
            models.CheckConstraint(
                condition=Q(annule_le__isnull=True, annule_par="")
                | (Q(annule_le__isnull=False, vaut=False) & ~Q(annule_par="")),
                name="programmation_arbitrage_annule_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_resultat_display()}, {self.demande}"


class DeportDeSeance(models.Model):
    """Un membre se retire d'un point de l'ordre du jour : le relevé le dit."""

    point = models.ForeignKey(PointDeSeance, on_delete=models.CASCADE, related_name="deports")
    mandat = models.ForeignKey(Mandat, on_delete=models.PROTECT, related_name="deports")
    motif = models.CharField("motif", max_length=500)
    note_le = models.DateTimeField("noté le")
    note_par = models.CharField("noté par", max_length=200)

    class Meta:
        verbose_name = "déport en séance"
        verbose_name_plural = "déports en séance"
        ordering = ["point_id", "mandat_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "mandat"],
                name="programmation_un_deport_par_membre",
                violation_error_message="Ce membre s’est déjà retiré de ce dossier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandat}, {self.point}"
