"""Phrases coupées : parenthèse ou guillemet sans pendant, phrase sans fin."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .fragments import Bloc
from .structure import Anomalie
from .texte_nu import Passage

_PAIRES = (
    ("(", ")", "parenthèse"),
    ("«", "»", "guillemet"),
    ("[", "]", "crochet"),
    ("“", "”", "guillemet"),
)
_FIN = re.compile(r"[.!?…;:»)\"”]\s*$")
_SUSPENS = re.compile(
    r"(?:,|\b(?:de|du|des|la|le|les|et|ou|à|au|aux|par|pour|dans|sur|avec|que|qui|dont|un|une))\s*$"
)
_ENUMERATION = re.compile(r"(?:^|\s)(?:[a-z]|\d{1,2})\)")
MOTS_D_UNE_PHRASE = 12
LIGNES_D_UN_BLOC = 10


def relire_les_phrases(blocs: Iterable[tuple[Bloc, bool]], textes: list[Passage]) -> list[Anomalie]:
    """Rend les blocs dont une parenthèse reste ouverte, ou dont la phrase n'a pas de fin.

    Chaque bloc vient avec ce qu'il est : une phrase, ou un titre ou un nom, qui n'ont pas de point.
    """
    gardes = [(bloc, phrase) for bloc, phrase in blocs if not bloc.tout_gras]
    longs = [b for b, phrase in gardes if phrase and len(b.texte.split()) >= MOTS_D_UNE_PHRASE]
    finis = sum(bool(_FIN.search(bloc.texte)) for bloc in longs)
    ponctue = finis * 10 >= len(longs) * 8  # un document sans point final n'en manque pas
    par_ligne: dict[int, list[str]] = {}
    for passage in textes:
        par_ligne.setdefault(passage.ligne, []).append(passage.texte)
    resultat = []
    for bloc, phrase in gardes:
        raison = _raison(bloc.texte, phrase and ponctue)
        if raison is not None:
            fin = bloc.texte[-60:]
            ligne = _ligne(fin[-25:], bloc.ligne, par_ligne)
            resultat.append(Anomalie(ligne, "phrase_coupee", f"« …{fin} » : {raison}"))
    return resultat


def _raison(texte: str, doit_finir: bool) -> str | None:
    if texte.count(")") > texte.count("("):
        texte = _ENUMERATION.sub(" ", texte)  # « a) », « 1) » n'ouvrent rien
    if raison := _sans_pendant(texte):
        return raison
    mots = len(texte.split())
    if doit_finir and mots >= MOTS_D_UNE_PHRASE and not _FIN.search(texte):
        return "la phrase n'a pas de fin"
    if mots > 3 and _SUSPENS.search(texte):
        return "la phrase s'arrête sur un mot qui en attend un autre"
    return None


def _sans_pendant(texte: str) -> str | None:
    for ouvre, ferme, nom in _PAIRES:
        if texte.count(ouvre) > texte.count(ferme):
            return f"{nom} jamais fermé" + ("e" if nom == "parenthèse" else "")
        if texte.count(ouvre) < texte.count(ferme):
            return f"{nom} jamais ouvert" + ("e" if nom == "parenthèse" else "")
    return "guillemet sans pendant" if texte.count('"') % 2 else None


def _ligne(fin: str, debut: int, par_ligne: dict[int, list[str]]) -> int:
    """Rend la ligne où finit un bloc qu'une page a coupé."""
    for ligne in range(debut, debut + LIGNES_D_UN_BLOC):
        if any(fin in texte for texte in par_ligne.get(ligne, ())):
            return ligne
    return debut
