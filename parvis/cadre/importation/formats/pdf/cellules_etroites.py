"""Colonnes étroites d'un tableau : blancs étirés par la justification, mots plus longs que la colonne."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from .lignes import Ligne
from .regions import Contenu, Region

CESURE = "\u00ad"
_LETTRES_SEULES = frozenset("àaoy")
_COUPES_SURES = 2
_PLEINE = 0.65  # en cadratins : ce qui reste quand la lettre suivante ne tenait pas


def reprendre_les_cellules_etroites(contenus: list[Contenu]) -> None:
    """Rétablit les blancs simples, et marque d'une césure les mots coupés faute de place."""
    etroites = [r for c in contenus for r in c.regions() if r.lignes and r.etroite]
    coupes = [
        (avant, suivante)
        for region in etroites
        for avant, suivante in pairwise(region.lignes)
        if _peut_etre_coupe(avant, suivante, region)
    ]
    _marquer_les_coupes(coupes, _mots_connus(contenus, coupes))
    for region in etroites:
        for ligne in region.lignes:
            ligne.blancs = [" " if blanc == "   " else blanc for blanc in ligne.blancs]


def _marquer_les_coupes(coupes: list[tuple[Ligne, Ligne]], connus: Counter[str]) -> None:
    """Marque les mots coupés, si plusieurs coupes sont sûres : des colonnes ont la largeur d'un mot."""
    mots = [(avant.mots[0], suivante.mots[0].texte) for avant, suivante in coupes]
    sures = [m for m, fin in mots if connus[_cle(m.texte + fin)] or _est_un_reste(fin)]
    if len(sures) < max(_COUPES_SURES, 0.1 * len(mots)):
        return
    for mot, fin in mots:
        if connus[_cle(mot.texte + fin)] or not connus[_cle(fin)]:
            mot.texte += CESURE


def _est_un_reste(texte: str) -> bool:
    """Dit si un texte n'est qu'une lettre, et ne peut pas être un mot."""
    return len(_cle(texte)) == 1 and _cle(texte) not in _LETTRES_SEULES


def _peut_etre_coupe(avant: Ligne, suivante: Ligne, region: Region) -> bool:
    """Un mot n'est coupé sans tiret que s'il remplit à lui seul la largeur de la colonne."""
    if len(avant.mots) != 1 or not avant.mots[0].texte[-1].isalpha():
        return False
    pleine = region.droite - avant.x1 < _PLEINE * avant.corps
    return pleine and avant.corps == suivante.corps and suivante.mots[0].texte[0].islower()


def _mots_connus(contenus: list[Contenu], coupes: list[tuple[Ligne, Ligne]]) -> Counter[str]:
    connus: Counter[str] = Counter()
    for contenu in contenus:
        for region in contenu.regions():
            for ligne in region.lignes:
                connus.update(_cle(mot.texte) for mot in ligne.mots)
    for avant, suivante in coupes:
        connus.subtract((_cle(avant.mots[0].texte), _cle(suivante.mots[0].texte)))
    return connus


def _cle(mot: str) -> str:
    return mot.casefold().strip(".,;:()«»")
