"""Ce qui accompagne le dépôt : les pièces, les attestations, ce qui a été déposé, et les rappels."""

from django.db import models
from django.db.models import Q

from parvis.documents.models import Fichier
from parvis.dossiers.models.dossier import Dossier


class PieceDeDossier(models.Model):
    """Un fichier joint à un dossier, pour l'une des pièces que l'appel demande."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="pieces")
    # La clé de la pièce : elle vaut d'une version de l'appel à l'autre, et d'une année à l'autre.
    cle = models.SlugField("clé de la pièce", max_length=60)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="pieces")
    valable_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)
    ajoutee_le = models.DateTimeField("ajoutée le")
    ajoutee_par = models.CharField("ajoutée par", max_length=200)

    class Meta:
        verbose_name = "pièce d’un dossier"
        verbose_name_plural = "pièces des dossiers"
        ordering = ["cle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "cle", "fichier"],
                name="dossiers_fichier_une_fois",
                violation_error_message="Ce fichier est déjà joint pour cette pièce.",
            )
        ]

    def __str__(self) -> str:
        return self.fichier.nom


class Attestation(models.Model):
    """Ce que certifie, pour un dossier, qui représente l'organisme."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="attestations")
    code = models.CharField("attestation", max_length=30)
    version = models.CharField("version du texte", max_length=20)
    precision = models.CharField("précision", max_length=30, blank=True)
    # Signer, c'est certifier ce que l'on a lu : changé depuis, le dossier se signe de nouveau.
    empreinte = models.CharField("empreinte de ce qui est certifié", max_length=64)
    signee_le = models.DateTimeField("signée le")
    signataire = models.CharField("identifiant du signataire", max_length=40)
    signee_par = models.CharField("signée par", max_length=200)
    fonction = models.CharField("fonction du signataire", max_length=200)

    class Meta:
        verbose_name = "attestation"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "code"],
                name="dossiers_une_attestation_par_code",
                violation_error_message="Cette attestation est déjà signée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}, version {self.version}"


class VersionDeposee(models.Model):
    """Un dossier tel qu'il a été déposé : les déclencheurs refusent d'y toucher."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions_deposees")
    numero = models.PositiveSmallIntegerField("numéro")
    contenu = models.JSONField("contenu")
    # Ce qui a été déposé se lit toujours : ces fichiers ne s'effacent plus, même remplacés ensuite.
    fichiers = models.ManyToManyField(
        Fichier, related_name="versions_deposees", verbose_name="fichiers"
    )
    empreinte = models.CharField("empreinte", max_length=64)
    deposee_le = models.DateTimeField("déposée le")
    auteur = models.CharField("identifiant de qui dépose", max_length=40)
    deposee_par = models.CharField("déposée par", max_length=200)

    class Meta:
        verbose_name = "version déposée"
        verbose_name_plural = "versions déposées"
        ordering = ["dossier_id", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "numero"], name="dossiers_une_version_deposee_par_numero"
            ),
            models.CheckConstraint(
                condition=Q(numero__gte=1), name="dossiers_version_deposee_depuis_un"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier}, version {self.numero}"


class Rappel(models.Model):
    """Un rappel envoyé avant la clôture à qui écrit un brouillon ; un seul par échéance."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="rappels")
    # Une clôture repoussée se rappelle de nouveau.
    ferme_le = models.DateTimeField("clôture rappelée")
    jours = models.PositiveSmallIntegerField("jours avant la clôture")
    envoye_le = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "rappel"
        ordering = ["-jours"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "ferme_le", "jours"], name="dossiers_un_rappel_par_echeance"
            )
        ]

    def __str__(self) -> str:
        return f"J-{self.jours}"
