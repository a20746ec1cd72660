"""Le texte de chaque ligne sans ses balises, pour les contrôles qui doivent nommer la ligne exacte."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_EXPOSANT = re.compile(r"<sup>\s*\d{1,2}\s*</sup>", re.IGNORECASE)
_RUPTURE = re.compile(r"</?(?:p|ul|ol|li|div|br|hr|h[1-6]|t[dhr]|table)\b[^<>]*>|\t", re.IGNORECASE)
_BALISE = re.compile(r"<[^<>]*>|\*\*")
_ESPACES = re.compile(r"[^\S\n]+")
# trois espaces séparent deux noms d'une même cellule : ce sont deux textes
_ECART = re.compile(r"[^\S\n]{3,}")


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphe, puce ou cellule, avec la ligne où il est imprimé."""

    ligne: int
    texte: str


def passages(lignes: list[str]) -> list[Passage]:
    """Rend les textes imprimés sur chaque ligne, sans balises ni adresses web."""
    resultat = []
    for numero, ligne in enumerate(lignes, 1):
        if not ligne.strip() or "://" in ligne:
            continue
        nue = _BALISE.sub("", _RUPTURE.sub("\n", _EXPOSANT.sub("", _ECART.sub("\n", ligne))))
        if "&" in nue:
            nue = html.unescape(nue)
        for morceau in nue.split("\n"):
            texte = _ESPACES.sub(" ", morceau).strip(" •#→_")
            if texte:
                resultat.append(Passage(numero, texte))
    return resultat
