"""Les listes de valeurs de la programmation."""

from django.db import models


class SorteDeMouvement(models.TextChoices):
    """Ce qui change ce qu'une enveloppe peut donner."""

    DOTATION = "dotation", "Dotation"
    DELEGATION = "delegation", "Délégation"
    REPORT = "report", "Report"


class SorteDeDecision(models.TextChoices):
    """L'acte par lequel un financeur décide, selon son autorité compétente."""

    DELIBERATION = "deliberation", "Délibération"
    ARRETE = "arrete", "Arrêté"
    CONSEIL = "conseil", "Décision du conseil d’administration"
    COMMISSION = "commission", "Décision d’une commission"
    AUTRE = "autre", "Autre décision"


class Resultat(models.TextChoices):
    """Ce qu'une décision dit d'une demande."""

    ACCORDE = "accorde", "Accordée"
    REFUSE = "refuse", "Refusée"
    AJOURNE = "ajourne", "Ajournée"
    ORIENTE = "oriente", "Orientée vers un autre dispositif"


class EtatDeSeance(models.TextChoices):
    """Où en est une séance ; jusqu'à sa publication, ce qu'elle arbitre est provisoire."""

    PREPAREE = "preparee", "En préparation"
    OUVERTE = "ouverte", "Ouverte"
    LEVEE = "levee", "Levée"
    PUBLIEE = "publiee", "Publiée"


class Sens(models.TextChoices):
    """De quel côté un point se déplace dans l'ordre du jour."""

    AVANT = "avant", "Avant"
    APRES = "apres", "Après"


class Rangement(models.TextChoices):
    """Dans quel ordre la séance examine ses dossiers."""

    NUMERO = "numero", "Par numéro de dossier"
    FICHE = "fiche", "Par fiche du contrat"
    PORTEUR = "porteur", "Par porteur"


class Partage(models.TextChoices):
    """Comment un scénario partage l'argent entre les demandes."""

    TAUX = "taux", "Le même pourcentage de ce que chacune demande"
    PRORATA = "prorata", "Une somme, au prorata de ce que chacune demande"
    EGAL = "egal", "Une somme, à parts égales"
    ORDRE = "ordre", "Une somme, dans l’ordre de priorité, jusqu’au bout"


class Priorite(models.TextChoices):
    """Qui passe d'abord, quand l'argent ne suffit pas."""

    AVIS = "avis", "Les avis favorables"
    NOTE = "note", "Les mieux notés par le service"
    RECONDUITS = "reconduits", "Les projets déjà financés l’exercice d’avant"
    NOUVEAUX = "nouveaux", "Les projets qui ne l’étaient pas"
    PETITES = "petites", "Les plus petites demandes"
    NUMERO = "numero", "L’ordre d’arrivée"


class DispositifDePoste(models.TextChoices):
    """L'aide de l'État (programme 147) dont un employeur reçoit un poste."""

    ADULTE_RELAIS = "adulte_relais", "Adulte-relais"
    FONJEP = "fonjep", "Poste FONJEP"
