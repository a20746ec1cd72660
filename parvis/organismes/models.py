"""Les organismes pour lesquels les personnes agissent."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact
from django.utils import timezone

from parvis.organismes.enums import Nature, OrigineDeCourriel
from parvis.territoires.models import Commune, Epci


def _vide_ou_de_longueur(champ: str, longueur: int) -> Q:
    return Q(**{champ: ""}) | Q(Exact(Length(champ), Value(longueur)))


class OrganismeQuerySet(models.QuerySet):
    def retenus(self) -> "OrganismeQuerySet":
        """Écarte les doublons réunis à un autre organisme."""
        return self.filter(fusionne_dans__isnull=True)


class Organisme(models.Model):
    """Un organisme, avec ou sans personnalité morale. Un numéro absent est une chaîne vide."""

    nom = models.CharField("nom", max_length=300)
    cle_de_tri = models.CharField("clé de tri", max_length=300, blank=True, editable=False)
    sigle = models.CharField("sigle", max_length=60, blank=True)
    nature = models.CharField("nature", max_length=24, choices=Nature.choices)
    forme_juridique = models.CharField("forme juridique (code Insee)", max_length=4, blank=True)
    siren = models.CharField("numéro Siren", max_length=9, blank=True)
    siret = models.CharField("numéro Siret", max_length=14, blank=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    siege = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune du siège",
    )
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="organismes", verbose_name="communes où il agit"
    )
    epci = models.ForeignKey(
        Epci,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organismes",
        verbose_name="intercommunalité où il agit",
    )
    departement = models.CharField("département où il agit", max_length=3, blank=True)
    adresse = models.TextField("adresse postale", max_length=500, blank=True)
    courriel = models.EmailField("courriel de l’organisme", blank=True)
    courriel_origine = models.CharField(
        "origine du courriel", max_length=10, choices=OrigineDeCourriel.choices, blank=True
    )
    courriel_releve_le = models.DateField("courriel relevé le", null=True, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    site = models.URLField("site", blank=True)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    fin_le = models.DateField("prend fin le", null=True, blank=True)
    remplace_par = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecesseurs",
        verbose_name="remplacé par",
    )
    fusionne_dans = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doublons",
        verbose_name="doublon de",
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme"
        ordering = ["cle_de_tri", "nom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nature__in=Nature.values), name="organismes_nature_connue"
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="organismes_nom_donne",
                violation_error_message="Donnez le nom de l’organisme.",
            ),
            models.CheckConstraint(
                condition=_vide_ou_de_longueur("siren", 9),
                name="organismes_siren_de_9",
                violation_error_message="Un numéro Siren a 9 chiffres.",
            ),
            models.CheckConstraint(
                condition=_vide_ou_de_longueur("siret", 14),
                name="organismes_siret_de_14",
                violation_error_message="Un numéro Siret a 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=_vide_ou_de_longueur("rna", 10),
                name="organismes_rna_de_10",
                violation_error_message="Un numéro RNA a 10 signes.",
            ),
            models.CheckConstraint(
                condition=_vide_ou_de_longueur("forme_juridique", 4),
                name="organismes_forme_de_4",
                violation_error_message="Le code d’une forme juridique a 4 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siren=Substr("siret", 1, 9)),
                name="organismes_siret_suit_siren",
                violation_error_message="Le Siret commence par le Siren de l’organisme.",
            ),
            # Plusieurs établissements partagent un Siren : seul leur Siret les distingue. Un doublon
            # réuni ne retient plus ses numéros : l'organisme gardé peut les recevoir.
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret="") & Q(fusionne_dans__isnull=True),
                name="organismes_un_par_siret",
                violation_error_message="Un autre organisme a déjà ce numéro Siret.",
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=Q(siret="", fusionne_dans__isnull=True) & ~Q(siren=""),
                name="organismes_un_par_siren_sans_siret",
                violation_error_message="Un autre organisme a déjà ce numéro Siren.",
            ),
            models.UniqueConstraint(
                fields=["rna"],
                condition=~Q(rna="") & Q(fusionne_dans__isnull=True),
                name="organismes_un_par_rna",
                violation_error_message="Un autre organisme a déjà ce numéro RNA.",
            ),
            models.CheckConstraint(
                condition=Q(courriel="", courriel_origine="", courriel_releve_le__isnull=True)
                | (~Q(courriel="") & ~Q(courriel_origine="") & Q(courriel_releve_le__isnull=False)),
                name="organismes_courriel_date_et_source",
                violation_error_message="Un courriel porte son origine et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(remplace_par__isnull=True)
                | (Q(fin_le__isnull=False) & ~Q(remplace_par=F("id"))),
                name="organismes_remplace_apres_sa_fin",
                violation_error_message="Un organisme remplacé a une date de fin et un autre remplaçant.",
            ),
            models.CheckConstraint(
                condition=Q(fusionne_dans__isnull=True) | ~Q(fusionne_dans=F("id")),
                name="organismes_pas_son_doublon",
                violation_error_message="Un organisme n’est pas son propre doublon.",
            ),
        ]
        indexes = [
            models.Index(fields=["siren"], name="organismes_par_siren"),
            # L'empreinte de la recherche se lit dans cet index, sans toucher aux lignes.
            models.Index(fields=["version", "cree_le"], name="organismes_empreinte"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def retenu(self) -> "Organisme":
        """Rend l'organisme gardé si celui-ci est un doublon réuni, lui-même sinon."""
        return self.fusionne_dans or self

    def est_en_cours(self, jour) -> bool:
        """Dit si l'organisme existe encore ce jour-là."""
        return self.fin_le is None or jour <= self.fin_le


class AliasDOrganisme(models.Model):
    """Un autre nom d'un organisme : nom d'usage, ancien nom, graphie imprimée."""

    organisme = models.ForeignKey(Organisme, on_delete=models.CASCADE, related_name="alias")
    nom = models.CharField("nom", max_length=300)
    cle = models.CharField("nom sans accents ni ponctuation", max_length=300)

    class Meta:
        verbose_name = "autre nom d’organisme"
        verbose_name_plural = "autres noms d’organismes"
        ordering = ["cle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "cle"],
                name="organismes_alias_une_fois",
                violation_error_message="Cet organisme porte déjà cet autre nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class PaireEcartee(models.Model):
    """Deux organismes qui se ressemblent et n'en font pas un : on ne repose plus la question."""

    premier = models.ForeignKey(Organisme, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisme, on_delete=models.CASCADE, related_name="+")
    ecartee_le = models.DateTimeField("écartée le", default=timezone.now)
    ecartee_par = models.CharField("écartée par", max_length=200)

    class Meta:
        verbose_name = "paire écartée"
        verbose_name_plural = "paires écartées"
        constraints = [
            models.UniqueConstraint(fields=["premier", "second"], name="organismes_paire_une_fois"),
            models.CheckConstraint(
                condition=Q(premier__lt=F("second")), name="organismes_paire_ordonnee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premier} ≠ {self.second}"
