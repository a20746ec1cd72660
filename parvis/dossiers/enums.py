"""Les listes de valeurs des appels et des dossiers."""

from django.db import models


class EtatDeVersion(models.TextChoices):
    """Où en est une version d'un appel : le pilote l'écrit, puis tout le monde la lit."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"


class EtatDAppel(models.TextChoices):
    """Où en est un appel à cet instant : ses deux dates le disent, rien ne l'écrit."""

    A_VENIR = "a_venir", "À venir"
    OUVERT = "ouvert", "Ouvert"
    CLOS = "clos", "Clos"


class SorteDeQuestion(models.TextChoices):
    """Quelle réponse attend une question propre à un appel."""

    TEXTE_COURT = "texte_court", "Une ligne de texte"
    TEXTE_LONG = "texte_long", "Un texte de plusieurs lignes"
    NOMBRE = "nombre", "Un nombre"
    OUI_NON = "oui_non", "Oui ou non"
    CHOIX = "choix", "Un choix dans une liste"


class EtatDeDossier(models.TextChoices):
    """Où en est un dossier, du brouillon à la recevabilité."""

    BROUILLON = "brouillon", "Brouillon"
    DEPOSE = "depose", "Déposé"
    A_COMPLETER = "a_completer", "À compléter"
    RECEVABLE = "recevable", "Recevable"
    IRRECEVABLE = "irrecevable", "Irrecevable"
    REORIENTE = "reoriente", "Envoyé vers un autre appel"
    RETIRE = "retire", "Retiré"


class EtatGlobal(models.TextChoices):
    """Où en est un dossier, tout compris : déduit de son état et de ses demandes, jamais écrit."""

    BROUILLON = "brouillon", "Brouillon"
    A_L_EXAMEN = "a_l_examen", "À l’examen"
    A_L_ETUDE = "a_l_etude", "À l’étude"
    EN_PARTIE = "en_partie", "Des réponses, pas toutes"
    ACCORDE = "accorde", "Accordé"
    ACCORDE_EN_PARTIE = "accorde_en_partie", "Accordé par une partie"
    REFUSE = "refuse", "Refusé"
    CLOS = "clos", "Clos"


class EtatDeDemande(models.TextChoices):
    """Où en est ce que l'on demande à un financeur."""

    PREPAREE = "preparee", "En préparation"
    DEMANDEE = "demandee", "Demandée"
    ACCORDEE = "accordee", "Accordée"
    REFUSEE = "refusee", "Refusée"
    IRRECEVABLE = "irrecevable", "Irrecevable"
    RETIREE = "retiree", "Retirée"


class NatureDeDemande(models.TextChoices):
    """Ce que l'on demande : de l'argent, ou autre chose que l'on évalue."""

    NUMERAIRE = "numeraire", "En argent"
    NATURE = "nature", "En nature (salle, matériel, personnel)"


class Guichet(models.TextChoices):
    """Où le financeur reçoit la demande."""

    PLATEFORME = "plateforme", "Par ce dossier"
    AILLEURS = "ailleurs", "Sur son propre site"


class SourceDuSuivi(models.TextChoices):
    """D'où vient ce que l'on sait d'une demande faite ailleurs."""

    PERSONNE = "personne", "Noté par une personne"
    EXPORT = "export", "Repris d’un export du portail"


class EtatDeCompte(models.TextChoices):
    """Où en est un compte bancaire donné par un organisme."""

    A_CONFIRMER = "a_confirmer", "À confirmer"
    COURANT = "courant", "Courant"
    REMPLACE = "remplace", "Remplacé"
    ECARTE = "ecarte", "Écarté"


class EtatDeSection(models.TextChoices):
    """Où en est une section d'un dossier."""

    VIDE = "vide", "À faire"
    A_CORRIGER = "a_corriger", "À corriger"
    EN_COURS = "en_cours", "Commencée"
    COMPLETE = "complete", "Complète"


class EchelleDeProjet(models.TextChoices):
    """Où un projet se passe."""

    AGGLOMERATION = "agglomeration", "Tout le territoire du contrat"
    COMMUNES = "communes", "Une ou plusieurs communes"
    QUARTIERS = "quartiers", "Un ou plusieurs quartiers"


class PorteeDeProjet(models.TextChoices):
    """Comment un projet touche un lieu."""

    ICI = "ici", "Ici"
    COMMUNE = "commune", "Dans toute la commune"
    PARTOUT = "partout", "Dans tout le territoire du contrat"


class LecteurDeProjet(models.TextChoices):
    """À quel titre on lit un projet."""

    PORTEUR = "porteur", "Qui le porte"
    PILOTE = "pilote", "Qui l’a reçu"
    PUBLIC = "public", "Tout le monde"


class SorteDeBilan(models.TextChoices):
    """Quel bilan : à mi-chemin, quand on redemande, ou une fois l'exercice fini."""

    INTERMEDIAIRE = "intermediaire", "Intermédiaire"
    DEFINITIF = "definitif", "Définitif"


class SorteDeDecharge(models.TextChoices):
    """Pourquoi un bilan attendu n'est pas rendu ici : arrivé autrement, ou pas demandé."""

    RECU_AUTREMENT = "recu_autrement", "Reçu autrement"
    DISPENSE = "dispense", "Dispensé"


class EffetDeBilan(models.TextChoices):
    """Ce que fait, dans un appel, un bilan qui manque ; du plus léger au plus lourd."""

    RIEN = "rien", "Rien"
    AVERTIT = "avertit", "Un avertissement, rien de plus"
    BLOQUE_PAIEMENT = "bloque_paiement", "Rien ne se verse tant qu’il manque"
    BLOQUE_DECISION = "bloque_decision", "Rien ne se décide, ni ne se verse"
    BLOQUE_DEPOT = "bloque_depot", "Le dossier ne se dépose pas, et rien ne suit"
