"""Les listes de valeurs des actes."""

from django.db import models


class SorteDActe(models.TextChoices):
    """Ce par quoi un financeur fait savoir ce qu'il a décidé, et s'engage."""

    NOTIFICATION = "notification", "Lettre de notification"
    ARRETE = "arrete", "Arrêté attributif"
    CONVENTION = "convention", "Convention"
    PLURIANNUELLE = "pluriannuelle", "Convention pluriannuelle"
    AVENANT = "avenant", "Avenant"
    REFUS = "refus", "Lettre de refus"


class EtatDActe(models.TextChoices):
    """Où en est un acte, de sa préparation à sa notification."""

    PREPARE = "prepare", "En préparation"
    A_SIGNER = "a_signer", "À signer"
    SIGNE = "signe", "Signé"
    NOTIFIE = "notifie", "Notifié"
    ANNULE = "annule", "Annulé"


class ModeDeNotification(models.TextChoices):
    """Comment un acte signé a été porté à la connaissance de qui le reçoit."""

    PLATEFORME = "plateforme", "Par la plateforme"
    COURRIEL = "courriel", "Par courriel"
    COURRIER = "courrier", "Par courrier simple"
    RECOMMANDE = "recommande", "Par lettre recommandée avec accusé de réception"
    MAIN_PROPRE = "main_propre", "Remis en main propre"


class SorteDEcheance(models.TextChoices):
    """Ce qu'un versement est dans l'ensemble."""

    UNIQUE = "unique", "Versement unique"
    ACOMPTE = "acompte", "Acompte"
    SOLDE = "solde", "Solde"


class SourceDeVersement(models.TextChoices):
    """Par où un versement a été noté."""

    SAISIE = "saisie", "Noté à l’écran"
    FICHIER = "fichier", "Repris d’un fichier de paiement"


class PorteeOuverte(models.TextChoices):
    """Quelles subventions le fichier des données ouvertes d'un contrat publie."""

    CONVENTIONS = "conventions", "Celles que la loi demande de publier"
    TOUTES = "toutes", "Toutes les subventions accordées"


class EtatDeRetrait(models.TextChoices):
    """Où en est un retrait, de la demande d'observations à la décision."""

    A_ENTENDRE = "a_entendre", "Observations demandées"
    DECIDE = "decide", "Décidé"
    ABANDONNE = "abandonne", "Abandonné"
