"""Ce que le pilote d'un contrat choisit de publier en données ouvertes."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.conventions.enums import PorteeOuverte


class DonneesOuvertes(models.Model):
    """Le choix d'un contrat ; sans ligne, son fichier publie ce que la loi demande, et rien de plus."""

    contrat = models.OneToOneField(
        Contrat, on_delete=models.PROTECT, related_name="donnees_ouvertes"
    )
    portee = models.CharField("ce qui se publie", max_length=11, choices=PorteeOuverte.choices)
    choisie_le = models.DateTimeField("choisie le")
    choisie_par = models.CharField("choisie par", max_length=200)

    class Meta:
        verbose_name = "données ouvertes d’un contrat"
        verbose_name_plural = "données ouvertes des contrats"
        ordering = ["contrat_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(portee__in=PorteeOuverte.values), name="conventions_portee_connue"
            ),
        ]

    def __str__(self) -> str:
        return f"données ouvertes, {self.contrat}"
