"""Puces que le logiciel dessine au lieu de les écrire : un rond ou un carré devant le texte."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from .caracteres import Mot
from .filets import PASTILLES_MAX, Pastille

_RETRAIT_MAX = 2.6  # en cadratins, de la puce à son texte
_TAILLE_MAX = 0.7
_GAUCHE_LIBRE = 1.0


def puces_dessinees(mots: list[Mot], pastilles: list[Pastille]) -> list[Mot]:
    """Rend un mot « • » pour chaque petite forme qui précède, seule, le début d'une ligne."""
    if not pastilles or len(pastilles) > PASTILLES_MAX:
        return []
    tries = sorted(mots, key=lambda m: m.base)
    bases = [mot.base for mot in tries]
    seules = [p for p in pastilles if not _en_pointille(p, pastilles)]
    return [puce for p in seules if (puce := _puce(p, tries, bases)) is not None]


def _en_pointille(pastille: Pastille, autres: list[Pastille]) -> bool:
    """Dit si la forme a une voisine trop proche : un trait pointillé."""
    return any(
        autre is not pastille and 0.5 < abs(autre.x0 - pastille.x0) + abs(autre.y - pastille.y) < 7
        for autre in autres
    )


def _puce(pastille: Pastille, tries: list[Mot], bases: list[float]) -> Mot | None:
    debut = bisect_left(bases, pastille.y - 20)
    fin = bisect_right(bases, pastille.y)
    a_hauteur = [m for m in tries[debut:fin] if m.base + 0.75 * m.corps > pastille.y]
    suivants = [m for m in a_hauteur if m.x0 >= pastille.x1 - 0.5]
    if not suivants:
        return None
    texte = min(suivants, key=lambda m: m.x0)
    large = pastille.x1 - pastille.x0 > _TAILLE_MAX * texte.corps
    if large or texte.x0 - pastille.x1 > _RETRAIT_MAX * texte.corps:
        return None
    gauche = pastille.x0 - _GAUCHE_LIBRE * texte.corps
    if any(m.x1 > gauche and m.x0 < pastille.x1 - 0.5 for m in a_hauteur):
        return None
    return Mot(
        "•", pastille.x0, pastille.x1, texte.base, texte.corps, False, espace=True, dessin=True
    )
