from django.db import models


class Role(models.TextChoices):
    """Ce qu'une personne peut faire pour l'organisme auquel elle est rattachée."""

    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    CONTRIBUTEUR = "contributeur", "Contributeur"
    SIGNATAIRE = "signataire", "Signataire"
    INSTRUCTEUR = "instructeur", "Instructeur"
    LECTEUR = "lecteur", "Lecteur"
    PILOTE = "pilote", "Pilote du contrat"
    ADMINISTRATEUR = "administrateur", "Administrateur de la plateforme"
    ELU = "elu", "Élu"
    DELEGUE_DU_PREFET = "delegue_du_prefet", "Délégué du préfet"
    CONSEILLER_CITOYEN = "conseiller_citoyen", "Conseiller citoyen"
    EXPERT = "expert", "Expert"


class EtatDeRattachement(models.TextChoices):
    """Où en est un rattachement : demandé, confirmé, refusé ou fini."""

    EN_ATTENTE = "en_attente", "En attente"
    CONFIRME = "confirme", "Confirmé"
    REFUSE = "refuse", "Refusé"
    TERMINE = "termine", "Terminé"


class Preuve(models.TextChoices):
    """Ce qui a permis de confirmer un rattachement."""

    CREATION = "creation", "a créé la page de l’organisme"
    INVITATION = "invitation", "invitation d’un gestionnaire"
    GESTIONNAIRE = "gestionnaire", "accord d’un gestionnaire"
    CODE = "code", "code reçu à l’adresse de l’organisme"
    PIECE = "piece", "pièce vue par le pilote"
    NOMINATION = "nomination", "nomination"


class EtatDInvitation(models.TextChoices):
    """Où en est une invitation. Son échéance se lit à part : le temps passe sans écrire."""

    ENVOYEE = "envoyee", "Envoyée"
    ACCEPTEE = "acceptee", "Acceptée"
    DECLINEE = "declinee", "Déclinée"
    ANNULEE = "annulee", "Annulée"


class Regard(models.TextChoices):
    """D'où l'on regarde une demande de financement."""

    SERVICE = "service", "Le service du financeur"
    COFINANCEUR = "cofinanceur", "Un autre financeur du dossier"
    CO_INSTRUCTEUR = "co_instructeur", "Commune, délégué du préfet, conseil citoyen, expert"
    PORTEUR = "porteur", "Le porteur"
    PUBLIC = "public", "Tout le monde"


class Information(models.TextChoices):
    """Ce qui, dans un dossier, ne se montre pas à tous."""

    NOTE_INTERNE = "note_interne", "Note interne, scores, reste de l’enveloppe"
    MONTANT_PROPOSE = "montant_propose", "Montant proposé"
    AVIS = "avis", "Avis et motif public"
    MONTANT_ARBITRE = "montant_arbitre", "Montant arbitré"
    MONTANT_DEMANDE = "montant_demande", "Montant demandé"
    MONTANT_VOTE = "montant_vote", "Montant voté, montant versé"
    REFUS = "refus", "Refus"
    DOSSIER_FIGE = "dossier_fige", "Dossier déposé, sans ses parties protégées"
    PARTIE_PROTEGEE = "partie_protegee", "IBAN, RIB, contacts privés, pièces nominatives"


class Moment(models.TextChoices):
    """Quand une information devient visible pour un regard."""

    TOUJOURS = "toujours", "toujours"
    AU_PARTAGE = "au_partage", "quand son auteur la partage"
    A_LA_PUBLICATION = "a_la_publication", "à la publication"
    EN_SEANCE = "en_seance", "pour les membres de la séance"
    JAMAIS = "jamais", "jamais"
