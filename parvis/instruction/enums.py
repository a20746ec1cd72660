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


class SorteDEchange(models.TextChoices):
    """Qui lit un échange : les services seuls, ou le porteur aussi."""

    ENTRE_SERVICES = "entre_services", "Entre services"
    AVEC_LE_PORTEUR = "avec_le_porteur", "Avec le porteur"
