"""Ce qu'un financeur verse sur un acte, ce qui le permet, et comment il lit ses fichiers de paiement."""

from django.db import models
from django.db.models import Q

from parvis.conventions.enums import SourceDeVersement
from parvis.conventions.models.actes import Acte, Echeance, LigneDActe
from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.programmation.models import LigneDeDecision
from parvis.socle.montants import MontantField


class Versement(models.Model):
    """Une somme versée sur un acte ; elle ne se corrige pas, elle s'annule avec un motif."""

    acte = models.ForeignKey(Acte, on_delete=models.PROTECT, related_name="versements")
    # Sans échéance, l'acte n'en prévoyait aucune.
    echeance = models.ForeignKey(
        Echeance, on_delete=models.PROTECT, null=True, blank=True, related_name="versements"
    )
    # Le financeur et l'année où l'on paie : c'est là qu'un numéro d'ordre ne sert qu'une fois.
    financeur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="versements_faits"
    )
    exercice = models.PositiveSmallIntegerField("exercice du paiement")
    montant = MontantField("montant")
    verse_le = models.DateField("versé le")
    numero_d_ordre = models.CharField("numéro d’ordre ou de mandat", max_length=40, blank=True)
    bordereau = models.CharField("bordereau", max_length=40, blank=True)
    # Le compte tel qu'il était ce jour-là, masqué : un compte change, un versement non.
    compte = models.CharField("compte crédité, masqué", max_length=20)
    source = models.CharField("source", max_length=7, choices=SourceDeVersement.choices)
    note_le = models.DateTimeField("noté le")
    note_par = models.CharField("noté par", max_length=200)
    # La part qui finit le partage. Zéro, qui n'est aucune part, tant qu'il n'est pas fini : la base refuse
    # alors de valider. Elle l'écrit elle-même ; vide, le versement est d'avant elle.
    derniere_part = models.ForeignKey(
        "PartDeVersement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        default=0,
        related_name="+",
        verbose_name="part qui finit le partage",
    )
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.CharField("annulé par", max_length=200, blank=True)
    motif_d_annulation = models.CharField("pourquoi il est annulé", max_length=500, blank=True)

    class Meta:
        verbose_name = "versement"
        ordering = ["verse_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="conventions_versement_positif",
                violation_error_message="Un versement est d’un montant positif.",
            ),
            models.CheckConstraint(
                condition=Q(source__in=SourceDeVersement.values),
                name="conventions_source_de_versement_connue",
            ),
            models.UniqueConstraint(
                fields=["financeur", "exercice", "numero_d_ordre"],
                condition=Q(annule_le__isnull=True) & ~Q(numero_d_ordre=""),
                name="conventions_un_versement_par_numero_d_ordre",
                violation_error_message="Ce numéro d’ordre a déjà été payé.",
            ),
            models.CheckConstraint(
                condition=Q(annule_le__isnull=True, annule_par="", motif_d_annulation="")
                | Q(annule_le__isnull=False) & ~Q(annule_par="") & ~Q(motif_d_annulation=""),
                name="conventions_versement_annule_motive",
                violation_error_message="Un versement s’annule avec un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Versement du {self.verse_le:%d/%m/%Y}, {self.acte}"

    @property
    def est_annule(self) -> bool:
        return self.annule_le is not None


class PartDeVersement(models.Model):
    """Ce qu'un versement donne à une demande de l'acte ; la somme des parts est le versement."""

    versement = models.ForeignKey(Versement, on_delete=models.PROTECT, related_name="parts")
    ligne = models.ForeignKey(LigneDActe, on_delete=models.PROTECT, related_name="versements")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="versements")
    montant = MontantField("montant")

    class Meta:
        verbose_name = "part d’un versement"
        verbose_name_plural = "parts des versements"
        ordering = ["versement_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["versement", "ligne"], name="conventions_une_part_par_ligne"
            ),
            models.CheckConstraint(
                condition=Q(montant__gt=0), name="conventions_part_de_versement_positive"
            ),
            # Zéro n'est aucune part : c'est ce que dit un versement pas encore partagé.
            models.CheckConstraint(
                condition=Q(pk__gt=0), name="conventions_part_de_versement_numerotee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande}, {self.versement}"


class ConditionLevee(models.Model):
    """La condition d'une réponse, levée : par qui, quand, et sur quoi ; par erreur, cela s'annule."""

    reponse = models.ForeignKey(
        LigneDeDecision, on_delete=models.PROTECT, related_name="conditions_levees"
    )
    levee_le = models.DateField("levée le")
    levee_par = models.CharField("levée par", max_length=200)
    justification = models.CharField("ce qui le montre", max_length=1000)
    notee_le = models.DateTimeField("notée le")
    fichier = models.ForeignKey(
        Fichier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conditions_levees",
    )
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.CharField("annulée par", max_length=200, blank=True)
    motif_d_annulation = models.CharField("pourquoi elle est annulée", max_length=500, blank=True)

    class Meta:
        verbose_name = "condition levée"
        verbose_name_plural = "conditions levées"
        ordering = ["levee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(justification=""),
                name="conventions_condition_levee_justifiee",
                violation_error_message="Dites ce qui montre que la condition est remplie.",
            ),
            models.UniqueConstraint(
                fields=["reponse"],
                condition=Q(annulee_le__isnull=True),
                name="conventions_une_levee_par_condition",
                violation_error_message="Cette condition est déjà levée.",
            ),
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True, annulee_par="", motif_d_annulation="")
                | Q(annulee_le__isnull=False) & ~Q(annulee_par="") & ~Q(motif_d_annulation=""),
                name="conventions_levee_annulee_motivee",
                violation_error_message="Une levée s’annule avec un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"condition levée, {self.reponse}"

    @property
    def est_annulee(self) -> bool:
        return self.annulee_le is not None


class ColonnesDePaiement(models.Model):
    """Où un financeur écrit chaque chose dans ses fichiers de paiement ; choisi une fois, gardé."""

    financeur = models.OneToOneField(
        Organisme, on_delete=models.PROTECT, related_name="colonnes_de_paiement"
    )
    numero_d_ordre = models.CharField("numéro d’ordre", max_length=200)
    acte = models.CharField("acte, dossier ou Siret", max_length=200)
    montant = models.CharField("montant", max_length=200)
    verse_le = models.CharField("date du paiement", max_length=200)
    # Vide, les fichiers ne disent pas l'échéance.
    echeance = models.CharField("échéance", max_length=200, blank=True)
    choisies_le = models.DateTimeField("choisies le")
    choisies_par = models.CharField("choisies par", max_length=200)

    class Meta:
        verbose_name = "colonnes de paiement"
        verbose_name_plural = "colonnes de paiement"
        ordering = ["financeur_id"]

    def __str__(self) -> str:
        return f"colonnes de paiement de {self.financeur}"
