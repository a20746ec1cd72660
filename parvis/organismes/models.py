"""Les organismes pour lesquels les personnes agissent."""

from django.db import models
from django.db.models import Q

from parvis.organismes.enums import Nature


class Organisme(models.Model):
    """Un organisme, avec ou sans personnalité morale."""

    nom = models.CharField("nom", max_length=300)
    nature = models.CharField("nature", max_length=24, choices=Nature.choices)

    class Meta:
        verbose_name = "organisme"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nature__in=Nature.values), name="organismes_nature_connue"
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="organismes_nom_donne",
                violation_error_message="Donnez le nom de l’organisme.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
