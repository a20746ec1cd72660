"""Les listes de valeurs des bilans."""

from django.db import models


class EtatDeBilan(models.TextChoices):
    """Où en est un bilan ouvert ; celui que personne n'a ouvert est à faire."""

    BROUILLON = "brouillon", "En cours d’écriture"
    RENDU = "rendu", "Rendu"
    A_COMPLETER = "a_completer", "À compléter"
    ACCEPTE = "accepte", "Accepté"
    NON_REALISE = "non_realise", "Constaté sans réalisation"


class Issue(models.TextChoices):
    """Ce qu'il est advenu du projet ; les trois premières sont d'un projet qui continue."""

    EN_COURS = "en_cours", "Il est en cours"
    PAS_COMMENCE = "pas_commence", "Il n’a pas encore commencé"
    REALISE = "realise", "Il a eu lieu comme prévu"
    EN_PARTIE = "en_partie", "Il a eu lieu en partie, ou autrement"
    PAS_REALISE = "pas_realise", "Il n’a pas eu lieu"
    PLUS_DE_TEMPS = "plus_de_temps", "Il nous faut plus de temps"


class SorteDePiece(models.TextChoices):
    """Ce que montre un fichier joint à un bilan."""

    PHOTO = "photo", "Une photo"
    DOCUMENT = "document", "Un document"


class Attente(models.TextChoices):
    """Où en est un bilan attendu, ouvert ou non : déduit, jamais écrit."""

    A_VENIR = "a_venir", "À rendre"
    EN_RETARD = "en_retard", "En retard"
    RENDU = "rendu", "Rendu, à lire"
    A_COMPLETER = "a_completer", "À compléter"
    ACCEPTE = "accepte", "Accepté"
    RECU_AUTREMENT = "recu_autrement", "Reçu autrement"
    DISPENSE = "dispense", "Dispensé"


class Recours(models.TextChoices):
    """Ce qu'il en est d'un financeur ou d'un dispositif qu'une fiche nomme : déduit, jamais écrit."""

    JAMAIS = "jamais", "Pas sollicité"
    INCONNU = "inconnu", "On ne sait pas : aucun organisme ne lui est rapproché"
    POSTES = "postes", "Des postes aidés"
    DEMANDE = "demande", "Sollicité, rien d’obtenu"
    OBTENU = "obtenu", "Obtenu"


class Presence(models.TextChoices):
    """Si un partenaire que le contrat nomme s'est montré dans un projet : déduit, jamais écrit."""

    JAMAIS = "jamais", "Jamais vu"
    INCONNU = "inconnu", "On ne sait pas"
    VU = "vu", "Vu dans un projet"
