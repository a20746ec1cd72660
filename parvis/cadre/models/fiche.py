"""Piliers, enjeux, fiches et ce que disent les fiches."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from parvis.cadre.enums import (
    RUBRIQUES_DU_DESCRIPTIF,
    Forme,
    NatureDeRenvoi,
    PilierNational,
    RoleDePartenaire,
    TypeDeLieu,
)
from parvis.cadre.models.contrat import Contrat, Edition
from parvis.territoires.enums import Echelle
from parvis.territoires.models import Commune, Quartier

if TYPE_CHECKING:
    from parvis.cadre.models.partenaire import PartenaireDeFiche


class Pilier(models.Model):
    """Un pilier du contrat dans une édition, rapporté à un pilier national."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="piliers")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=300)
    imprime = models.CharField("titre imprimé", max_length=300)
    slug = models.SlugField("adresse", max_length=120)
    introduction = models.TextField("introduction", blank=True)
    national = models.CharField(
        "pilier national", max_length=20, choices=PilierNational.choices, blank=True
    )

    class Meta:
        verbose_name = "pilier"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "rang"], name="cadre_un_pilier_par_rang"),
            models.UniqueConstraint(fields=["edition", "slug"], name="cadre_un_pilier_par_adresse"),
        ]

    def __str__(self) -> str:
        return self.titre


class Enjeu(models.Model):
    """Un enjeu stratégique ; il peut n'avoir aucune fiche à lui (l'enjeu 16 du contrat livré)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="enjeux")
    pilier = models.ForeignKey(Pilier, on_delete=models.PROTECT, related_name="enjeux")
    numero = models.CharField("numéro", max_length=20)
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=500)
    introduction = models.TextField("introduction", blank=True)

    class Meta:
        verbose_name = "enjeu"
        verbose_name_plural = "enjeux"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "numero"], name="cadre_un_enjeu_par_numero")
        ]

    def __str__(self) -> str:
        return f"Enjeu {self.numero} : {self.titre}"


class Fiche(models.Model):
    """L'identité d'une fiche à travers les éditions : son numéro dans le contrat."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="fiches")
    numero = models.CharField("numéro", max_length=20)

    class Meta:
        verbose_name = "fiche"
        ordering = ["contrat", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["contrat", "numero"], name="cadre_une_fiche_par_numero")
        ]

    def __str__(self) -> str:
        return f"Fiche {self.numero}"


class VersionDeFiche(models.Model):
    """Ce que dit une fiche dans une édition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    fiche = models.ForeignKey(Fiche, on_delete=models.PROTECT, related_name="versions")
    enjeu = models.ForeignKey(Enjeu, on_delete=models.PROTECT, related_name="versions")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=500)
    descriptif = models.TextField("descriptif")
    echelle = models.CharField(
        "échelle de pilotage", max_length=14, choices=Echelle.choices, blank=True
    )

    class Meta:
        verbose_name = "version de fiche"
        verbose_name_plural = "versions de fiches"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "fiche"], name="cadre_une_version_par_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fiche} : {self.titre}"

    @property
    def numero(self) -> str:
        return self.fiche.numero

    @property
    def accroche(self) -> str:
        """Rend le premier paragraphe du descriptif, celui qu'un voisin comprend."""
        return self.descriptif.partition("\n\n")[0]

    @property
    def blocs(self) -> list[tuple[str, list[str]]]:
        """Rend les paragraphes après le premier : (texte, points de la liste qui le suit)."""
        blocs = []
        for paragraphe in self.paragraphes:
            lignes = paragraphe.split("\n")
            points = [ligne[2:] for ligne in lignes if ligne.startswith("- ")]
            texte = " ".join(ligne for ligne in lignes if not ligne.startswith("- "))
            blocs.append((texte, points))
        return blocs

    @property
    def financeurs(self) -> "list[PartenaireDeFiche]":
        """Rend les financeurs, dans l'ordre de la fiche."""
        return [p for p in self.partenaires.all() if p.role == RoleDePartenaire.FINANCEUR]

    @property
    def operateurs(self) -> "list[PartenaireDeFiche]":
        """Rend les opérateurs, dans l'ordre de la fiche."""
        return [p for p in self.partenaires.all() if p.role == RoleDePartenaire.OPERATEUR]

    @property
    def rubriques_propres(self) -> "list[RubriqueDeFiche]":
        """Rend les rubriques que la page ne montre pas déjà : leur texte n'est pas au descriptif."""
        return [r for r in self.rubriques.all() if r.code not in RUBRIQUES_DU_DESCRIPTIF]

    @property
    def paragraphes(self) -> list[str]:
        """Rend les paragraphes du descriptif après le premier."""
        return [p for p in self.descriptif.strip().split("\n\n")[1:] if p]


