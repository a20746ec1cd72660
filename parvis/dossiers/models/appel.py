"""Un appel à projets et ses versions."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from parvis.cadre.models import Contrat
from parvis.dossiers.enums import EffetDeBilan, EtatDeVersion

if TYPE_CHECKING:
    from parvis.dossiers.models.contenu_d_appel import FinanceurDAppel

# Deux à quatre exercices : un projet pluriannuel, première année ferme, les suivantes prévues.
EXERCICES_AU_PLUS = 4


class Appel(models.Model):
    """Un appel à projets d'un contrat ; ce qu'il dit est dans sa dernière version publiée."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="appels")
    adresse = models.SlugField("adresse", max_length=120)
    exercice = models.PositiveSmallIntegerField("exercice")
    duplique_de = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="repris de l’appel",
    )
    cree_le = models.DateTimeField("créé le")
    cree_par = models.CharField("créé par", max_length=200)

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        ordering = ["contrat", "-exercice", "adresse"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "adresse"],
                name="dossiers_un_appel_par_adresse",
                violation_error_message="Un autre appel de ce contrat a déjà cette adresse.",
            ),
            models.CheckConstraint(
                condition=Q(exercice__gte=2000, exercice__lte=2100),
                name="dossiers_exercice_plausible",
                violation_error_message="L’exercice est une année, entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(duplique_de__isnull=True) | ~Q(duplique_de=F("id")),
                name="dossiers_appel_pas_sa_copie",
                violation_error_message="Un appel n’est pas repris de lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adresse} ({self.contrat.code})"


class VersionDAppelQuerySet(models.QuerySet["VersionDAppel"]):
    def publiees(self) -> "VersionDAppelQuerySet":
        return self.filter(etat=EtatDeVersion.PUBLIEE)

    def brouillons(self) -> "VersionDAppelQuerySet":
        return self.filter(etat=EtatDeVersion.BROUILLON)

    def courantes(self) -> "VersionDAppelQuerySet":
        """Garde la dernière version publiée de chaque appel : celle que tout le monde lit."""
        suivantes = VersionDAppel.objects.publiees().filter(
            appel=OuterRef("appel"), numero__gt=OuterRef("numero")
        )
        return self.publiees().filter(~Exists(suivantes))

    def ouvertes(self, maintenant: datetime) -> "VersionDAppelQuerySet":
        """Garde les versions dont l'appel reçoit à cet instant ; la seconde de clôture compte encore."""
        return self.filter(
            ouvre_le__lte=maintenant, ferme_le__gte=maintenant.replace(microsecond=0)
        )


class VersionDAppel(models.Model):
    """Ce que dit un appel. Les déclencheurs refusent de toucher à une version publiée."""

    appel = models.ForeignKey(Appel, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    etat = models.CharField(
        "état", max_length=10, choices=EtatDeVersion.choices, default=EtatDeVersion.BROUILLON
    )
    titre = models.CharField("titre", max_length=200)
    presentation = models.TextField("présentation", blank=True)
    ouvre_le = models.DateTimeField("ouvre le")
    ferme_le = models.DateTimeField("ferme le")
    exercices_max = models.PositiveSmallIntegerField("nombre d’exercices au plus", default=1)
    # Ce que fait un bilan définitif en retard : celui de l'exercice d'avant, et ceux de plus loin. Les
    # valeurs de départ sont les nôtres, la loi n'en dit rien.
    bilan_d_avant = models.CharField(
        "bilan de l’exercice d’avant, en retard",
        max_length=15,
        choices=EffetDeBilan.choices,
        default=EffetDeBilan.BLOQUE_PAIEMENT,
    )
    bilan_de_plus_loin = models.CharField(
        "bilan plus ancien, en retard",
        max_length=15,
        choices=EffetDeBilan.choices,
        default=EffetDeBilan.BLOQUE_DEPOT,
    )
    # Qui appeler : le récépissé d'une demande le nomme (code des relations entre le public et
    # l'administration, article R. 112-5).
    service = models.CharField("service", max_length=200, blank=True)
    adresse_du_service = models.TextField("adresse du service", max_length=500, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    courriel = models.EmailField("courriel du service", blank=True)
    horaires = models.CharField("horaires", max_length=200, blank=True)
    ce_qui_change = models.TextField("ce qui change", max_length=2000, blank=True)
    modifiee_le = models.DateTimeField("modifiée le")
    modifiee_par = models.CharField("modifiée par", max_length=200)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.CharField("publiée par", max_length=200, blank=True)

    objects = VersionDAppelQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’un appel"
        verbose_name_plural = "versions d’appels"
        ordering = ["appel_id", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["appel", "numero"],
                name="dossiers_une_version_par_numero",
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["appel"],
                condition=Q(etat=EtatDeVersion.BROUILLON),
                name="dossiers_un_brouillon_par_appel",
                violation_error_message="Cet appel a déjà un brouillon.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeVersion.values), name="dossiers_etat_de_version_connu"
            ),
            models.CheckConstraint(
                condition=~Q(titre=""),
                name="dossiers_titre_d_appel_donne",
                violation_error_message="Donnez un titre à l’appel.",
            ),
            models.CheckConstraint(
                condition=Q(ferme_le__gt=F("ouvre_le")),
                name="dossiers_appel_ferme_apres",
                violation_error_message="L’appel ferme après avoir ouvert.",
            ),
            models.CheckConstraint(
                condition=Q(exercices_max__gte=1, exercices_max__lte=EXERCICES_AU_PLUS),
                name="dossiers_exercices_bornes",
                violation_error_message="Un projet porte sur un à quatre exercices.",
            ),
            models.CheckConstraint(
                condition=Q(
                    bilan_d_avant__in=EffetDeBilan.values,
                    bilan_de_plus_loin__in=EffetDeBilan.values,
                ),
                name="dossiers_effets_de_bilan_connus",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeVersion.BROUILLON, publiee_le__isnull=True, publiee_par="")
                | (Q(etat=EtatDeVersion.PUBLIEE, publiee_le__isnull=False) & ~Q(publiee_par="")),
                name="dossiers_version_datee_et_signee",
                violation_error_message="Une version publiée porte sa date et son auteur.",
            ),
        ]
        indexes = [models.Index(fields=["etat", "ferme_le"], name="dossiers_appels_par_cloture")]

    def __str__(self) -> str:
        return f"{self.titre} (version {self.numero})"

    @property
    def est_publiee(self) -> bool:
        return self.etat == EtatDeVersion.PUBLIEE

    @property
    def est_pluriannuel(self) -> bool:
        """Dit si un projet peut être déposé pour plusieurs exercices."""
        return self.exercices_max > 1

    @property
    def financeurs_d_ailleurs(self) -> "list[FinanceurDAppel]":
        """Rend les financeurs qui reçoivent les demandes sur leur propre portail."""
        return [f for f in self.financeurs.all() if not f.recoit_ici]
