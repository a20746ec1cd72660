"""Le projet : ce qu'un porteur mène, et qui garde son identité d'une année à l'autre."""

from django.db import models
from django.db.models import F, Q

from parvis.cadre.models import Contrat
from parvis.organismes.models import Organisme


class Projet(models.Model):
    """Un projet d'un porteur dans un contrat ; ses dossiers, un par exercice et par appel."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="projets")
    porteur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="projets")
    # Un collectif sans personnalité morale ne reçoit pas d'argent : un autre organisme le porte.
    structure_porteuse = models.ForeignKey(
        Organisme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projets_portes",
        verbose_name="structure porteuse",
    )
    titre = models.CharField("titre", max_length=200)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.CharField("créé par", max_length=200)
    # Qui attend sa confirmation n'ouvre que ce qu'il a créé.
    auteur = models.CharField("identifiant de qui l’a créé", max_length=40)

    class Meta:
        verbose_name = "projet"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(titre=""),
                name="dossiers_projet_titre",
                violation_error_message="Donnez un titre au projet.",
            ),
            models.CheckConstraint(
                condition=Q(structure_porteuse__isnull=True) | ~Q(structure_porteuse=F("porteur")),
                name="dossiers_projet_porte_par_un_autre",
                violation_error_message="La structure porteuse est un autre organisme.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre
