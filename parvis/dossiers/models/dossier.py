"""Le dossier : un projet, un appel, un exercice ; ses sections, ses fiches, ses lieux."""

from django.db import models
from django.db.models import F, Q

from parvis.cadre.models import Fiche
from parvis.dossiers.enums import EchelleDeProjet, EtatDeDossier
from parvis.dossiers.models.appel import EXERCICES_AU_PLUS, Appel, VersionDAppel
from parvis.dossiers.models.projet import Projet
from parvis.territoires.models import Commune, Quartier


class DossierQuerySet(models.QuerySet["Dossier"]):
    def brouillons(self) -> "DossierQuerySet":
        """Garde ce que le porteur écrit encore, et que lui seul voit."""
        return self.filter(etat=EtatDeDossier.BROUILLON)

    def deposes(self) -> "DossierQuerySet":
        """Garde ce qui a été déposé, quoi qu'il en soit advenu."""
        return self.exclude(etat=EtatDeDossier.BROUILLON)


class Dossier(models.Model):
    """Une demande de soutien d'un projet, écrite une fois pour tous ses financeurs."""

    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="dossiers")
    appel = models.ForeignKey(Appel, on_delete=models.PROTECT, related_name="dossiers")
    # Un dossier garde la version avec laquelle il a été ouvert, jusqu'à ce qu'on en change.
    version_d_appel = models.ForeignKey(
        VersionDAppel, on_delete=models.PROTECT, related_name="dossiers"
    )
    exercice = models.PositiveSmallIntegerField("exercice")
    exercices = models.PositiveSmallIntegerField("nombre d’exercices", default=1)
    etat = models.CharField(
        "état", max_length=12, choices=EtatDeDossier.choices, default=EtatDeDossier.BROUILLON
    )
    # Un brouillon n'a pas de numéro : rien ne le fait passer pour un dossier déposé. Les appels d'un
    # contrat et d'un exercice se suivent dans la même série : un financeur ne lit pas deux fois le même.
    numero = models.PositiveIntegerField("numéro dans l’exercice", null=True, blank=True)
    copie_de = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="repris de",
    )
    echelle = models.CharField(
        "échelle", max_length=14, choices=EchelleDeProjet.choices, blank=True
    )
    cree_le = models.DateTimeField("ouvert le")
    cree_par = models.CharField("ouvert par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a ouvert", max_length=40)
    modifie_le = models.DateTimeField("modifié le")
    depose_le = models.DateTimeField("déposé le", null=True, blank=True)
    depose_par = models.CharField("déposé par", max_length=200, blank=True)
    # La recevabilité, le renvoi ou le retrait : ce qui a mis fin à l'attente.
    tranche_le = models.DateTimeField("tranché le", null=True, blank=True)
    tranche_par = models.CharField("tranché par", max_length=200, blank=True)
    motif = models.TextField("motif", blank=True)
    reoriente_vers = models.ForeignKey(
        Appel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers_recus_d_ailleurs",
        verbose_name="appel conseillé",
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["appel", "etat", "depose_le"], name="dossiers_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "appel"],
                condition=Q(etat=EtatDeDossier.BROUILLON),
                name="dossiers_un_brouillon_par_projet",
                violation_error_message="Ce projet a déjà un brouillon pour cet appel.",
            ),
            models.UniqueConstraint(
                fields=["appel", "numero"],
                name="dossiers_un_par_numero",
                violation_error_message="Un dossier de cet appel porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeDossier.values), name="dossiers_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(
                    etat=EtatDeDossier.BROUILLON,
                    depose_le__isnull=True,
                    numero__isnull=True,
                    depose_par="",
                )
                | (
                    ~Q(etat=EtatDeDossier.BROUILLON)
                    & Q(depose_le__isnull=False, numero__isnull=False)
                    & ~Q(depose_par="")
                ),
                name="dossiers_depose_date_et_signe",
                violation_error_message="Un dossier déposé porte sa date, son auteur et son numéro.",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat__in=[
                        EtatDeDossier.BROUILLON,
                        EtatDeDossier.DEPOSE,
                        EtatDeDossier.A_COMPLETER,
                    ],
                    tranche_le__isnull=True,
                    tranche_par="",
                )
                | (
                    Q(
                        etat__in=[
                            EtatDeDossier.RECEVABLE,
                            EtatDeDossier.IRRECEVABLE,
                            EtatDeDossier.REORIENTE,
                            EtatDeDossier.RETIRE,
                        ],
                        tranche_le__isnull=False,
                    )
                    & ~Q(tranche_par="")
                ),
                name="dossiers_tranche_date_et_signe",
                violation_error_message="Un dossier tranché porte la date et l’auteur de la décision.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDeDossier.IRRECEVABLE) | ~Q(motif=""),
                name="dossiers_irrecevable_motive",
                violation_error_message="Un dossier irrecevable l’est pour un motif écrit.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeDossier.REORIENTE) ^ Q(reoriente_vers__isnull=True),
                name="dossiers_reoriente_vers_un_appel",
                violation_error_message="Un dossier envoyé ailleurs dit vers quel appel.",
            ),
            models.CheckConstraint(
                condition=Q(exercices__gte=1, exercices__lte=EXERCICES_AU_PLUS),
                name="dossiers_nombre_d_exercices",
                violation_error_message=f"Un dossier couvre de un à {EXERCICES_AU_PLUS} exercices.",
            ),
            models.CheckConstraint(
                condition=Q(depose_le__isnull=True) | Q(depose_le__gte=F("cree_le")),
                name="dossiers_depose_apres_ouverture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.projet.titre} ({self.exercice})"

    @property
    def est_un_brouillon(self) -> bool:
        return self.etat == EtatDeDossier.BROUILLON

    @property
    def annees(self) -> range:
        """Rend les exercices que couvre le dossier, le premier ferme, les suivants prévus."""
        return range(self.exercice, self.exercice + self.exercices)

    @property
    def reference(self) -> str:
        """Rend le numéro que l'on dit au téléphone : « 2026-0042 », vide pour un brouillon."""
        return f"{self.exercice}-{self.numero:04d}" if self.numero else ""


class EcritureDeSection(models.Model):
    """Ce que dit une section d'un dossier ; une ligne par personne et par séance, la dernière courante."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="ecritures")
    section = models.CharField("section", max_length=30)
    numero = models.PositiveIntegerField("numéro")
    est_courante = models.BooleanField("courante", default=True)
    valeur = models.JSONField("ce que dit la section", default=dict)
    auteur = models.CharField("identifiant de qui écrit", max_length=40, blank=True)
    ecrite_par = models.CharField("écrite par", max_length=200)
    commencee_le = models.DateTimeField("commencée le")
    enregistree_le = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "écriture d’une section"
        verbose_name_plural = "écritures de sections"
        ordering = ["section", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "section", "numero"], name="dossiers_une_ecriture_par_numero"
            ),
            models.UniqueConstraint(
                fields=["dossier", "section"],
                condition=Q(est_courante=True),
                name="dossiers_une_ecriture_courante",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}, écriture {self.numero}"


class FicheDeDossier(models.Model):
    """Une fiche du contrat que sert le dossier, et les types de projet qui y répondent."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="fiches")
    fiche = models.ForeignKey(Fiche, on_delete=models.PROTECT, related_name="dossiers")
    est_principale = models.BooleanField("fiche principale", default=False)
    # Les intitulés tels qu'ils sont imprimés : une édition suivante peut les redire autrement.
    types = models.JSONField("types de projet", default=list)

    class Meta:
        verbose_name = "fiche d’un dossier"
        verbose_name_plural = "fiches des dossiers"
        ordering = ["-est_principale", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "fiche"],
                name="dossiers_une_fois_par_fiche",
                violation_error_message="Cette fiche est déjà choisie.",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(est_principale=True),
                name="dossiers_une_fiche_principale",
                violation_error_message="Une seule fiche est la principale.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.fiche)


class LieuDeDossier(models.Model):
    """Une commune ou un quartier où le projet se passe."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="lieux")
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quartier = models.ForeignKey(
        Quartier, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "lieu d’un dossier"
        verbose_name_plural = "lieux des dossiers"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(commune__isnull=False) ^ Q(quartier__isnull=False),
                name="dossiers_lieu_commune_ou_quartier",
                violation_error_message="Un lieu est une commune ou un quartier.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "commune"],
                condition=Q(commune__isnull=False),
                name="dossiers_une_fois_par_commune",
            ),
            models.UniqueConstraint(
                fields=["dossier", "quartier"],
                condition=Q(quartier__isnull=False),
                name="dossiers_une_fois_par_quartier",
            ),
        ]

    def __str__(self) -> str:
        return str(self.quartier or self.commune)
