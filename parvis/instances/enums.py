"""Les listes de valeurs des instances."""

from django.db import models


class SorteDInstance(models.TextChoices):
    """Ce à quoi sert une instance du contrat."""

    PILOTAGE = "pilotage", "Comité de pilotage"
    TECHNIQUE = "technique", "Comité technique"
    FINANCEURS = "financeurs", "Comité des financeurs"
    CITOYEN = "citoyen", "Conseil citoyen"
    GROUPE = "groupe", "Groupe de travail"


class Voix(models.TextChoices):
    """Ce que pèse un membre quand l'instance se prononce."""

    DELIBERATIVE = "deliberative", "Voix délibérative"
    CONSULTATIVE = "consultative", "Voix consultative"


class EtatDeReunion(models.TextChoices):
    """Où en est une réunion."""

    PREVUE = "prevue", "Prévue"
    CONVOQUEE = "convoquee", "Convoquée"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"


class EtatDePresence(models.TextChoices):
    """Comment un membre a été présent."""

    PRESENT = "present", "Présent"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"
    REPRESENTE = "represente", "Représenté"
