"""Où se passe le contrat : communes, intercommunalités, quartiers de chaque millésime."""

from django.db import models
from django.db.models import F, Q


class Commune(models.Model):
    """Une commune du code officiel géographique."""

    code = models.CharField("code Insee", max_length=5, unique=True)
    nom = models.CharField("nom", max_length=120)
    departement = models.CharField("département", max_length=3)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Epci(models.Model):
    """Une intercommunalité, de sa création à sa fin, et celle qui lui succède."""

    siren = models.CharField("numéro Siren", max_length=9, blank=True)
    nom = models.CharField("nom", max_length=200, unique=True)
    communes = models.ManyToManyField(Commune, related_name="epcis", verbose_name="communes")
    fin_le = models.DateField("prend fin le", null=True, blank=True)
    remplace_par = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="remplacé par"
    )

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Quartier(models.Model):
    """Un quartier prioritaire dans son millésime. Le code est un texte opaque."""

    code = models.CharField("code", max_length=12)
    millesime = models.PositiveSmallIntegerField("millésime")
    nom = models.CharField("nom", max_length=200)
    communes = models.ManyToManyField(Commune, related_name="quartiers", verbose_name="communes")
    valide_du = models.DateField("valide du")
    valide_au = models.DateField("valide jusqu’au", null=True, blank=True)
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "quartier"
        ordering = ["millesime", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "millesime"],
                name="territoires_un_code_par_millesime",
                violation_error_message="Ce quartier existe déjà dans ce millésime.",
            ),
            models.CheckConstraint(
                condition=Q(valide_au__isnull=True) | Q(valide_au__gte=F("valide_du")),
                name="territoires_validite_ordonnee",
                violation_error_message="La validité du quartier finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class NomDeQuartier(models.Model):
    """Une autre graphie d'un quartier, telle qu'un texte officiel l'imprime."""

    quartier = models.ForeignKey(Quartier, on_delete=models.CASCADE, related_name="autres_noms")
    nom = models.CharField("nom", max_length=200)

    class Meta:
        verbose_name = "autre nom de quartier"
        verbose_name_plural = "autres noms de quartiers"
        constraints = [
            models.UniqueConstraint(fields=["quartier", "nom"], name="territoires_nom_une_fois")
        ]

    def __str__(self) -> str:
        return self.nom


class Correspondance(models.Model):
    """Ce que devient un quartier d'un millésime dans le suivant (fusions, partages, sorties)."""

    ancien = models.ForeignKey(
        Quartier, on_delete=models.PROTECT, related_name="suites", verbose_name="ancien quartier"
    )
    nouveau = models.ForeignKey(
        Quartier,
        on_delete=models.PROTECT,
        related_name="origines",
        verbose_name="nouveau quartier",
        null=True,
        blank=True,
    )
    nature = models.CharField("nature", max_length=10)

    class Meta:
        verbose_name = "correspondance de quartiers"
        verbose_name_plural = "correspondances de quartiers"
        constraints = [
            models.UniqueConstraint(
                fields=["ancien", "nouveau"], name="territoires_une_correspondance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ancien} → {self.nouveau or 'sorti'}"
