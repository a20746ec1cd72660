"""Le bilan d'un dossier pour un exercice : ce qu'on en écrit, ce qu'on y joint."""

from django.db import models
from django.db.models import F, Q

from parvis.documents.models import Fichier
from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import Dossier
from parvis.evaluation.enums import EtatDeBilan, Issue, SorteDePiece
from parvis.socle.montants import MontantField


class Bilan(models.Model):
    """Ce que le porteur rend de ce qui s'est vraiment passé : un pour tous les financeurs du dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="bilans")
    exercice = models.PositiveSmallIntegerField("exercice")
    sorte = models.CharField("sorte", max_length=13, choices=SorteDeBilan.choices)
    etat = models.CharField(
        "état", max_length=11, choices=EtatDeBilan.choices, default=EtatDeBilan.BROUILLON
    )
    # Ce que le dossier prévoyait, tel qu'il était à l'ouverture : un complément ne le déplace plus.
    prevu = models.JSONField("ce qui était prévu", default=dict)
    ouvert_le = models.DateTimeField("ouvert le")
    ouvert_par = models.CharField("ouvert par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a ouvert", max_length=40)
    modifie_le = models.DateTimeField("modifié le")
    # Ce que dit la dernière version rendue, pour les listes.
    issue = models.CharField(
        "ce qu’il en est advenu", max_length=13, choices=Issue.choices, blank=True
    )
    personnes = models.PositiveIntegerField("personnes touchées", null=True, blank=True)
    cout_reel = MontantField("coût réel", null=True, blank=True)
    rendu_le = models.DateTimeField("rendu le", null=True, blank=True)
    rendu_par = models.CharField("rendu par", max_length=200, blank=True)
    accepte_le = models.DateTimeField("accepté le", null=True, blank=True)
    accepte_par = models.CharField("accepté par", max_length=200, blank=True)

    class Meta:
        verbose_name = "bilan"
        ordering = ["-exercice", "sorte", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "exercice", "sorte"],
                name="evaluation_un_bilan_par_exercice",
                violation_error_message="Ce bilan est déjà ouvert.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeBilan.values), name="evaluation_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDeBilan.values), name="evaluation_sorte_connue"
            ),
            models.CheckConstraint(
                condition=Q(issue="") | Q(issue__in=Issue.values), name="evaluation_issue_connue"
            ),
            # Rendu une fois, il garde le jour de son dernier envoi, même rouvert.
            models.CheckConstraint(
                condition=Q(rendu_le__isnull=True, rendu_par="", etat=EtatDeBilan.BROUILLON)
                | (Q(rendu_le__isnull=False) & ~Q(rendu_par="") & ~Q(issue="")),
                name="evaluation_rendu_date_et_signe",
                violation_error_message="Un bilan rendu porte sa date, son auteur et ce qu’il dit.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(etat__in=[EtatDeBilan.ACCEPTE, EtatDeBilan.NON_REALISE])
                    & Q(accepte_le__isnull=False, accepte_le__gte=F("rendu_le"))
                    & ~Q(accepte_par="")
                )
                | (
                    ~Q(etat__in=[EtatDeBilan.ACCEPTE, EtatDeBilan.NON_REALISE])
                    & Q(accepte_le__isnull=True, accepte_par="")
                ),
                name="evaluation_accepte_date_et_signe",
                violation_error_message="Un bilan accepté porte sa date et qui l’accepte.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeBilan.NON_REALISE, issue=Issue.PAS_REALISE)
                | ~Q(etat=EtatDeBilan.NON_REALISE),
                name="evaluation_non_realise_le_dit",
            ),
            models.CheckConstraint(
                condition=Q(cout_reel__isnull=True) | Q(cout_reel__gte=0),
                name="evaluation_cout_reel_positif",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"Bilan {self.get_sorte_display().lower()} {self.exercice}, {self.dossier.projet.titre}"
        )

    @property
    def est_definitif(self) -> bool:
        return self.sorte == SorteDeBilan.DEFINITIF


class EcritureDeBilan(models.Model):
    """Ce que dit une section d'un bilan ; une ligne par personne et par séance, la dernière courante."""

    bilan = models.ForeignKey(Bilan, on_delete=models.CASCADE, related_name="ecritures")
    section = models.CharField("section", max_length=30)
    numero = models.PositiveIntegerField("numéro")
    est_courante = models.BooleanField("courante", default=True)
    valeur = models.JSONField("ce que dit la section", default=dict)
    auteur = models.CharField("identifiant de qui écrit", max_length=40, blank=True)
    ecrite_par = models.CharField("écrite par", max_length=200, blank=True)
    enregistree_le = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "écriture d’un bilan"
        verbose_name_plural = "écritures des bilans"
        ordering = ["section", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "section", "numero"], name="evaluation_une_ecriture_par_numero"
            ),
            models.UniqueConstraint(
                fields=["bilan", "section"],
                condition=Q(est_courante=True),
                name="evaluation_une_ecriture_courante",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}, écriture {self.numero}"

    @property
    def est_preremplie(self) -> bool:
        """Dit si personne n'y a encore touché : elle vient du dossier."""
        return not self.ecrite_par


class PieceDeBilan(models.Model):
    """Une photo ou un document joint à un bilan."""

    bilan = models.ForeignKey(Bilan, on_delete=models.CASCADE, related_name="pieces")
    sorte = models.CharField("sorte", max_length=8, choices=SorteDePiece.choices)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="pieces_de_bilan")
    legende = models.CharField("légende", max_length=200, blank=True)
    # Qui l'ajoute dit que les personnes reconnaissables, ou leurs parents, sont d'accord.
    a_les_accords = models.BooleanField("accords des personnes", default=False)
    ajoutee_le = models.DateTimeField("ajoutée le")
    ajoutee_par = models.CharField("ajoutée par", max_length=200)

    class Meta:
        verbose_name = "pièce d’un bilan"
        verbose_name_plural = "pièces des bilans"
        ordering = ["sorte", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "fichier"],
                name="evaluation_fichier_une_fois",
                violation_error_message="Ce fichier est déjà joint.",
            ),
            models.CheckConstraint(
                condition=~Q(sorte=SorteDePiece.PHOTO) | Q(a_les_accords=True),
                name="evaluation_photo_avec_accords",
                violation_error_message="Une photo se joint avec l’accord des personnes que l’on y voit.",
            ),
        ]

    def __str__(self) -> str:
        return self.legende or self.fichier.nom


class RappelDeBilan(models.Model):
    """Un rappel envoyé pour un bilan attendu ; un seul par échéance et par étape."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="rappels_de_bilan")
    exercice = models.PositiveSmallIntegerField("exercice")
    # Une échéance repoussée se rappelle de nouveau.
    attendu_le = models.DateField("échéance rappelée")
    etape = models.SmallIntegerField("jours avant l’échéance")
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "rappel d’un bilan"
        verbose_name_plural = "rappels des bilans"
        ordering = ["-etape", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "exercice", "attendu_le", "etape"],
                name="evaluation_un_rappel_par_etape",
            )
        ]

    def __str__(self) -> str:
        return f"J{-self.etape:+d}"
