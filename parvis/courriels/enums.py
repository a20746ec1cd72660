from django.db import models


class Etat(models.TextChoices):
    """Où en est un courriel."""

    A_ENVOYER = "a_envoyer", "À envoyer"
    EN_COURS = "en_cours", "En cours d’envoi"
    ENVOYE = "envoye", "Envoyé"
    RESUME = "resume", "Repris dans un résumé"
    ABANDONNE = "abandonne", "Abandonné"


class Frequence(models.TextChoices):
    """Quand une adresse reçoit les courriels d'un sujet."""

    IMMEDIAT = "immediat", "Tout de suite"
    QUOTIDIEN = "quotidien", "Une fois par jour, dans un résumé"
    JAMAIS = "jamais", "Jamais"


class Sujet(models.TextChoices):
    """De quoi parle un courriel ; la liste est fermée, `rules.SUJETS` dit ce qui vaut pour chacun."""

    SECURITE = "securite", "Sécurité de votre compte"
    INVITATION = "invitation", "Invitations"
    REPONSE = "reponse", "Réponses à vos demandes"
    RATTACHEMENT = "rattachement", "Arrivées, départs et demandes dans votre organisme"
    ORGANISME = "organisme", "Changements de la fiche de votre organisme"
    APPEL = "appel", "Appels à projets"
    DEPOT = "depot", "Récépissés et suites de vos dossiers"
    RAPPEL = "rappel", "Clôture proche d’un brouillon"
    BILAN = "bilan", "Bilans à rendre"
    DOSSIER = "dossier", "Remarques sur les dossiers que vous écrivez"
    MESSAGE = "message", "Messages sur les dossiers déposés"
    PLATEFORME = "plateforme", "Tenue de la plateforme"
    RESUME = "resume", "Résumé du jour"
