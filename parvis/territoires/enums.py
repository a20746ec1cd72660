from django.db import models


class Echelle(models.TextChoices):
    """À quelle échelle une fiche ou un projet se conduit."""

    AGGLOMERATION = "agglomeration", "Agglomération"
    PARTAGEE = "partagee", "Agglomération et communes"
    COMMUNES = "communes", "Communes"


class NatureDeCorrespondance(models.TextChoices):
    """Ce qu'un quartier est devenu d'un millésime à l'autre."""

    INCHANGE = "inchange", "Inchangé"
    MODIFIE = "modifie", "Modifié"
    SORTI = "sorti", "Sorti de la géographie prioritaire"
    NOUVEAU = "nouveau", "Nouveau"
