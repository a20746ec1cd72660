from django.db import models


class Nature(models.TextChoices):
    """Ce qu'est un organisme : commande les pièces, les formulaires et les actes."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    ETAT = "etat", "Service de l’État"
    PROTECTION_SOCIALE = "protection_sociale", "Organisme de protection sociale"
    ETABLISSEMENT_PUBLIC = "etablissement_public", "Établissement public"
    ETABLISSEMENT_SCOLAIRE = "etablissement_scolaire", "Établissement scolaire"
    GIP = "gip", "Groupement d’intérêt public"
    BAILLEUR = "bailleur", "Bailleur social"
    ASSOCIATION = "association", "Association"
    FONDATION = "fondation", "Fondation"
    ENTREPRISE = "entreprise", "Entreprise"
    CONSEIL_CITOYEN = "conseil_citoyen", "Conseil citoyen"
    COLLECTIF = "collectif", "Collectif sans personnalité morale"


class OrigineDeCourriel(models.TextChoices):
    """D'où vient l'adresse de courriel d'un organisme : une preuve plus ou moins forte."""

    DECLARE = "declare", "Donnée par l’organisme"
    SAISI = "saisi", "Saisie par le pilote"
    IMPORTE = "importe", "Reprise d’un fichier"
