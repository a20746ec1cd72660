"""D'un fichier à son pivot : le format se reconnaît à son contenu, pas à son nom."""

from __future__ import annotations

import zipfile
from pathlib import Path

from parvis.cadre.importation import source
from parvis.cadre.importation.formats.docx import lire_docx
from parvis.cadre.importation.formats.isolement import ouvrir_a_part
from parvis.cadre.importation.formats.page_html import est_une_page, lire_html
from parvis.cadre.importation.formats.pdf import lire_pdf
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.formats.tableaux_html import deplier_les_tableaux
from parvis.cadre.importation.formats.tableur import est_un_csv, lire_csv, lire_xlsx
from parvis.cadre.importation.formats.texte import recoller
from parvis.cadre.importation.source import DocumentIllisible, fermeture

_PDF = b"%PDF"
_ARCHIVE = b"PK"


def ouvrir(chemin: Path) -> Pivot:
    """Rend le pivot d'un document : texte, Markdown, HTML, CSV, XLSX, DOCX ou PDF.

    Lève DocumentIllisible, avec une phrase et une ligne, si le fichier ne se lit pas.
    """
    if _est_binaire(_debut(chemin)):
        return ouvrir_a_part(chemin)
    lignes, anomalies = source.charger(chemin)
    pivot = pivot_du_texte(lignes)
    pivot.anomalies[:0] = anomalies
    return pivot


def ouvrir_ici(chemin: Path) -> Pivot:
    """Rend le pivot d'un PDF, d'un DOCX ou d'un XLSX, dans ce processus."""
    if _PDF in _debut(chemin):
        return lire_pdf(chemin)
    return lire_xlsx(chemin) if _est_un_classeur(chemin) else lire_docx(chemin)


def _debut(chemin: Path) -> bytes:
    try:
        with chemin.open("rb") as flux:
            return flux.read(1024)
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur), 0) from erreur


def _est_binaire(debut: bytes) -> bool:
    return _PDF in debut or debut.startswith((_ARCHIVE, source.ANCIEN_OFFICE))


def pivot_du_texte(lignes: list[str]) -> Pivot:
    """Rend le pivot d'un texte : page HTML, tableau CSV, ou texte et Markdown."""
    debut = "\n".join(lignes[:60])
    if est_une_page(debut):
        return lire_html("\n".join(lignes))
    if est_un_csv(lignes):
        return lire_csv("\n".join(lignes))
    return Pivot(recoller(deplier_les_tableaux(lignes)))


def _est_un_classeur(chemin: Path) -> bool:
    try:
        with zipfile.ZipFile(chemin) as archive:
            return any(nom.startswith("xl/") for nom in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
