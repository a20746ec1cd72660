"""La loi d'un dossier : ses passages, ce qui se modifie, ce qui empêche d'ouvrir ou d'écrire."""

from datetime import datetime, timedelta

from parvis.dossiers.enums import EtatDAppel, EtatDeDossier
from parvis.dossiers.rules.appels import etat_de_l_appel

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeDossier.BROUILLON: (EtatDeDossier.DEPOSE,),
    EtatDeDossier.DEPOSE: (
        EtatDeDossier.A_COMPLETER,
        EtatDeDossier.RECEVABLE,
        EtatDeDossier.IRRECEVABLE,
        EtatDeDossier.REORIENTE,
        EtatDeDossier.RETIRE,
    ),
    EtatDeDossier.A_COMPLETER: (
        EtatDeDossier.DEPOSE,
        EtatDeDossier.RECEVABLE,
        EtatDeDossier.IRRECEVABLE,
        EtatDeDossier.REORIENTE,
        EtatDeDossier.RETIRE,
    ),
    EtatDeDossier.RECEVABLE: (EtatDeDossier.RETIRE,),
    EtatDeDossier.IRRECEVABLE: (),
    EtatDeDossier.REORIENTE: (),
    EtatDeDossier.RETIRE: (),
}
# Au-delà de ce temps sans écrire, l'écriture suivante commence (docs/adr/0019).
SEANCE = timedelta(minutes=30)
RAPPELS = (7, 2, 1)
# Personne ne reçoit un rappel au milieu de la nuit.
HEURE_DES_RAPPELS = 8
TITRE_AU_PLUS = 200
REMARQUE_AU_PLUS = 2000


def motifs_empechant_le_passage(depuis: str, vers: str) -> list[str]:
    """Rend pourquoi un dossier ne peut pas changer d'état ; vide s'il le peut."""
    if vers in PASSAGES[depuis]:
        return []
    return [f"Ce dossier est « {EtatDeDossier(depuis).label.lower()} » : cela ne se fait plus."]


def motifs_empechant_d_ecrire(*, etat: str, est_ouverte: bool = False) -> list[str]:
    """Rend pourquoi une section ne s'écrit pas : déposé, un dossier ne change plus.

    `est_ouverte` : un complément y est demandé, et attend sa réponse.
    """
    if etat == EtatDeDossier.BROUILLON or (etat == EtatDeDossier.A_COMPLETER and est_ouverte):
        return []
    return ["Ce dossier est déposé : il ne change plus."]


def motifs_empechant_d_ouvrir(
    *, ouvre_le: datetime, ferme_le: datetime, maintenant: datetime
) -> list[str]:
    """Rend pourquoi un dossier ne s'ouvre pas dans un appel : il n'est pas ouvert à cet instant."""
    etat = etat_de_l_appel(ouvre_le, ferme_le, maintenant)
    if etat == EtatDAppel.A_VENIR:
        return ["Cet appel n’est pas encore ouvert."]
    if etat == EtatDAppel.CLOS:
        return ["Cet appel est clos : choisissez-en un autre."]
    return []


def est_un_renouvellement(etat: str, exercice: int, suivant: int) -> bool:
    """Dit si reprendre un dossier, c'est demander de continuer : il a été reçu, une autre année."""
    return etat == EtatDeDossier.RECEVABLE and suivant > exercice


def motifs_sur_le_titre(titre: str) -> list[str]:
    """Rend pourquoi ce titre de projet ne convient pas."""
    if not any(signe.isalnum() for signe in titre):
        return ["Donnez un titre au projet, avec des lettres."]
    if len(titre) > TITRE_AU_PLUS:
        return [f"Le titre est trop long : {len(titre)} signes, {TITRE_AU_PLUS} permis."]
    return []


def echeance_du_rappel(jours: int) -> int | None:
    """Rend le rappel dû à ce nombre de jours de la clôture, ou None s'il est trop tôt ou trop tard."""
    if jours < 0:
        return None
    return min((rappel for rappel in RAPPELS if jours <= rappel), default=None)


def motifs_sur_une_remarque(texte: str) -> list[str]:
    """Rend pourquoi une remarque ne se laisse pas : vide, ou trop longue."""
    if not texte:
        return ["Écrivez votre remarque."]
    if len(texte) > REMARQUE_AU_PLUS:
        return [f"La remarque est trop longue : {len(texte)} signes, {REMARQUE_AU_PLUS} permis."]
    return []
