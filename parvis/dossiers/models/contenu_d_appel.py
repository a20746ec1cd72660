"""Ce que contient une version d'appel : fiches, financeurs, pièces, questions et grille."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Fiche
from parvis.dossiers.enums import SorteDeQuestion
from parvis.dossiers.models.appel import VersionDAppel
from parvis.dossiers.rules.grille import POIDS
from parvis.dossiers.rules.pieces import dire_les_natures
from parvis.organismes.models import Organisme


class FicheDAppel(models.Model):
    """Une fiche du contrat à laquelle un projet peut répondre."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="fiches")
    fiche = models.ForeignKey(Fiche, on_delete=models.PROTECT, related_name="appels")

    class Meta:
        verbose_name = "fiche d’un appel"
        verbose_name_plural = "fiches des appels"
        ordering = ["version_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "fiche"],
                name="dossiers_fiche_une_fois",
                violation_error_message="Cette fiche est déjà dans l’appel.",
            )
        ]

    def __str__(self) -> str:
        return str(self.fiche)


class FinanceurDAppel(models.Model):
    """Un organisme auquel on peut demander de l'argent, et son service qui suit les demandes."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="financeurs")
    rang = models.PositiveSmallIntegerField("rang")
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="appels_finances"
    )
    # Le récépissé de chaque financeur nomme son service (code des relations entre le public et
    # l'administration, article R. 112-5).
    service = models.CharField("service", max_length=200, blank=True)
    adresse_du_service = models.TextField("adresse du service", max_length=500, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    courriel = models.EmailField("courriel du service", blank=True)
    horaires = models.CharField("horaires", max_length=200, blank=True)
    # Un financeur peut garder son propre portail : la demande s'y dépose, et se suit ici à la main.
    recoit_ici = models.BooleanField("reçoit les demandes ici", default=True)
    portail = models.URLField("portail du financeur", blank=True)

    class Meta:
        verbose_name = "financeur d’un appel"
        verbose_name_plural = "financeurs des appels"
        ordering = ["version_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisme"],
                name="dossiers_financeur_une_fois",
                violation_error_message="Ce financeur est déjà dans l’appel.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisme)


class LigneDAppel(models.Model):
    """Une ligne de crédit, ou un apport en nature, qu'un financeur propose dans un appel."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="lignes")
    financeur = models.ForeignKey(FinanceurDAppel, on_delete=models.CASCADE, related_name="lignes")
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("ligne de crédit", max_length=200)
    est_en_nature = models.BooleanField("apport en nature", default=False)

    class Meta:
        verbose_name = "ligne d’un appel"
        verbose_name_plural = "lignes des appels"
        ordering = ["financeur_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["financeur", "libelle"],
                name="dossiers_ligne_une_fois",
                violation_error_message="Ce financeur a déjà une ligne de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(libelle=""),
                name="dossiers_ligne_nommee",
                violation_error_message="Nommez la ligne de crédit.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class PieceDAppel(models.Model):
    """Une pièce demandée, pour quelques natures de porteur ou pour toutes (liste vide)."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="pieces")
    # La même pièce d'une version, et d'une année, à l'autre.
    cle = models.SlugField("clé", max_length=60)
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("nom de la pièce", max_length=200)
    explication = models.TextField("explication", max_length=1000, blank=True)
    natures = models.JSONField("natures de porteur", default=list, blank=True)
    est_obligatoire = models.BooleanField("obligatoire", default=True)
    est_nominative = models.BooleanField("nomme des personnes", default=False)
    duree_de_validite = models.PositiveSmallIntegerField(
        "durée de validité, en mois", null=True, blank=True
    )

    class Meta:
        verbose_name = "pièce d’un appel"
        verbose_name_plural = "pièces des appels"
        ordering = ["version_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "cle"],
                name="dossiers_piece_une_fois",
                violation_error_message="Cette pièce est déjà demandée.",
            ),
            models.CheckConstraint(
                condition=~Q(libelle=""),
                name="dossiers_piece_nommee",
                violation_error_message="Nommez la pièce.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def pour(self) -> str:
        """Rend qui donne la pièce, en peu de mots."""
        return dire_les_natures(self.natures)

    def concerne(self, nature: str) -> bool:
        """Dit si la pièce est demandée à un porteur de cette nature."""
        return not self.natures or nature in self.natures


class QuestionDAppel(models.Model):
    """Une question propre à un appel, que les fiches et le budget ne posent pas."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="questions")
    # La même question d'une version, et d'une année, à l'autre : la réponse la suit.
    cle = models.SlugField("clé", max_length=60)
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.CharField("question", max_length=500)
    aide = models.TextField("aide", max_length=1000, blank=True)
    sorte = models.CharField(
        "réponse attendue",
        max_length=12,
        choices=SorteDeQuestion.choices,
        default=SorteDeQuestion.TEXTE_LONG,
    )
    choix = models.JSONField("réponses proposées", default=list, blank=True)
    est_obligatoire = models.BooleanField("obligatoire", default=True)
    longueur_max = models.PositiveIntegerField("longueur au plus, en signes", null=True, blank=True)

    class Meta:
        verbose_name = "question d’un appel"
        verbose_name_plural = "questions des appels"
        ordering = ["version_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "cle"],
                name="dossiers_question_une_fois",
                violation_error_message="Cette question est déjà posée.",
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDeQuestion.values), name="dossiers_sorte_connue"
            ),
        ]

    def __str__(self) -> str:
        return self.texte


class CritereDAppel(models.Model):
    """Un critère de la grille d'un appel : ce sur quoi chaque financeur note un dossier."""

    version = models.ForeignKey(VersionDAppel, on_delete=models.CASCADE, related_name="grille")
    # Le même critère d'une version, et d'une année, à l'autre.
    cle = models.SlugField("clé", max_length=60)
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("critère", max_length=200)
    explication = models.TextField("explication", max_length=1000, blank=True)
    poids = models.PositiveSmallIntegerField("poids", default=1)
    # En mots, du moins bon au meilleur : le porteur les lit, et le service en choisit un.
    niveaux = models.JSONField("niveaux", default=list, blank=True)

    class Meta:
        verbose_name = "critère d’un appel"
        verbose_name_plural = "critères des appels"
        ordering = ["version_id", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "cle"],
                name="dossiers_critere_une_fois",
                violation_error_message="Ce critère est déjà dans la grille.",
            ),
            models.CheckConstraint(
                condition=~Q(libelle=""),
                name="dossiers_critere_nomme",
                violation_error_message="Nommez le critère.",
            ),
            models.CheckConstraint(
                condition=Q(poids__gte=POIDS[0], poids__lte=POIDS[1]),
                name="dossiers_poids_borne",
                violation_error_message="Un critère pèse de 1 à 5.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle
