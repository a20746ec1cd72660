"""Étiquettes d'un tableau sans filets : ce qui les distingue d'un titre imprimé tout contre."""

from __future__ import annotations

import re

from parvis.cadre.importation.titres import titre_du_texte

from .lignes import Ligne

GOUTTIERE = 0.7  # en cadratins
_NUMERO = re.compile(r"\d{1,3}(?:[.-]\w{1,3})+[.)]?\s+\S")  # « 1.2.a Jardins »
_DETACHE = 1.3  # un titre est plus loin de ce qui précède que de ce qui suit
_LIGNE_VIDE = 2.6  # en cadratins


def cotes_de(ligne: Ligne, bord: float) -> tuple[bool, bool] | None:
    """Dit si une ligne a du texte à gauche et à droite du bord ; rien si elle le traverse."""
    a_gauche = [m for m in ligne.mots if m.x0 < bord]
    if a_gauche and max(m.x1 for m in a_gauche) > bord - GOUTTIERE * ligne.corps + 1.5:
        return None
    return bool(a_gauche), len(a_gauche) < len(ligne.mots)


def est_etiquette(lignes: list[Ligne], rang: int, bord: float) -> bool:
    """Dit si une ligne toute à gauche a un contenu à sa hauteur, ou continue une étiquette."""
    ligne = lignes[rang]
    if _continue_un_titre(lignes, rang, bord) or _est_un_titre(lignes, rang, bord):
        return False
    if _contenu_plus_bas(lignes, rang, bord) or _sans_contenu(lignes, rang, bord):
        return True
    for pas in (-1, 1):
        derniere, voisine = ligne, rang + pas
        while 0 <= voisine < len(lignes):
            autre = lignes[voisine]
            cotes = cotes_de(autre, bord)
            if cotes is None or abs(autre.base - derniere.base) > 1.75 * ligne.corps:
                break
            if cotes[1]:
                return True
            derniere, voisine = autre, voisine + pas
    return False


def _est_un_titre(lignes: list[Ligne], rang: int, bord: float) -> bool:
    """Dit si une ligne courte, détachée de ce qui précède, est le titre de la rangée qui la suit."""
    if rang + 1 >= len(lignes):
        return False
    ligne, suivante = lignes[rang], lignes[rang + 1]
    if cotes_de(suivante, bord) != (True, True):
        return False
    dessous = ligne.base - suivante.base
    # un titre tient à ce qui le suit ; une étiquette centrée est à mi-hauteur de son contenu
    if rang and lignes[rang - 1].base - ligne.base < _DETACHE * dessous:
        return False
    return _a_l_air_d_un_titre(ligne, suivante, bord)


def _a_l_air_d_un_titre(ligne: Ligne, suivante: Ligne, bord: float) -> bool:
    """Dit si une ligne est plus grasse que l'étiquette qui la suit, ou porte un numéro de niveau."""
    etiquette = [m for m in suivante.mots if m.x0 < bord and any(map(str.isalpha, m.texte))]
    if ligne.gras and any(not m.gras for m in etiquette):
        return True
    if _NUMERO.match(ligne.texte):
        return True
    titre = titre_du_texte(ligne.texte)
    return titre is not None and bool(titre.mot and titre.numero)


def _sans_contenu(lignes: list[Ligne], rang: int, bord: float) -> bool:
    """Dit si une ligne est, entre deux rangées aussi espacées, une étiquette dont la cellule est vide."""
    if not 0 < rang < len(lignes) - 1:
        return False
    avant, ligne, apres = lignes[rang - 1 : rang + 2]
    dessus, dessous = avant.base - ligne.base, ligne.base - apres.base
    regulier = abs(dessus - dessous) < 0.1 * dessous and dessous < _LIGNE_VIDE * ligne.corps
    entre = all((cotes_de(autre, bord) or (False, False))[1] for autre in (avant, apres))
    return regulier and entre and not _a_l_air_d_un_titre(ligne, apres, bord)


def _contenu_plus_bas(lignes: list[Ligne], rang: int, bord: float) -> bool:
    """Dit si le contenu d'une étiquette commence une ligne plus bas, après un paragraphe vide."""
    if rang + 1 >= len(lignes):
        return False
    ligne, suivante = lignes[rang], lignes[rang + 1]
    proche = ligne.base - suivante.base < _LIGNE_VIDE * ligne.corps
    return proche and cotes_de(suivante, bord) == (False, True)


def _continue_un_titre(lignes: list[Ligne], rang: int, bord: float) -> bool:
    """Dit si une ligne courte finit un titre ou un paragraphe plus large que l'étiquette."""
    for place in range(rang, 0, -1):
        ligne, avant = lignes[place], lignes[place - 1]
        proches = avant.base - ligne.base < 1.5 * ligne.corps and avant.gras == ligne.gras
        if not proches or abs(avant.x0 - ligne.x0) > 2:
            return False
        cotes = cotes_de(avant, bord)
        if cotes is None:
            return True
        if cotes[1]:
            return False
    return False
