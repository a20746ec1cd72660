"""Tableaux sans filets de plusieurs colonnes, une fiche par rangée : leur en-tête dit où elles commencent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from parvis.cadre.importation.blocs import Rangee as RangeeLue
from parvis.cadre.importation.tableaux_de_fiches import Entete, entete_de_fiches
from parvis.cadre.importation.titres import titre_du_texte

from .caracteres import Mot
from .lignes import Ligne, assembler
from .regions import Rangee, Region, Tableau

_COLONNES_MIN = 4  # à moins, des étiquettes et leurs contenus
_ECART = 0.6  # en cadratins : le blanc le plus étroit entre deux colonnes
_TOLERANCE = 1.5
_LIGNES_D_UN_ENTETE = 3
_TITRE = 1.09
_AERE = 1.25  # blanc qui sépare deux rangées, rapporté à l'interligne


@dataclass(frozen=True, slots=True)
class Colonnes:
    """Où commencent les colonnes d'un tableau, et celle dont chaque texte ouvre une rangée."""

    bords: tuple[float, ...]
    repere: int
    est_numero: bool
    corps: float
    entete: int  # lignes de l'en-tête


@dataclass(slots=True)
class Familiers:
    """Ce que les pages déjà lues apprennent : bords fréquents, colonnes du tableau encore ouvert."""

    bords: Counter[int] = field(default_factory=Counter)
    colonnes: Colonnes | None = None


def chercher_un_tableau_large(lignes: list[Ligne]) -> tuple[int, int, Colonnes] | None:
    """Rend le premier tableau dont l'en-tête nomme les colonnes : ses lignes et ses colonnes."""
    for rang, ligne in enumerate(lignes):
        bords = _bords(ligne)
        if len(bords) < _COLONNES_MIN:
            continue
        hauteur = _hauteur_de_l_entete(lignes, rang, bords)
        entete = _entete(lignes[rang : rang + hauteur], bords)
        if entete is None:
            continue
        colonnes = _colonnes(entete, bords, ligne.corps, hauteur)
        fin = rang + hauteur + suite_du_tableau(lignes[rang + hauteur :], colonnes)
        if fin > rang + hauteur:
            return rang, fin, colonnes
    return None


def suite_du_tableau(lignes: list[Ligne], colonnes: Colonnes) -> int:
    """Rend le nombre de lignes, depuis la première, qui tiennent dans des colonnes."""
    for rang, ligne in enumerate(lignes):
        titre = titre_du_texte(ligne.texte) if ligne.gras else None
        nomme = titre is not None and bool(titre.mot and titre.numero)
        grande = ligne.corps > _TITRE * colonnes.corps
        if grande or nomme or _cellules(ligne, colonnes.bords) is None:
            return rang
    return len(lignes)


def tableau_large(
    lignes: list[Ligne], colonnes: Colonnes, droite: float, page: int, entete: int = 0
) -> Tableau:
    """Rend le tableau que forment des lignes rangées dans des colonnes, les premières son en-tête."""
    suivants = [entete + debut for debut in _debuts(lignes[entete:], colonnes)]
    debuts = [0, entete, *suivants, len(lignes)]
    fins = _fins(lignes, colonnes.bords, droite)
    rangees = []
    for debut, fin in pairwise(dict.fromkeys(debuts)):
        mots: list[list[Mot]] = [[] for _ in colonnes.bords]
        for ligne in lignes[debut:fin]:
            for rang, cellule in enumerate(_cellules(ligne, colonnes.bords) or []):
                mots[rang] += cellule
        cellules = [
            _region(cellule, colonnes.bords[rang], fins[rang], page)
            for rang, cellule in enumerate(mots)
        ]
        rangees.append(Rangee(cellules, lignes[debut].base, tracee=False, fermee=True))
    return Tableau(rangees, lignes[0].base, len(colonnes.bords))


