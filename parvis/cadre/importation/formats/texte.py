"""Texte suivi : les lignes coupées à une largeur fixe redeviennent des paragraphes."""

from __future__ import annotations

import re
from itertools import pairwise

_LARGEUR_MAX = 140  # au-delà, une ligne est un paragraphe entier
_LARGEUR_MIN = 45
_LIGNES_MIN = 20
_PARAGRAPHE_MAX = 8_000  # au-delà, ce n'est plus un paragraphe : borne le coût d'un texte sans fin
_STRUCTURE = re.compile(
    r"[\t|]|</?(?:p|ul|ol|li|table|tr|td|h[1-6])\b|^\s*#|^\s*\[\^|^\s*[-_=*]{3,}\s*$"
)
_PUCE = re.compile(r"^\s*(?:[•●▪■◦‣·∙➢✓→–—*-]|\d{1,2}[.)]|o(?=\s+[A-ZÀ-Þ]))\s+")
_LIBELLE = re.compile(r"^\s*(?:\*\*|<b>)?[A-ZÀ-Þ][^:.]{1,50}\s:(?:\s|$)|^\s*\*\*[^*]+\*\*\s*:?")
_FIN_VOULUE = re.compile(r"(?:  |\\|[.…]{3,}\s*\d*)$")


def recoller(lignes: list[str]) -> list[str]:
    """Rend les lignes, celles d'un même paragraphe réunies sur la première ; le compte est gardé."""
    largeur = _largeur(lignes)
    if largeur is None:
        return lignes
    resultat: list[str] = []
    tete: int | None = None
    for rang, ligne in enumerate(lignes):
        court = tete is not None and len(resultat[tete]) < _PARAGRAPHE_MAX
        if tete is not None and court and _continue(lignes[rang - 1], ligne, largeur):
            resultat[tete] = f"{resultat[tete].rstrip()} {ligne.strip()}"
            resultat.append("")
            continue
        resultat.append(ligne)
        tete = rang if ligne.strip() and not _STRUCTURE.search(ligne) else None
    return resultat


def _largeur(lignes: list[str]) -> int | None:
    """Rend la largeur à laquelle le document est coupé, ou rien s'il ne l'est pas."""
    suivies = sorted(
        len(avant.rstrip())
        for avant, apres in pairwise(lignes)
        if avant.strip() and apres.strip() and not _STRUCTURE.search(avant + apres)
    )
    if len(suivies) < _LIGNES_MIN:
        return None
    largeur = suivies[int(len(suivies) * 0.98)]
    return largeur if _LARGEUR_MIN <= largeur <= _LARGEUR_MAX else None


def _continue(avant: str, ligne: str, largeur: int) -> bool:
    """Dit si une ligne continue la précédente : son premier mot n'y aurait pas tenu."""
    if not ligne.strip() or _STRUCTURE.search(ligne) or _FIN_VOULUE.search(avant):
        return False
    if _PUCE.match(ligne) or _LIBELLE.match(ligne):
        return False
    mot = ligne.split(None, 1)[0]
    return len(avant.rstrip()) + 1 + len(mot) > largeur - 1
