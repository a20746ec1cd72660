from django.db import models


class Etat(models.TextChoices):
    """Où en est un travail long."""

    EN_ATTENTE = "en_attente", "En attente"
    EN_COURS = "en_cours", "En cours"
    TERMINE = "termine", "Terminé"
    ECHOUE = "echoue", "Échoué"
    ANNULE = "annule", "Annulé"


ETATS_FINAUX = (Etat.TERMINE, Etat.ECHOUE, Etat.ANNULE)
