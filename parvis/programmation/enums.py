"""Les listes de valeurs de la programmation."""

from django.db import models


class SorteDeMouvement(models.TextChoices):
    """Ce qui change ce qu'une enveloppe peut donner."""

    DOTATION = "dotation", "Dotation"
    DELEGATION = "delegation", "Délégation"
    REPORT = "report", "Report"
