"""Reconnaître un compte à son numéro du plan comptable, ou à la façon dont on l'appelle.

Un libellé est reconnu quand tous les mots d'une appellation s'y trouvent : tels quels, sinon à la
racine, sinon à une faute de frappe près. L'appellation qui a le plus de mots l'emporte, puis celle qui
vient la première dans le libellé.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from parvis.dossiers.rules.comptes import Compte, PlanDeComptes, Sens
from parvis.socle.texte import MOTS_VIDES, mots, racine

# Un mot court ne se corrige pas : « car » n'est pas « caf ».
CORRIGIBLE = 5
# Le nom d'une dépense est au début de son libellé.
MOTS_MAX = 20
LONG = 9


@dataclass(frozen=True)
class _Appellation:
    """Une façon d'appeler un compte, en mots sans accents : au singulier, en racines, tels quels."""

    compte: Compte
    formes: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def par_numero(numero: str, plan: PlanDeComptes) -> Compte | None:
    """Rend le compte d'un numéro : « 6132 » va à 613, « 6063 » à la ligne « autres » du poste 60."""
    if numero in plan:
        return plan.compte(numero)
    if not numero.isdigit():
        return None
    candidats = [
        (len(debut), compte)
        for compte in plan.comptes
        for debut in compte.numeros
        if numero.startswith(debut) and not compte.est_poste
    ]
    if candidats:
        return max(candidats, key=lambda paire: paire[0])[1]
    if numero[:2] not in plan:
        return None
    divers = [ligne for ligne in plan.lignes(numero[:2]) if ligne.est_divers]
    # Un numéro du 74 ne dit pas qui donne : le libellé le dira.
    return divers[0] if divers and not divers[0].est_demande else plan.compte(numero[:2])


def par_libelle(
    libelle: str, plan: PlanDeComptes, *, sens: Sens | None = None, poste: str | None = None
) -> list[Compte]:
    """Rend le compte d'un libellé ; plusieurs s'ils se valent, aucun s'il n'est pas reconnu.

    `sens` n'en garde que les charges ou les produits, `poste` que les comptes d'un poste.
    """
    cherches = _mots_pleins(libelle)[:MOTS_MAX]
    if not cherches:
        return []
    retenues = [
        appellation
        for appellation in _appellations(plan)
        if appellation.compte.sens == (sens or appellation.compte.sens)
        and appellation.compte.poste == (poste or appellation.compte.poste)
    ]
    for forme, place_de in enumerate(_recherches(cherches)):
        trouves: dict[str, tuple[int, bool, int]] = {}
        for appellation in retenues:
            if rang := _ranger(appellation.formes[forme], len(cherches), place_de):
                code = appellation.compte.code
                trouves[code] = max(trouves.get(code, rang), rang)
        if trouves:
            mieux = max(trouves.values())
            return _les_plus_precis(
                [plan.compte(code) for code, rang in trouves.items() if rang == mieux]
            )
    return []


class Nom(Enum):
    """Ce qu'un libellé a du nom d'un poste."""

    SIEN = "le sien"
    VOISIN = "il s'en approche, ou une ligne du poste a le même"
    AUTRE = "un autre"


def nom_du_poste(libelle: str, compte: Compte, plan: PlanDeComptes) -> Nom:
    """Dit si un libellé est le nom d'un poste ; sans libellé, un poste n'est que lui-même."""
    poste = plan.compte(compte.poste)
    connus = {_singulier(mot) for nom in (poste.libelle, *poste.mots) for mot in _mots_pleins(nom)}
    ecrits = {_singulier(mot) for mot in _mots_pleins(libelle)}
    if compte.est_poste and ecrits <= connus:
        return Nom.SIEN
    if ecrits and ecrits <= connus:
        return Nom.VOISIN
    return Nom.VOISIN if compte.est_poste and ecrits & connus else Nom.AUTRE


def _les_plus_precis(comptes: list[Compte]) -> list[Compte]:
    """Ôte un poste quand une de ses lignes le vaut, et ce qui est à part si rien n'est dit en nature."""
    lignes = {compte.poste for compte in comptes if not compte.est_poste}
    precis = [compte for compte in comptes if not (compte.est_poste and compte.poste in lignes)]
    return [compte for compte in precis if not compte.est_valorisation] or precis


def _ranger(
    voulus: Sequence[str], longueur: int, place_de: Callable[[str], int | None]
) -> tuple[int, bool, int] | None:
    """Rend ce que vaut une appellation : plus de mots, libellé entier, plus tôt ; rien s'il en manque un."""
    premiere = longueur
    for voulu in voulus:
        place = place_de(voulu)
        if place is None:
            return None
        premiere = min(premiere, place)
    return len(voulus), len(voulus) == longueur, -premiere


def _recherches(cherches: Sequence[str]) -> Iterator[Callable[[str], int | None]]:
    """Rend les trois façons de trouver la place d'un mot dans un libellé, de la plus sûre à la moins."""
    yield {_singulier(mot): rang for rang, mot in reversed([*enumerate(cherches)])}.get
    racines = {racine(mot): rang for rang, mot in reversed([*enumerate(cherches)])}
    yield racines.get
    corrigibles = [(rang, mot) for rang, mot in enumerate(cherches) if len(mot) >= CORRIGIBLE]

    @cache
    def a_peu_pres(voulu: str) -> int | None:
        proches = (rang for rang, mot in corrigibles if _se_ressemblent(mot, voulu))
        return racines.get(racine(voulu), next(proches, None))

    yield a_peu_pres


def _singulier(mot: str) -> str:
    return mot.rstrip("sx")


def _se_ressemblent(mot: str, voulu: str) -> bool:
    permis = 2 if len(voulu) >= LONG else 1
    if mot[0] != voulu[0] or len(voulu) < CORRIGIBLE or abs(len(mot) - len(voulu)) > permis:
        return False
    return OSA.distance(mot, voulu, score_cutoff=permis) <= permis


@lru_cache(maxsize=8)
def _appellations(plan: PlanDeComptes) -> tuple[_Appellation, ...]:
    return tuple(
        _Appellation(compte, (tuple(map(_singulier, pleins)), tuple(map(racine, pleins)), pleins))
        for compte in plan.comptes
        for nom in (compte.libelle, *compte.mots)
        if (pleins := _mots_pleins(nom))
    )


def _mots_pleins(texte: str) -> tuple[str, ...]:
    return tuple(mot for mot in mots(texte) if mot not in MOTS_VIDES)
