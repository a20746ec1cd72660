"""Un acte : ce qu'un financeur écrit, signe et notifie à un organisme pour ce qu'il a décidé."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.conventions.enums import (
    EtatDActe,
    ModeDeNotification,
    SorteDActe,
    SorteDEcheance,
)
from parvis.conventions.models.modeles import VersionDeModele
from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.programmation.models import Decision, LigneDeDecision
from parvis.socle.montants import MontantField

_COMPOSE = Q(compose_le__isnull=False, fichier__isnull=False)
_PAS_COMPOSE = Q(compose_le__isnull=True, fichier__isnull=True)
_SIGNE = Q(signe_le__isnull=False) & ~Q(signe_par="")
_PAS_SIGNE = Q(signe_le__isnull=True, signe_par="", scan__isnull=True)
_NOTIFIE = Q(notifie_le__isnull=False) & ~Q(mode="")
_PAS_NOTIFIE = Q(notifie_le__isnull=True, mode="", preuve__isnull=True)
_PAS_ANNULE = Q(annule_le__isnull=True, annule_par="", motif_d_annulation="")


class Acte(models.Model):
    """Un acte d'un financeur pour un organisme et un exercice ; son rang est celui du registre."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="actes")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="actes_pris")
    titulaire = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="actes_recus")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveIntegerField("rang dans le registre")
    sorte = models.CharField("sorte d’acte", max_length=13, choices=SorteDActe.choices)
    etat = models.CharField(
        "état", max_length=8, choices=EtatDActe.choices, default=EtatDActe.PREPARE
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="actes")
    # Sans version, le texte vient du modèle que la plateforme fournit.
    version = models.ForeignKey(
        VersionDeModele, on_delete=models.PROTECT, null=True, blank=True, related_name="actes"
    )
    modifie = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="avenants"
    )
    # Pourquoi cet acte et pas un autre, tel que le calcul l'a dit ce jour-là.
    raison = models.TextField("pourquoi cet acte", max_length=2000)
    objet = models.CharField("objet", max_length=300)
    texte = models.TextField("texte", max_length=60_000)
    # L'en-tête et les noms au bas de l'acte, figés comme le texte.
    pied = models.JSONField("en-tête et signatures", default=dict)
    # Ce que son texte disait à sa préparation, et que nulle correction ne tait.
    faits = models.JSONField("ce qu’il ne tait pas", default=dict)
    montant = MontantField("montant en argent")
    montant_nature = MontantField("montant évalué, en nature")
    prepare_le = models.DateTimeField("préparé le")
    prepare_par = models.CharField("préparé par", max_length=200)
    compose_le = models.DateTimeField("composé le", null=True, blank=True)
    fichier = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="actes"
    )
    signe_le = models.DateField("signé le", null=True, blank=True)
    signe_par = models.CharField("signé par", max_length=200, blank=True)
    scan = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="actes_signes"
    )
    notifie_le = models.DateField("notifié le", null=True, blank=True)
    mode = models.CharField(
        "notifié comment", max_length=11, choices=ModeDeNotification.choices, blank=True
    )
    preuve = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="actes_notifies"
    )
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.CharField("annulé par", max_length=200, blank=True)
    motif_d_annulation = models.CharField("pourquoi il est annulé", max_length=500, blank=True)

    class Meta:
        verbose_name = "acte"
        ordering = ["-exercice", "-rang"]
        constraints = [
            models.UniqueConstraint(
                # Le registre est celui de l'autorité : ses contrats se partagent ses numéros.
                fields=["financeur", "exercice", "rang"],
                name="conventions_un_acte_par_rang",
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDActe.values), name="conventions_sorte_d_acte_connue"
            ),
            models.CheckConstraint(
                condition=Q(sorte=SorteDActe.REFUS, montant=0, montant_nature=0)
                | (~Q(sorte=SorteDActe.REFUS) & Q(montant__gte=0, montant_nature__gte=0)),
                name="conventions_refus_sans_montant",
                violation_error_message="Une lettre de refus ne porte aucun montant.",
            ),
            models.CheckConstraint(
                condition=Q(sorte=SorteDActe.AVENANT, modifie__isnull=False)
                | (~Q(sorte=SorteDActe.AVENANT) & Q(modifie__isnull=True)),
                name="conventions_avenant_modifie_un_acte",
                violation_error_message="Un avenant modifie un acte, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDActe.PREPARE)
                & _PAS_COMPOSE & _PAS_SIGNE & _PAS_NOTIFIE & _PAS_ANNULE
                | Q(etat=EtatDActe.A_SIGNER) & _COMPOSE & _PAS_SIGNE & _PAS_NOTIFIE & _PAS_ANNULE
                | Q(etat=EtatDActe.SIGNE) & _COMPOSE & _SIGNE & _PAS_NOTIFIE & _PAS_ANNULE
                | Q(etat=EtatDActe.NOTIFIE) & _COMPOSE & _SIGNE & _NOTIFIE & _PAS_ANNULE
                | Q(etat=EtatDActe.ANNULE, annule_le__isnull=False)
                & ~Q(annule_par="") & ~Q(motif_d_annulation="") & _PAS_NOTIFIE,
                name="conventions_acte_date",
                violation_error_message="Un acte porte les dates de son état, et pas les suivantes.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} n° {self.numero}"

    @property
    def numero(self) -> str:
        """Rend le numéro du registre : « 2026-014 »."""
        return f"{self.exercice}-{self.rang:03d}"


class LigneDActe(models.Model):
    """Ce qu'un acte dit d'une demande : ce qu'il engage pour elle, ou rien s'il refuse."""

    acte = models.ForeignKey(Acte, on_delete=models.PROTECT, related_name="lignes")
    reponse = models.ForeignKey(LigneDeDecision, on_delete=models.PROTECT, related_name="actes")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="actes")
    montant = MontantField("montant engagé par cet acte")
    est_en_nature = models.BooleanField("en nature", default=False)
    # Un acte annulé ne vaut plus : la réponse attend de nouveau le sien.
    vaut = models.BooleanField("vaut", default=True)

    class Meta:
        verbose_name = "ligne d’un acte"
        verbose_name_plural = "lignes des actes"
        ordering = ["acte_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reponse"],
                condition=Q(vaut=True),
                name="conventions_un_acte_par_reponse",
                violation_error_message="Cette réponse a déjà son acte.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0), name="conventions_ligne_d_acte_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande}, {self.acte}"


class Echeance(models.Model):
    """Un versement qu'un acte prévoit : combien, quand, et ce qu'il attend."""

    acte = models.ForeignKey(Acte, on_delete=models.PROTECT, related_name="echeances")
    rang = models.PositiveSmallIntegerField("rang")
    sorte = models.CharField("sorte", max_length=7, choices=SorteDEcheance.choices)
    montant = MontantField("montant")
    # Sans date, le versement suit la notification, ou la condition.
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    condition = models.CharField("après", max_length=300, blank=True)

    class Meta:
        verbose_name = "échéance"
        ordering = ["acte_id", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["acte", "rang"], name="conventions_une_echeance_par_rang"
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDEcheance.values), name="conventions_echeance_connue"
            ),
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="conventions_echeance_positive",
                violation_error_message="Une échéance est d’un montant positif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()}, {self.acte}"

    @property
    def nom(self) -> str:
        """Rend l'échéance et son rang : « 2. Solde »."""
        return f"{self.rang}. {self.get_sorte_display()}"
