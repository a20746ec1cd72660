from django.db import models


class Regard(models.TextChoices):
    """À qui l'on raconte un acte."""

    PUBLIC = "public", "Tout le monde"
    MEMBRES = "membres", "Ceux de l’organisme"
    PILOTAGE = "pilotage", "Le pilote et l’administrateur"
