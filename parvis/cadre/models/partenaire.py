"""Qui peut financer, qui peut agir, sur quels dispositifs s'appuyer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from parvis.cadre.enums import (
    DegreDeDispositif,
    DegreDePartenaire,
    NatureDeDispositif,
    NatureDePartenaire,
    Origine,
    RoleDePartenaire,
)
from parvis.cadre.models.contrat import Contrat, Edition
from parvis.cadre.models.fiche import VersionDeFiche


class Savoir(models.Model):
    """Ce que le contrat sait d'un nom qu'il cite : vivant, relu par des personnes, hors des éditions."""

    # Ce qu'une personne peut en changer, dans l'ordre où on le dit.
    CHAMPS: ClassVar[tuple[str, ...]]

    version = models.PositiveIntegerField("version", default=1, editable=False)
    revu_le = models.DateTimeField("revu le", null=True, blank=True, editable=False)
    revu_par = models.CharField("revu par", max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True


class Partenaire(Savoir):
    """Un partenaire nommé par le contrat : un organisme précis ou une catégorie."""

    CHAMPS = ("sigle", "nature", "parent", "graphies", "a_savoir", "fin_le", "suite")

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="partenaires")
    nom = models.CharField("nom", max_length=200)
    slug = models.SlugField("adresse", max_length=120)
    cle_de_tri = models.CharField("clé de tri", max_length=200)
    sigle = models.CharField("sigle", max_length=40, blank=True)
    nature = models.CharField(
        "nature",
        max_length=10,
        choices=NatureDePartenaire.choices,
        default=NatureDePartenaire.CATEGORIE,
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enfants",
        verbose_name="fait partie de",
    )
    graphies = models.JSONField("graphies imprimées", default=list, blank=True)
    a_savoir = models.TextField("à savoir", blank=True)
    fin_le = models.DateField("a pris fin le", null=True, blank=True)
    suite = models.CharField("ce qui lui succède", max_length=200, blank=True)

    class Meta:
        verbose_name = "partenaire"
        ordering = ["cle_de_tri"]
        constraints = [
            models.UniqueConstraint(fields=["contrat", "nom"], name="cadre_un_partenaire_par_nom"),
            models.UniqueConstraint(fields=["contrat", "slug"], name="cadre_partenaire_adresse"),
        ]

    def __str__(self) -> str:
        return self.nom


class PartenaireDeFiche(models.Model):
    """Un partenaire financeur ou opérateur d'une fiche ; la graphie imprimée est gardée."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        VersionDeFiche, on_delete=models.PROTECT, related_name="partenaires"
    )
    partenaire = models.ForeignKey(Partenaire, on_delete=models.PROTECT, related_name="fiches")
    role = models.CharField("rôle", max_length=10, choices=RoleDePartenaire.choices)
    rang = models.PositiveSmallIntegerField("rang")
    imprime = models.CharField("graphie imprimée", max_length=500)
    condition = models.CharField("condition", max_length=500, blank=True)
    sous = models.ForeignKey(
        Partenaire,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nommé sous",
    )
    degre = models.CharField(
        "degré",
        max_length=10,
        choices=DegreDePartenaire.choices,
        default=DegreDePartenaire.POSSIBLE,
    )

    class Meta:
        verbose_name = "partenaire d’une fiche"
        verbose_name_plural = "partenaires des fiches"
        ordering = ["role", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "role", "partenaire"],
                name="cadre_un_partenaire_une_fois_par_role",
            )
        ]
        indexes = [
            models.Index(
                fields=["edition", "role", "partenaire"], name="cadre_fiches_du_partenaire"
            )
        ]

    def __str__(self) -> str:
        return f"{self.imprime} ({self.get_role_display()})"


class Dispositif(Savoir):
    """Un dispositif qui peut appuyer des projets : une ligne par dispositif, beaucoup de liens."""

    CHAMPS = ("explication", "responsables", "nature", "lien", "fin_le", "suite")

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="dispositifs")
    nom = models.CharField("nom", max_length=300)
    slug = models.SlugField("adresse", max_length=120)
    cle_de_tri = models.CharField("clé de tri", max_length=300)
    responsables = models.ManyToManyField(
        Partenaire, related_name="dispositifs", verbose_name="responsables"
    )
    nature = models.CharField(
        "nature", max_length=12, choices=NatureDeDispositif.choices, blank=True
    )
    explication = models.TextField("explication", blank=True)
    fin_le = models.DateField("a pris fin le", null=True, blank=True)
    suite = models.CharField("ce qui lui succède", max_length=300, blank=True)
    lien = models.URLField("lien", blank=True)
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    verifie_par = models.CharField("vérifié par", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "dispositif"
        ordering = ["cle_de_tri"]
        constraints = [
            models.UniqueConstraint(fields=["contrat", "nom"], name="cadre_un_dispositif_par_nom"),
            models.UniqueConstraint(fields=["contrat", "slug"], name="cadre_dispositif_adresse"),
        ]

    def __str__(self) -> str:
        return self.nom


class DispositifDeFiche(models.Model):
    """Un dispositif cité par une fiche, avec ce qu'elle en dit et son degré."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        VersionDeFiche, on_delete=models.PROTECT, related_name="dispositifs"
    )
    dispositif = models.ForeignKey(Dispositif, on_delete=models.PROTECT, related_name="fiches")
    porteur = models.ForeignKey(
        Partenaire,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsable nommé par la fiche",
    )
    rang = models.PositiveSmallIntegerField("rang")
    imprime = models.TextField("texte imprimé", blank=True)
    detail = models.TextField("ce que la fiche en dit", blank=True)
    degre = models.CharField("degré", max_length=16, choices=DegreDeDispositif.choices, blank=True)
    origine = models.CharField("origine", max_length=6, choices=Origine.choices)
    confiance = models.FloatField("confiance de la lecture", default=1)

    class Meta:
        verbose_name = "dispositif d’une fiche"
        verbose_name_plural = "dispositifs des fiches"
        ordering = ["rang"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confiance__gte=0) & Q(confiance__lte=1),
                name="cadre_dispositif_confiance",
            )
        ]
        indexes = [
            models.Index(fields=["edition", "dispositif"], name="cadre_fiches_du_dispositif")
        ]

    def __str__(self) -> str:
        return str(self.dispositif)