class TypeDeProjet(models.Model):
    """Une sorte de projet que la fiche attend."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(VersionDeFiche, on_delete=models.PROTECT, related_name="types")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.TextField("texte")
    forme = models.CharField("forme", max_length=6, choices=Forme.choices)
    confiance = models.FloatField("confiance de la lecture", default=1)

    class Meta:
        verbose_name = "type de projet"
        verbose_name_plural = "types de projets"
        ordering = ["rang"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confiance__gte=0) & Q(confiance__lte=1), name="cadre_type_confiance"
            )
        ]

    def __str__(self) -> str:
        return self.texte


class RubriqueDeFiche(models.Model):
    """Une rubrique propre à ce contrat (pilote, calendrier, indicateurs…), gardée telle qu'imprimée."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(VersionDeFiche, on_delete=models.PROTECT, related_name="rubriques")
    rang = models.PositiveSmallIntegerField("rang")
    code = models.SlugField("code du vocabulaire", max_length=30)
    libelle = models.CharField("libellé imprimé", max_length=200)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "rubrique d’une fiche"
        verbose_name_plural = "rubriques des fiches"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "rang"], name="cadre_une_rubrique_par_rang_de_fiche"
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def paragraphes(self) -> list[str]:
        """Rend les paragraphes et les points de la rubrique, un par ligne."""
        lignes = [ligne.removeprefix("- ") for ligne in self.texte.split("\n")]
        return [ligne for ligne in lignes if ligne.strip()]


class Public(models.Model):
    """Un public de la liste fermée, commune à tous les contrats."""

    code = models.SlugField("code", max_length=30, unique=True)
    libelle = models.CharField("libellé", max_length=120)
    rang = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "public"
        ordering = ["rang", "code"]

    def __str__(self) -> str:
        return self.libelle


class PublicDeFiche(models.Model):
    """Une fiche vise un public ; les mots du contrat le prouvent."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(VersionDeFiche, on_delete=models.PROTECT, related_name="publics")
    public = models.ForeignKey(Public, on_delete=models.PROTECT, related_name="fiches")
    preuve = models.CharField("preuve", max_length=300)

    class Meta:
        verbose_name = "public d’une fiche"
        verbose_name_plural = "publics des fiches"
        ordering = ["public__rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "public"], name="cadre_un_public_une_fois_par_fiche"
            )
        ]

    def __str__(self) -> str:
        return f"{self.public} ({self.preuve})"


class LieuDeFiche(models.Model):
    """Un lieu nommé par une fiche, rapporté quand on le peut à une commune ou un quartier."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(VersionDeFiche, on_delete=models.PROTECT, related_name="lieux")
    rang = models.PositiveSmallIntegerField("rang")
    imprime = models.CharField("nom imprimé", max_length=300)
    territoire = models.CharField("territoire", max_length=200, blank=True)
    type = models.CharField("type", max_length=14, choices=TypeDeLieu.choices)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True)
    quartier = models.ForeignKey(Quartier, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "lieu d’une fiche"
        verbose_name_plural = "lieux des fiches"
        ordering = ["rang"]

    def __str__(self) -> str:
        return self.imprime


class Constat(models.Model):
    """Un constat qui justifie la fiche, avec son chiffre s'il en a un."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(VersionDeFiche, on_delete=models.PROTECT, related_name="constats")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.TextField("texte")
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    unite = models.CharField("unité", max_length=80, blank=True)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    territoire = models.CharField("territoire", max_length=200, blank=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        verbose_name = "constat"
        ordering = ["rang"]

    def __str__(self) -> str:
        return self.texte


class Renvoi(models.Model):
    """Une fiche ou un enjeu renvoie ailleurs ; l'anomalie dit quand la cible ne convient pas."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="renvois")
    enjeu = models.ForeignKey(
        Enjeu, on_delete=models.PROTECT, related_name="renvois", null=True, blank=True
    )
    version = models.ForeignKey(
        VersionDeFiche, on_delete=models.PROTECT, related_name="renvois", null=True, blank=True
    )
    rang = models.PositiveSmallIntegerField("rang")
    imprime = models.TextField("imprimé")
    cible = models.CharField("cible", max_length=300)
    cible_enjeu = models.ForeignKey(
        Enjeu, on_delete=models.PROTECT, related_name="cite_par", null=True, blank=True
    )
    cible_version = models.ForeignKey(
        VersionDeFiche, on_delete=models.PROTECT, related_name="cite_par", null=True, blank=True
    )
    nature = models.CharField("nature", max_length=16, choices=NatureDeRenvoi.choices)
    anomalie = models.TextField("anomalie", blank=True)

    class Meta:
        verbose_name = "renvoi"
        ordering = ["rang"]
        constraints = [
            models.CheckConstraint(
                condition=Q(enjeu__isnull=False, version__isnull=True)
                | Q(enjeu__isnull=True, version__isnull=False),
                name="cadre_renvoi_une_source",
                violation_error_message="Un renvoi part d’un enjeu ou d’une fiche.",
            )
        ]

    def __str__(self) -> str:
        return self.imprime


class SujetHorsContrat(models.Model):
    """Un sujet que le contrat traite ailleurs : on dit où, au lieu de ne rien trouver."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="sujets_hors_contrat"
    )
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=200)
    explication = models.TextField("où ce sujet est traité")
    mots = models.JSONField("mots qui y mènent", default=list)

    class Meta:
        verbose_name = "sujet hors contrat"
        verbose_name_plural = "sujets hors contrat"
        ordering = ["rang"]

    def __str__(self) -> str:
        return self.titre
