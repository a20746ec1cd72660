"""Une section figée en parties à imprimer : ses champs, son tableau ou son texte, sans rien en perdre."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.dossiers.document.description import (
    Colonne,
    Fait,
    Faits,
    Ligne,
    Note,
    Partie,
    Tableau,
    Texte,
)

Figee = Mapping[str, Any]
VIDE = "Rien n’est écrit ici."
HORS_DE_L_APPEL = "Réponse à une question que l’appel ne pose plus"


def parties_de_la_section(
    figee: Figee, champs: Sequence[str] = (), sauf: frozenset[str] = frozenset()
) -> list[Partie]:
    """Rend ce que dit une section : ces champs-là, ou tous sauf ceux qu'un autre chapitre prend.

    Une section figée sans le nom de ses champs se rend d'un bloc, là où l'on demande « tous ».
    """
    if "champs" in figee:
        return _des_champs(figee, champs, sauf)
    if figee.get("lignes"):
        return [_le_tableau(figee)]
    return [Texte(figee["texte"])] if figee.get("texte") else [Note(VIDE)]


def _des_champs(figee: Figee, champs: Sequence[str], sauf: frozenset[str]) -> list[Partie]:
    codes = figee.get("codes")
    if codes is None:
        dits = [] if champs else [Fait(*champ) for champ in figee["champs"]]
        return [Faits(dits)] if dits else [Note(VIDE)]
    par_code = {
        code: Fait(*champ) for code, champ in zip(codes, figee["champs"], strict=True)
    } | _restes(figee, codes)
    if champs:
        gardes = [par_code[code] for code in champs if code in par_code]
    else:
        gardes = [fait for code, fait in par_code.items() if code not in sauf]
    return [Faits(gardes)] if gardes else [Note(VIDE)]


def _restes(figee: Figee, codes: Sequence[str]) -> dict[str, Fait]:
    """Rend ce qui reste écrit d'une question que l'appel a retirée."""
    valeur = figee.get("valeur") or {}
    return {
        code: Fait(HORS_DE_L_APPEL, str(texte))
        for code, texte in valeur.items()
        if code not in codes and texte
    }


def _le_tableau(figee: Figee) -> Tableau:
    lignes = [Ligne([str(dit) for dit in ligne]) for ligne in figee["lignes"]]
    return Tableau(figee["titre"], [Colonne(nom) for nom in figee["colonnes"]], lignes)
