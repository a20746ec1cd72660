from django.db import models


class StatutEdition(models.TextChoices):
    """Une édition se prépare en brouillon ; publiée, elle ne change plus jamais."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"


class PilierNational(models.TextChoices):
    """Les trois piliers des contrats de ville (circulaire du 15 octobre 2014)."""

    COHESION = "cohesion", "Cohésion sociale"
    CADRE_DE_VIE = "cadre_de_vie", "Cadre de vie et renouvellement urbain"
    EMPLOI = "emploi", "Développement de l’activité économique et de l’emploi"


class NatureDePartenaire(models.TextChoices):
    """Un partenaire est un organisme précis, ou une catégorie qui en réunit plusieurs."""

    ORGANISME = "organisme", "Organisme"
    CATEGORIE = "categorie", "Catégorie"


class RoleDePartenaire(models.TextChoices):
    """Ce qu'un partenaire fait pour une fiche."""

    FINANCEUR = "financeur", "Financeur"
    OPERATEUR = "operateur", "Opérateur"


class DegreDePartenaire(models.TextChoices):
    """À quel point un partenaire s'est engagé sur une fiche : jamais une promesse d'argent."""

    INDICATIF = "indicatif", "À titre indicatif"
    POSSIBLE = "possible", "Possible"
    CONFIRME = "confirme", "Confirmé"
    EN_ATTENTE = "en_attente", "Position attendue"


class DegreDeDispositif(models.TextChoices):
    """Où en est un dispositif au moment où le contrat le cite."""

    INDICATIF = "indicatif", "À titre indicatif"
    POSSIBLE = "possible", "Possible"
    A_INITIER = "a_initier", "À lancer"
    EXPERIMENTATION = "experimentation", "En expérimentation"
    EN_PLACE = "en_place", "En place"
    INCERTAIN = "incertain", "Incertain"
    TERMINE = "termine", "Terminé"


class NatureDeDispositif(models.TextChoices):
    """Le droit commun passe d'abord : premier principe de la politique de la ville."""

    DROIT_COMMUN = "droit_commun", "Droit commun"
    SPECIFIQUE = "specifique", "Crédits spécifiques de la politique de la ville"


class Origine(models.TextChoices):
    """Comment le document donne un dispositif."""

    PUCE = "puce", "Donné en liste"
    PHRASE = "phrase", "Donné dans une phrase"


class Forme(models.TextChoices):
    """Comment le document donne un type de projet."""

    LISTE = "liste", "Donné en liste"
    PROSE = "prose", "Donné dans une phrase"
    TITRE = "titre", "Donné par un titre"


class NatureDeRenvoi(models.TextChoices):
    """Ce qu'un renvoi dit de sa cible."""

    COMPLEMENT = "complement", "Complète"
    VOIR_AUSSI = "voir_aussi", "Voir aussi"
    ARTICULATION = "articulation", "S’articule avec"
    TEXTE_EXTERNE = "texte_externe", "Texte extérieur"


class TypeDeLieu(models.TextChoices):
    """De quelle sorte est un lieu nommé par une fiche."""

    QUARTIER = "quartier", "Quartier"
    COMMUNE = "commune", "Commune"
    AGGLOMERATION = "agglomeration", "Agglomération"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    SITE = "site", "Site"
    AUTRE = "autre", "Autre lieu"


class OrigineDeRapprochement(models.TextChoices):
    """Comment un partenaire a été rapporté à un organisme : toujours par une personne."""

    PROPOSEE = "proposee", "Proposé par la plateforme, puis confirmé"
    CHOISIE = "choisie", "Choisi par une personne"


class StatutDeLecture(models.TextChoices):
    """Où en est la lecture d'un document déposé."""

    EN_ATTENTE = "en_attente", "En cours de lecture"
    LUE = "lue", "À relire"
    ILLISIBLE = "illisible", "Illisible"
    ECRITE = "ecrite", "Brouillon écrit"
    ABANDONNEE = "abandonnee", "Abandonnée"


# Les rubriques dont le texte est déjà dans le descriptif d'une fiche.
RUBRIQUES_DU_DESCRIPTIF = ("contexte", "objectifs", "types_d_action")
