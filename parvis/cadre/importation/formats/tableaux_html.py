"""Tableaux HTML d'un texte Markdown (Pandoc, GitHub) : chaque rangée redevient une ligne du pivot."""

from __future__ import annotations

import re

from parvis.cadre.importation.formats.page_html import lire_html

_OUVRE = re.compile(r"^\s*<table\b", re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_RANGEE = re.compile(r"<tr\b", re.IGNORECASE)


def deplier_les_tableaux(lignes: list[str]) -> list[str]:
    """Rend les lignes, celles d'un tableau HTML remplacées par ses rangées ; leurs numéros sont gardés.

    Une rangée prend la ligne de sa balise ; un tableau jamais fermé reste tel quel.
    """
    resultat: list[str] = []
    debut, profondeur = -1, 0
    for rang, ligne in enumerate(lignes):
        if debut < 0 and _OUVRE.match(ligne):
            debut, profondeur = rang, 0
        if debut < 0:
            resultat.append(ligne)
            continue
        profondeur += sum(-1 if fermante else 1 for fermante in _TABLE.findall(ligne))
        if profondeur <= 0:
            resultat += _rangees(lignes[debut : rang + 1])
            debut = -1
    return resultat + (lignes[debut:] if debut >= 0 else [])


def _rangees(lignes: list[str]) -> list[str]:
    """Rend les rangées d'un tableau, chacune à sa ligne quand chacune a la sienne."""
    rangees = lire_html("\n".join(lignes)).lignes
    places = [rang for rang, ligne in enumerate(lignes) if _RANGEE.search(ligne)]
    if len(places) < len(rangees):
        return rangees + [""] * (len(lignes) - len(rangees))
    resultat = [""] * len(lignes)
    for place, rangee in zip(places, rangees, strict=False):
        resultat[place] = rangee
    return resultat
