"""Publics visés : liste fermée, mots du titre et du descriptif qui les prouvent."""

from __future__ import annotations

import re
from functools import cache

from .fragments import Bloc
from .lexique import charger_lexique
from .structure import Public
from .texte import collapser, plier


def _forme(forme: str) -> str:
    return re.escape(plier(forme)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


@cache
def _motifs() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    resultat = []
    for public in charger_lexique("publics")["publics"]:
        formes = sorted(public["formes"], key=len, reverse=True)
        oui = re.compile(r"(?<!\w)(?:" + "|".join(map(_forme, formes)) + r")(?!\w)")
        sauf = public.get("sauf")
        non = re.compile(r"(?<!\w)(?:" + "|".join(map(_forme, sauf)) + r")(?!\w)") if sauf else None
        resultat.append((public["code"], oui, non))
    return tuple(resultat)


def lire_publics(titre: str, ligne: int, blocs: list[Bloc]) -> tuple[Public, ...]:
    """Rend un public par code, avec la première preuve trouvée (titre d'abord)."""
    textes = [(titre, ligne), *((bloc.texte, bloc.ligne) for bloc in blocs)]
    plies = [(plier(texte), texte, numero) for texte, numero in textes]
    resultat = []
    for code, oui, non in _motifs():
        preuve = next(
            (p for plie, texte, numero in plies if (p := _preuve(oui, non, plie, texte, numero))),
            None,
        )
        if preuve is not None:
            resultat.append(Public(code, preuve[0], preuve[1]))
    return tuple(resultat)


def _preuve(oui, non, plie: str, texte: str, ligne: int) -> tuple[str, int] | None:
    exclus = [trouve.span() for trouve in non.finditer(plie)] if non is not None else []
    for trouve in oui.finditer(plie):
        if not any(debut <= trouve.start() and trouve.end() <= fin for debut, fin in exclus):
            return collapser(texte[trouve.start() : trouve.end()]), ligne
    return None
