"""Le modèle de contrat à remplir dans un tableur, vide ou rempli d'un contrat déjà lu."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from parvis.cadre.importation.formats.contrat_en_tableau import (
    entete_du_contrat,
    rangees_des_fiches,
    titres_des_colonnes,
)
from parvis.cadre.importation.formats.modele_colonnes import AIDE_DE_L_ENTETE, COLONNES, LIBELLES
from parvis.cadre.importation.structure import ContratLu
from parvis.socle.tableaux import csv_francais

CELLULE_MAX = 32_767  # ce qu'une cellule XLSX peut tenir

_PRUDENCE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# « 1-1 » doit rester un texte : un tableur en ferait le premier janvier.
_TEXTE = {"num_format": "@", "text_wrap": True, "valign": "top"}
_TITRE = {**_TEXTE, "bold": True, "bg_color": "#E3E3FD", "border": 1}
_LARGEUR_DE_LIBELLE, _LARGEUR_DE_VALEUR = 26, 90


class ContratTropLong(ValueError):
    """Texte qu'une cellule de classeur ne peut pas tenir, dit en une phrase."""


def modele_xlsx() -> bytes:
    """Rend le classeur à remplir : ses deux feuilles, une note d'aide sur chaque en-tête."""
    return _classeur([(libelle, "") for libelle in LIBELLES], [c.titre for c in COLONNES], [])


def modele_csv() -> bytes:
    """Rend le même modèle en CSV : l'en-tête du contrat, puis le tableau des fiches."""
    return _csv([(libelle, "") for libelle in LIBELLES], [c.titre for c in COLONNES], [])


def contrat_en_xlsx(contrat: ContratLu) -> bytes:
    """Rend le modèle rempli d'un contrat lu ; lève ContratTropLong si un texte ne tient pas."""
    titres, rangees = titres_des_colonnes(contrat), rangees_des_fiches(contrat)
    entete = entete_du_contrat(contrat)
    for nom, texte in entete:
        _verifier(texte, f"« {nom} »" if nom else "le préambule")
    for rangee in rangees:
        for titre, texte in zip(titres, rangee, strict=True):
            _verifier(texte, f"« {titre} » de « {rangee[3] or rangee[0]} »")
    return _classeur(entete, titres, rangees)


def contrat_en_csv(contrat: ContratLu) -> bytes:
    """Rend en CSV le modèle rempli d'un contrat lu."""
    entete = entete_du_contrat(contrat)
    return _csv(entete, titres_des_colonnes(contrat), rangees_des_fiches(contrat))


def _verifier(texte: str, ou: str) -> None:
    if len(texte) > CELLULE_MAX:
        raise ContratTropLong(
            f"{ou} a {len(texte)} signes : une cellule de classeur en tient {CELLULE_MAX} ; "
            "écrivez plutôt un fichier .csv."
        )


def _csv(
    entete: Sequence[tuple[str, str]], titres: Sequence[str], rangees: Sequence[Sequence[str]]
) -> bytes:
    """Rend un seul tableau : une ligne vide sépare l'en-tête du contrat de celui des fiches."""
    (premier, *suite), vides = entete, [""] * (len(titres) - 2)
    lignes = [[*paire, *vides] for paire in suite]
    return csv_francais([*premier, *vides], [*lignes, [""] * len(titres), list(titres), *rangees])


def _classeur(
    entete: Sequence[tuple[str, str]], titres: Sequence[str], rangees: Sequence[Sequence[str]]
) -> bytes:
    sortie = io.BytesIO()
    classeur = xlsxwriter.Workbook(sortie, _PRUDENCE)
    texte, gras = classeur.add_format(_TEXTE), classeur.add_format(_TITRE)
    _feuille_du_contrat(classeur.add_worksheet("Contrat"), entete, texte, gras)
    _feuille_des_fiches(classeur.add_worksheet("Fiches"), titres, rangees, texte, gras)
    classeur.close()
    return sortie.getvalue()


def _feuille_du_contrat(page, entete: Sequence[tuple[str, str]], texte, gras) -> None:
    page.set_column(0, 0, _LARGEUR_DE_LIBELLE, texte)
    page.set_column(1, 1, _LARGEUR_DE_VALEUR, texte)
    for rang, (libelle, valeur) in enumerate(entete):
        if libelle:
            page.write_string(rang, 0, libelle, gras)
            page.write_comment(rang, 0, AIDE_DE_L_ENTETE[libelle], {"x_scale": 2})
        if valeur:
            page.write_string(rang, 1, valeur, texte)


def _feuille_des_fiches(
    page, titres: Sequence[str], rangees: Sequence[Sequence[str]], texte, gras
) -> None:
    for colonne, titre in enumerate(titres):
        connue = COLONNES[colonne] if colonne < len(COLONNES) else None
        page.set_column(colonne, colonne, connue.largeur if connue else 40, texte)
        page.write_string(0, colonne, titre, gras)
        if connue:
            page.write_comment(0, colonne, connue.aide, {"x_scale": 2, "y_scale": 1.5})
    page.freeze_panes(1, 0)
    for rang, rangee in enumerate(rangees, 1):
        for colonne, valeur in enumerate(rangee):
            if valeur:
                page.write_string(rang, colonne, valeur, texte)
