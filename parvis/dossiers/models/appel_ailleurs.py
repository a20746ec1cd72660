"""Les appels d'autres organismes, tenus à la main, et les alertes demandées par des personnes."""

from django.db import models
from django.db.models import F, Q

from parvis.cadre.models import Contrat, Fiche, Partenaire
from parvis.comptes.models import Utilisateur


class AppelAilleurs(models.Model):
    """Un appel d'un autre organisme, que le pilote a lu et recopié ; on y répond ailleurs."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="appels_ailleurs")
    titre = models.CharField("titre", max_length=200)
    organisme = models.CharField("organisme", max_length=200)
    partenaire = models.ForeignKey(
        Partenaire,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="appels_ailleurs",
        verbose_name="partenaire du contrat",
    )
    # Sans clôture, l'appel reçoit toute l'année.
    ouvre_le = models.DateField("ouvre le", null=True, blank=True)
    ferme_le = models.DateField("ferme le", null=True, blank=True)
    lien = models.URLField("lien")
    explication = models.TextField("explication", max_length=2000, blank=True)
    fiches = models.ManyToManyField(
        Fiche, blank=True, related_name="appels_ailleurs", verbose_name="fiches"
    )
    revision = models.PositiveIntegerField("révision", default=1, editable=False)
    verifie_le = models.DateField("vérifié le")
    verifie_par = models.CharField("vérifié par", max_length=200)

    class Meta:
        verbose_name = "appel d’un autre organisme"
        verbose_name_plural = "appels d’autres organismes"
        ordering = [F("ferme_le").asc(nulls_last=True), "titre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(titre="") & ~Q(organisme=""),
                name="dossiers_ailleurs_nomme",
                violation_error_message="Donnez le titre de l’appel et l’organisme qui le lance.",
            ),
            models.CheckConstraint(
                condition=Q(ouvre_le__isnull=True)
                | Q(ferme_le__isnull=True)
                | Q(ferme_le__gte=F("ouvre_le")),
                name="dossiers_ailleurs_ordonne",
                violation_error_message="L’appel ferme avant d’ouvrir.",
            ),
            models.CheckConstraint(
                condition=Q(lien__startswith="https://"),
                name="dossiers_ailleurs_lien_sur",
                violation_error_message="Le lien commence par https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titre} ({self.organisme})"


class Alerte(models.Model):
    """Une personne veut être prévenue des appels sur une fiche, ou sur toutes celles d'un contrat."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="alertes")
    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="alertes")
    fiche = models.ForeignKey(
        Fiche, on_delete=models.CASCADE, null=True, blank=True, related_name="alertes"
    )
    cree_le = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "alerte"
        ordering = ["contrat_id", "fiche", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "contrat", "fiche"],
                condition=Q(fiche__isnull=False),
                name="dossiers_alerte_une_fois_par_fiche",
                violation_error_message="Vous avez déjà demandé cette alerte.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "contrat"],
                condition=Q(fiche__isnull=True),
                name="dossiers_alerte_une_fois_par_contrat",
                violation_error_message="Vous avez déjà demandé cette alerte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contrat} · {self.fiche or 'toutes les fiches'}"