def _fins(lignes: list[Ligne], bords: tuple[float, ...], droite: float) -> list[float]:
    """Rend l'abscisse où finit chaque colonne : toutes laissent le même blanc avant la suivante."""
    blancs = [
        suivant - cellule[-1].x1
        for ligne in lignes
        for cellule, suivant in zip(_cellules(ligne, bords) or [], bords[1:], strict=False)
        if cellule
    ]
    blanc = min(blancs, default=0.0)
    return [*(suivant - blanc for suivant in bords[1:]), droite]


def _bords(ligne: Ligne) -> tuple[float, ...]:
    """Rend les abscisses où commencent les morceaux d'une ligne."""
    suivants = [
        mot.x0 for avant, mot in pairwise(ligne.mots) if mot.x0 - avant.x1 > _ECART * ligne.corps
    ]
    return (ligne.mots[0].x0, *suivants)


def _hauteur_de_l_entete(lignes: list[Ligne], debut: int, bords: tuple[float, ...]) -> int:
    """Rend le nombre de lignes d'un en-tête : celles qui suivent, aussi serrées et aussi grasses."""
    hauteur = 1
    for avant, apres in pairwise(lignes[debut : debut + _LIGNES_D_UN_ENTETE]):
        serree = avant.base - apres.base < 1.5 * avant.corps
        if not (serree and avant.gras and apres.gras and _cellules(apres, bords)):
            break
        hauteur += 1
    return hauteur


def _entete(lignes: list[Ligne], bords: tuple[float, ...]) -> Entete | None:
    textes = [""] * len(bords)
    for ligne in lignes:
        for rang, cellule in enumerate(_cellules(ligne, bords) or []):
            textes[rang] = " ".join([textes[rang], *(mot.texte for mot in cellule)]).strip()
    return entete_de_fiches(RangeeLue(1, tuple(textes)))


def _colonnes(entete: Entete, bords: tuple[float, ...], corps: float, hauteur: int) -> Colonnes:
    fiches = [rang for rang, c in enumerate(entete.colonnes) if c.niveau == "fiche"]
    numeros = [rang for rang in fiches if entete.colonnes[rang].est_numero]
    return Colonnes(bords, (numeros or fiches)[0], bool(numeros), corps, hauteur)


def _cellules(ligne: Ligne, bords: tuple[float, ...]) -> list[list[Mot]] | None:
    """Rend les mots d'une ligne, colonne par colonne ; rien si l'un d'eux passe de l'une à l'autre."""
    cellules: list[list[Mot]] = [[] for _ in bords]
    for mot in ligne.mots:
        rang = max((r for r, b in enumerate(bords) if b - _TOLERANCE <= mot.x0), default=None)
        if rang is None or (rang + 1 < len(bords) and mot.x1 > bords[rang + 1]):
            return None
        cellules[rang].append(mot)
    pleines = [cellule for cellule in cellules if cellule]
    if any(b[0].x0 - a[-1].x1 < _ECART * ligne.corps for a, b in pairwise(pleines)):
        return None
    return cellules


def _debuts(lignes: list[Ligne], colonnes: Colonnes) -> list[int]:
    """Rend les lignes qui ouvrent une rangée, après la première."""
    ecarts = sorted(avant.base - apres.base for avant, apres in pairwise(lignes))
    normal = ecarts[len(ecarts) // 4] if ecarts else 0.0
    return [
        rang
        for rang in range(1, len(lignes))
        if _ouvre(lignes[rang], colonnes)
        and (colonnes.est_numero or lignes[rang - 1].base - lignes[rang].base > _AERE * normal)
    ]


def _ouvre(ligne: Ligne, colonnes: Colonnes) -> bool:
    """Dit si une ligne peut ouvrir une rangée : son numéro, ou son titre et d'autres cellules."""
    cellules = _cellules(ligne, colonnes.bords) or []
    pleines = sum(1 for cellule in cellules if cellule)
    reperee = bool(cellules) and bool(cellules[colonnes.repere])
    return reperee and (colonnes.est_numero or 2 * pleines >= len(colonnes.bords))


def _region(mots: list[Mot], gauche: float, droite: float, page: int) -> Region | None:
    if not mots:
        return None
    cle = ("cellule", round(gauche / 3), round(droite / 3))
    return Region(assembler(mots), gauche, droite, cle, True, page=page)
