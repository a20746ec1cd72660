"""Publics visés : liste fermée, mots du titre et du descriptif qui les prouvent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from .fragments import Bloc
from .lexique import charger_lexique
from .structure import Public
from .texte import collapser, plier


def _forme(forme: str) -> str:
    return re.escape(plier(forme)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


Motifs = tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]


@cache
def _motifs(en_rubrique: bool = False) -> Motifs:
    """Rend (code, ce qui prouve le public, ce qui l'annule) ; une rubrique de publics prouve de plus peu."""
    return _du_lexique(charger_lexique("publics")["publics"], en_rubrique)


def _du_lexique(lignes: list[dict[str, Any]], en_rubrique: bool = False) -> Motifs:
    resultat = []
    for ligne in lignes:
        formes = ligne["formes"] + (ligne.get("en_rubrique", []) if en_rubrique else [])
        oui = _un_de(sorted(formes, key=len, reverse=True))
        sauf = ligne.get("sauf")
        resultat.append((ligne["code"], oui, _un_de(sauf) if sauf else None))
    return tuple(resultat)


@cache
def sujets() -> dict[str, dict[str, Any]]:
    """Rend les sujets qui traversent un contrat, par code : `titre`, `comptes`."""
    return {sujet["code"]: sujet for sujet in charger_lexique("sujets")["sujets"]}


@cache
def _motifs_des_sujets() -> Motifs:
    return _du_lexique(charger_lexique("sujets")["sujets"])


# Une phrase, ou un point d'une liste.
_PHRASE = re.compile(r"(?<=[.;:!?])\s+|\n+")


# Le texte d'une édition publiée ne change plus : il ne se relit qu'une fois.
@lru_cache(maxsize=2048)
def sujets_d_un_texte(textes: tuple[str, ...]) -> dict[str, str]:
    """Rend les sujets dont parlent ces textes : code → la première phrase qui le prouve."""
    phrases = [(phrase, 0) for texte in textes for phrase in _PHRASE.split(texte) if phrase.strip()]
    plies = _plies(phrases)
    rendus = {}
    for code, oui, non in _motifs_des_sujets():
        for plie, phrase, rang in plies:
            if _preuve(oui, non, plie, phrase, rang):
                rendus[code] = collapser(phrase).strip("- ")
                break
    return rendus


def _un_de(formes: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_forme, formes)) + r")(?!\w)")


def lire_publics(
    titre: str, ligne: int, blocs: list[Bloc], vises: Sequence[Bloc] = ()
) -> tuple[Public, ...]:
    """Rend un public par code, avec la première preuve : titre, rubrique de publics, descriptif."""
    prose = _plies([(titre, ligne), *((bloc.texte, bloc.ligne) for bloc in blocs)])
    rubrique = _plies([(bloc.texte, bloc.ligne) for bloc in vises])
    de_rubrique = {code: (oui, non) for code, oui, non in _motifs(True)}
    resultat = []
    for code, oui, non in _motifs():
        preuve = (
            _premiere(oui, non, prose[:1])
            or _premiere(*de_rubrique[code], rubrique)
            or _premiere(oui, non, prose[1:])
        )
        if preuve is not None:
            resultat.append(Public(code, preuve[0], preuve[1]))
    return tuple(resultat)


def publics_d_une_rubrique(texte: str) -> frozenset[str]:
    """Rend les codes des publics que le texte d'une rubrique de publics nomme."""
    plies = _plies([(texte, 0)])
    return frozenset(code for code, oui, non in _motifs(True) if _premiere(oui, non, plies))


def _plies(textes: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    return [(plier(texte), texte, numero) for texte, numero in textes]


def _premiere(oui, non, textes: list[tuple[str, str, int]]) -> tuple[str, int] | None:
    preuves = (_preuve(oui, non, plie, texte, numero) for plie, texte, numero in textes)
    return next((preuve for preuve in preuves if preuve), None)


def _preuve(oui, non, plie: str, texte: str, ligne: int) -> tuple[str, int] | None:
    exclus = [trouve.span() for trouve in non.finditer(plie)] if non is not None else []
    for trouve in oui.finditer(plie):
        if not any(debut <= trouve.start() and trouve.end() <= fin for debut, fin in exclus):
            return collapser(texte[trouve.start() : trouve.end()]), ligne
    return None
