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


class Reponse(models.TextChoices):
    """Ce que l'on répond à « cette adresse est-elle dans un quartier prioritaire ? »."""

    OUI = "oui", "Oui"
    NON = "non", "Non"
    A_VERIFIER = "a_verifier", "À vérifier"
    INCONNU = "inconnu", "Inconnu"


class PrecisionDeLieu(models.TextChoices):
    """Ce que désigne une position : une porte, un point donné, ou moins que cela."""

    POINT = "point", "Point donné"
    NUMERO = "housenumber", "Numéro"
    INTERPOLE = "interpolated", "Numéro estimé entre deux autres"
    VOIE = "street", "Voie, sans numéro"
    LIEU_DIT = "locality", "Lieu-dit"
    COMMUNE = "municipality", "Commune"


class NatureDeChargement(models.TextChoices):
    """Ce qu'un fichier chargé contenait."""

    TERRITOIRE = "territoire", "Territoire d’un contrat"
    COMMUNES = "communes", "Communes"
    EPCI = "epci", "Intercommunalités"
    QUARTIERS = "quartiers", "Quartiers"
    CORRESPONDANCES = "correspondances", "Correspondances"
    ADRESSES = "adresses", "Adresses"
