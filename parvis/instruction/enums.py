"""Les listes de valeurs de l'instruction."""

from django.db import models


class SensDAvis(models.TextChoices):
    """Ce que dit un avis."""

    FAVORABLE = "favorable", "Favorable"
    SOUS_RESERVE = "sous_reserve", "Favorable sous réserve"
    RESERVE = "reserve", "Réservé"
    DEFAVORABLE = "defavorable", "Défavorable"
    SANS = "sans", "Ne se prononce pas"


class Qualite(models.TextChoices):
    """À quel titre on étudie un dossier."""

    FINANCEUR = "financeur", "Financeur"
    COMMUNE = "commune", "Commune"
    DELEGUE_DU_PREFET = "delegue_du_prefet", "Délégué du préfet"
    CONSEIL_CITOYEN = "conseil_citoyen", "Conseil citoyen"
    EXPERT = "expert", "Expert invité"
