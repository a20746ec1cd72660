"""Tableau dans une fiche : son en-tête nomme les colonnes, et chaque case se lit au mot.

« Partenaires financeurs | Partenaire | Condition | Degré », puis une rangée par partenaire : rien
n'est à deviner, ni où un nom finit, ni à quoi une parenthèse se rapporte.
"""

from __future__ import annotations

import html
import re
from functools import cache

from .blocs import Fait, Rangee, Tableau
from .fragments import texte_de
from .lexique import charger_lexique
from .rubriques import reconnaitre
from .texte import cle, collapser

_EN_TETE_MAX = 200
_VIDES = frozenset("-–—")
_APPEL = re.compile(r"<sup>\s*\d{1,3}\s*</sup>")
_RUPTURE = re.compile(r"</?(?:p|ul|li|br)\b[^<>]*>")
_BALISE = re.compile(r"<[^<>]*>")


def lire_un_tableau(rangees: list[Rangee], debut: int) -> tuple[Rangee, int] | None:
    """Rend le tableau qu'ouvre une rangée et le rang qui le suit, sinon rien."""
    tete = rangees[debut]
    if not tete.est_tableau or tete.est_suite or any(len(c) > _EN_TETE_MAX for c in tete.cellules):
        return None
    libelle, *intitules = (texte_de(cellule).rstrip(" :") for cellule in tete.cellules)
    code = _code(libelle, tuple(cle(intitule) for intitule in intitules))
    if code is None:
        return None
    colonnes = [_colonnes()[code][cle(intitule)] for intitule in intitules]
    suite, fin = _suite(rangees, debut)
    if not suite:
        return None
    principale = next(iter(charger_lexique("rubriques")["tableaux"][code]))
    faits = (_fait(colonnes, rangee) for rangee in suite)
    tableau = Tableau(code, tuple(fait for fait in faits if fait.cases[principale]))
    return Rangee(tete.numero, (tete.cellules[0], ""), tableau=tableau), fin


def lire_des_connaissances(rangees: list[Rangee], debut: int) -> tuple[Rangee, int] | None:
    """Rend le tableau d'annexe qu'ouvre une rangée (« Partenaire | Sigle… »), sinon rien."""
    tete = rangees[debut]
    if len(tete.cellules) < 2 or any(len(c) > _EN_TETE_MAX for c in tete.cellules):
        return None
    intitules = [cle(texte_de(cellule)) for cellule in tete.cellules]
    connues = _colonnes("connaissances")
    code = next((c for c in connues if connues[c].get(intitules[0]) == "nom"), None)
    if code is None or not all(intitule in connues[code] for intitule in intitules):
        return None
    champs = [connues[code][intitule] for intitule in intitules]
    fin = debut + 1
    while fin < len(rangees) and len(rangees[fin].cellules) == len(champs):
        fin += 1
    faits = tuple(_fait(champs, rangee, 0) for rangee in rangees[debut + 1 : fin])
    tableau = Tableau(
        code, tuple(f for f in faits if f.cases["nom"] and cle(f.cases["nom"]) != intitules[0])
    )
    return Rangee(tete.numero, (tete.cellules[0], ""), tableau=tableau), fin


def est_un_en_tete(rangee: Rangee) -> bool:
    """Dit si une rangée nomme les colonnes d'un tableau de rubriques (« Rubrique | Contenu »)."""
    if not rangee.est_tableau or len(rangee.cellules[0]) > _EN_TETE_MAX:
        return False
    intitules = charger_lexique("rubriques")["entetes_de_rubriques"]
    return cle(texte_de(rangee.cellules[0])) in {cle(intitule) for intitule in intitules}


def au_mot(fragment: str) -> str:
    """Rend le texte d'une case tel qu'il est écrit, sans balises ni appels de note.

    Un tiret seul dit que la case est vide.
    """
    nu = _BALISE.sub("", _RUPTURE.sub(" ", _APPEL.sub("", fragment)))
    texte = collapser(html.unescape(nu))
    return "" if texte in _VIDES else texte


@cache
def _colonnes(sorte: str = "tableaux") -> dict[str, dict[str, str]]:
    """Rend, pour chaque tableau du vocabulaire, le nom de chaque intitulé de colonne."""
    return {
        code: {cle(mot): nom for nom, mots in colonnes.items() for mot in mots}
        for code, colonnes in charger_lexique("rubriques")[sorte].items()
    }


def _code(libelle: str, intitules: tuple[str, ...]) -> str | None:
    """Rend le tableau dont ce sont les colonnes, la principale comprise, sinon rien."""
    codes = [
        code
        for code, connues in _colonnes().items()
        if all(intitule in connues for intitule in intitules)
        and next(iter(charger_lexique("rubriques")["tableaux"][code]))
        in {connues[intitule] for intitule in intitules}
    ]
    if len(codes) < 2:
        return next(iter(codes), None)
    reconnue = reconnaitre(libelle, seuil=92)
    return reconnue.code if reconnue is not None and reconnue.code in codes else None


def _suite(rangees: list[Rangee], debut: int) -> tuple[list[Rangee], int]:
    """Rend les rangées d'un tableau et le rang qui les suit, l'en-tête de la page d'après enjambé."""
    nombre = len(rangees[debut].cellules)
    suite: list[Rangee] = []
    rang = fin = debut + 1
    while rang < len(rangees):
        rangee = rangees[rang]
        rang += 1
        if rangee.est_suite and len(rangee.cellules) == nombre:
            suite.append(rangee)
            fin = rang
        elif not est_un_en_tete(rangee):
            break
    return suite, fin


def _fait(colonnes: list[str], rangee: Rangee, debut: int = 1) -> Fait:
    cases = [au_mot(cellule) for cellule in rangee.cellules[debut:]]
    return Fait(rangee.numero, dict(zip(colonnes, cases, strict=True)))
