"""La loi d'un échange : quand l'on se parle, pour quand, qui attend qui, quand cela se rappelle."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.dossiers.enums import EtatDeDossier

LONGUEUR = 4000
OUVERTS = (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER, EtatDeDossier.RECEVABLE)
DELAI_AU_PLUS = timedelta(days=90)
DELAI_PROPOSE = timedelta(days=10)
# Un rappel trois jours avant, un autre le lendemain ; le site arrêté, une semaine pour l'envoyer.
AVANT, RATTRAPAGE = timedelta(days=3), timedelta(days=7)


def motifs_empechant_l_echange(etat: str) -> list[str]:
    """Rend pourquoi l'on ne s'écrit pas, ou plus, sur un dossier ; vide si l'on s'écrit."""
    if etat in OUVERTS:
        return []
    return [f"Ce dossier est « {EtatDeDossier(etat).label.lower()} » : on ne s’y écrit plus."]


def motifs_empechant_la_question(
    *,
    etat: str,
    sorte: str,
    sortes: Collection[str],
    est_situee: bool,
    texte: str,
    echeance: date | None,
    jour: date,
) -> list[str]:
    """Rend pourquoi une question ne se pose pas ainsi : tous les motifs à la fois.

    `sortes` dit à qui l'acteur s'adresse sur ce dossier ; `est_situee`, que ce dont il parle y est.
    """
    motifs = motifs_empechant_l_echange(etat)
    if sorte not in sortes:
        motifs.append("Choisissez à qui vous posez cette question.")
    if not est_situee:
        motifs.append("Choisissez une partie du dossier déposé, ou tout le dossier.")
    motifs += _motifs_du_texte(texte, "Écrivez votre question.")
    if echeance is not None and echeance <= jour:
        motifs.append("La réponse s’attend après aujourd’hui.")
    if echeance is not None and echeance > jour + DELAI_AU_PLUS:
        motifs.append(f"La réponse s’attend dans {DELAI_AU_PLUS.days} jours au plus.")
    return motifs


def motifs_empechant_la_reponse(*, etat: str, est_close: bool, texte: str) -> list[str]:
    """Rend pourquoi une réponse ne s'écrit pas ainsi : tous les motifs à la fois."""
    motifs = motifs_empechant_l_echange(etat)
    if est_close:
        motifs.append("Cette question est close : elle n’attend plus de réponse.")
    return motifs + _motifs_du_texte(texte, "Écrivez votre réponse.")


def motifs_empechant_de_clore(*, est_close: bool) -> list[str]:
    """Rend pourquoi une question ne se clôt pas : elle l'est déjà."""
    return ["Cette question est déjà close."] if est_close else []


def _motifs_du_texte(texte: str, manque: str) -> list[str]:
    if not any(signe.isalnum() for signe in texte):
        return [manque]
    if len(texte) > LONGUEUR:
        return [f"Écrivez {LONGUEUR} signes au plus : il y en a {len(texte)}."]
    return []


def est_en_retard(*, echeance: date | None, attend: bool, jour: date) -> bool:
    """Dit si une question attend encore, son échéance passée."""
    return attend and echeance is not None and echeance < jour


def rappel_du(*, echeance: date, ecrite_le: date, rappelee_le: date | None, jour: date) -> bool:
    """Dit si une question qui attend se rappelle ce jour-là : trois jours avant, puis le lendemain.

    Une question posée moins de trois jours avant son échéance n'a rien à se faire rappeler avant elle.
    """
    if jour > echeance:
        deja = rappelee_le is not None and rappelee_le > echeance
        return not deja and jour <= echeance + RATTRAPAGE
    seuil = echeance - AVANT
    return jour >= seuil and rappelee_le is None and ecrite_le <= seuil


@dataclass(frozen=True)
class Attente:
    """Ce qu'attendent des questions : combien, et le premier jour où l'une est attendue, en clair."""

    nombre: int
    attendent: int
    jour: str = ""
    est_passe: bool = False


def dire_l_attente(attente: Attente, *, a_qui: str, de_qui: str) -> str:
    """Rend qui attend qui : « 2 questions au porteur, 1 attend sa réponse avant le 3 avril 2027 ».

    `a_qui` suit le nombre (« au porteur »), et peut être vide ; `de_qui` nomme la réponse.
    """
    dit = f"{attente.nombre} question{'s' if attente.nombre > 1 else ''}"
    dit += f" {a_qui}" if a_qui else ""
    if not attente.attendent:
        return f"{dit}, plus rien n’est attendu"
    verbe = "attendent" if attente.attendent > 1 else "attend"
    dit += f", {attente.attendent} {verbe} {de_qui}"
    if not attente.jour:
        return dit
    la_premiere = ", la première" if attente.attendent > 1 else ""
    return f"{dit}{la_premiere} {'depuis' if attente.est_passe else 'avant'} le {attente.jour}"
