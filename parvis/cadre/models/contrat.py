"""Le contrat de ville et ses éditions."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import formats, timezone

from parvis.cadre.enums import StatutEdition
from parvis.territoires.models import Epci


class Contrat(models.Model):
    """Un contrat de ville : un territoire, une période, des éditions successives du cadre.

    Son titre et sa période sont ceux de sa dernière édition publiée.
    """

    code = models.SlugField("code", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=300)
    territoire = models.CharField("territoire", max_length=200)
    debut = models.PositiveSmallIntegerField("première année")
    fin = models.PositiveSmallIntegerField("dernière année")
    prolonge_au = models.DateField("prolongé jusqu’au", null=True, blank=True)
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, null=True, blank=True, verbose_name="intercommunalité"
    )
    # Le code que l'État donne au contrat dans les fichiers qu'il publie : « CV357 ».
    code_national = models.CharField("code national", max_length=10, blank=True)

    class Meta:
        verbose_name = "contrat"
        ordering = ["titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gte=F("debut")),
                name="cadre_periode_ordonnee",
                violation_error_message="Le contrat finit avant de commencer.",
            ),
            models.UniqueConstraint(
                fields=["code_national"],
                condition=~Q(code_national=""),
                name="cadre_un_contrat_par_code_national",
                violation_error_message="Un autre contrat porte déjà ce code national.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    # Les pages publiques d'un contrat n'existent qu'une fois une édition publiée ; `contrat_pilote` le dit.
    est_lisible = True

    @property
    def periode(self) -> str:
        return f"{self.debut}-{self.fin}"

    @property
    def termine_le(self) -> date:
        """Rend le dernier jour du contrat, prolongation comprise."""
        return self.prolonge_au or date(self.fin, 12, 31)

    @property
    def est_termine(self) -> bool:
        """Dit si le contrat a pris fin : ses fiches se lisent, elles ne s'appliquent plus."""
        return self.termine_le < timezone.localdate()


class EditionQuerySet(models.QuerySet):
    def publiees(self) -> "EditionQuerySet":
        return self.filter(statut=StatutEdition.PUBLIEE)

    def courante(self, contrat: str) -> "Edition | None":
        """Rend la dernière édition publiée du contrat, ou rien."""
        return (
            self.publiees()
            .filter(contrat__code=contrat)
            .select_related("contrat")
            .order_by("-publiee_le", "-pk")
            .first()
        )


class Edition(models.Model):
    """Un état daté du cadre. Les déclencheurs refusent de toucher à une édition publiée."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="editions")
    code = models.SlugField("code", max_length=40)
    statut = models.CharField(
        "statut", max_length=10, choices=StatutEdition.choices, default=StatutEdition.BROUILLON
    )
    titre = models.CharField("titre", max_length=300)
    territoire = models.CharField("territoire", max_length=200)
    debut = models.PositiveSmallIntegerField("première année")
    fin = models.PositiveSmallIntegerField("dernière année")
    prolonge_au = models.DateField("prolongé jusqu’au", null=True, blank=True)
    preambule = models.TextField("préambule", blank=True)
    # Les mots du contrat pour ses trois niveaux : « axe », « objectif », « action » ailleurs.
    mot_pilier = models.CharField("mot pour le pilier", max_length=40, default="pilier")
    mot_enjeu = models.CharField("mot pour l’enjeu", max_length=40, default="enjeu")
    mot_fiche = models.CharField("mot pour la fiche", max_length=40, default="fiche")
    # Ce que l'édition sait des partenaires et dispositifs ; la publication le leur donne.
    catalogue = models.JSONField("catalogue", default=dict)
    source = models.CharField("fichier d’origine", max_length=200)
    # Un avenant se prépare sur la copie d'une édition ; les autres viennent d'un document.
    copiee_de = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="copiée de",
    )
    # Retouché à la main, un brouillon n'est plus jamais remplacé par un document.
    retouchee_le = models.DateTimeField("retouchée le", null=True, blank=True)
    empreinte = models.CharField("empreinte du contenu", max_length=64)
    notes = models.JSONField("notes du document", default=list)
    anomalies = models.JSONField("anomalies de lecture", default=list)
    importee_le = models.DateTimeField("importée le")
    importee_par = models.CharField("importée par", max_length=200)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.CharField("publiée par", max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ["contrat", "-code"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "code"],
                name="cadre_une_edition_par_code",
                violation_error_message="Une édition porte déjà ce code.",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutEdition.BROUILLON, publiee_le__isnull=True, publiee_par="")
                | (Q(statut=StatutEdition.PUBLIEE, publiee_le__isnull=False) & ~Q(publiee_par="")),
                name="cadre_publiee_datee_et_signee",
                violation_error_message="Une édition publiée porte sa date et son auteur.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contrat} · édition {self.code}"

    @property
    def libelle(self) -> str:
        """Rend le nom de l'édition en clair : « édition de juin 2015 », ou son code."""
        annee, _, reste = self.code.partition("-")
        mois, _, rang = reste.partition("-")
        if not (annee.isdigit() and mois.isdigit() and 1 <= int(mois) <= 12):
            return f"édition {self.code}"
        jour = formats.date_format(date(int(annee), int(mois), 1), "F Y")
        liaison = "d’" if jour[0] in "ao" else "de "
        return f"édition {liaison}{jour}" + (f" (reprise {rang})" if rang else "")

    @property
    def est_publiee(self) -> bool:
        return self.statut == StatutEdition.PUBLIEE
