"""Lire la première feuille visible d'un classeur XLSX, réduit à ses pièces sûres."""

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl

from parvis.socle.archive import Archive, ArchiveIllisible, Bornes, ouvrir_zip
from parvis.socle.refus import Refus
from parvis.socle.tableur.modele import Nombre, Tableau, composer

# 200 000 lignes de vingt colonnes tiennent dans ces bornes.
_BORNES = Bornes(entrees=5_000, piece=160 * 1024 * 1024, total=256 * 1024 * 1024)
_LIGNES_D_EXCEL = 1_048_576
# Ces pièces se lisent au fil de l'eau ; les autres (styles, thème) tiennent entières en mémoire.
_GRANDES_PIECES = ("xl/worksheets/", "xl/sharedstrings")
_BALISES_MAX = 400_000
_ERREURS = frozenset(
    "#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA".split()
)
_SIGNE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # un signe que le XML ne porte pas (ISO 29500)
_ABIME = (
    "Ce classeur est abîmé, ou n’est pas un classeur XLSX. "
    "Ouvrez-le dans un tableur et enregistrez-le de nouveau au format XLSX ou CSV."
)


def lire_xlsx(octets: bytes, lignes_max: int) -> Tableau:
    """Rend le tableau d'un classeur ; lève Refus s'il est abîmé, hostile ou démesuré."""
    try:
        pieces = _pieces_sures(octets)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            classeur = openpyxl.load_workbook(
                pieces, read_only=True, data_only=True, keep_links=False
            )
            with closing(classeur):
                return _tableau(classeur, lignes_max)
    except (Refus, MemoryError):
        raise
    except ArchiveIllisible as erreur:
        raise Refus([f"Ce classeur ne se lit pas : {erreur.texte}"]) from None
    except Exception:  # un classeur abîmé fait échouer la bibliothèque de mille façons
        raise Refus([_ABIME]) from None


def _pieces_sures(octets: bytes) -> io.BytesIO:
    """Rend le classeur réduit à ses pièces XML, vérifiées : la bibliothèque n'en voit pas d'autre."""
    sortie = io.BytesIO()
    with ouvrir_zip(io.BytesIO(octets), len(octets), _BORNES) as zippee:
        archive = Archive(zippee, _BORNES)
        _exiger_un_classeur(archive)
        with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as copie:
            for nom in archive.noms:
                if nom.lower().endswith((".xml", ".rels")):
                    piece = archive.lire(nom)
                    grande = nom.lower().startswith(_GRANDES_PIECES)
                    if not grande and piece.count(b"<") > _BALISES_MAX:
                        raise ArchiveIllisible(f"la pièce « {nom} » contient trop de balises.")
                    copie.writestr(nom, piece)
    sortie.seek(0)
    return sortie


def _exiger_un_classeur(archive: Archive) -> None:
    if any(nom.lower() == "xl/workbook.bin" for nom in archive.noms):
        sorte = "un classeur Excel binaire (.xlsb)"
    elif archive.contient("mimetype") and archive.contient("content.xml"):
        sorte = "un classeur OpenDocument (.ods)"
    elif not any(nom.lower().startswith("xl/") for nom in archive.noms):
        sorte = "un fichier compressé ou un autre document"
    else:
        return
    raise Refus([f"Ce fichier est {sorte}. Donnez un tableau enregistré au format XLSX ou CSV."])


def _tableau(classeur: openpyxl.Workbook, lignes_max: int) -> Tableau:
    visibles = [f for f in classeur.worksheets if f.sheet_state == "visible"]
    if not visibles:
        raise Refus(["Ce classeur n’a aucune feuille visible."])
    feuille = visibles[0]
    # des logiciels annoncent une étendue fausse, qui couperait la feuille
    feuille.reset_dimensions()
    return composer(_rangees(feuille), lignes_max, "xlsx")


def _rangees(feuille: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[tuple[int, list[str]]]:
    for numero, valeurs in enumerate(feuille.iter_rows(min_row=1, values_only=True), 1):
        if numero > _LIGNES_D_EXCEL:
            return
        fin = len(valeurs)
        while fin and valeurs[fin - 1] is None:
            fin -= 1
        yield numero, [_texte(valeur) for valeur in valeurs[:fin]]


def _texte(valeur: object) -> str:
    """Rend la valeur d'une cellule comme un tableur français l'affiche."""
    if isinstance(valeur, str):
        if valeur in _ERREURS:
            return ""
        return _SIGNE.sub(_signe, valeur) if "_x" in valeur else valeur
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "vrai" if valeur else "faux"
    if isinstance(valeur, int | float):
        return _nombre(valeur)
    if isinstance(valeur, datetime):
        avec_heure = valeur.time() != time(0)
        return valeur.strftime("%d/%m/%Y %H:%M" if avec_heure else "%d/%m/%Y")
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    return valeur.strftime("%H:%M") if isinstance(valeur, time) else str(valeur)


def _nombre(valeur: float) -> str:
    if not math.isfinite(valeur):
        return ""
    if isinstance(valeur, int) or valeur.is_integer():
        return Nombre(int(valeur))
    return Nombre(f"{Decimal(repr(valeur)):f}".replace(".", ","))


def _signe(trouve: re.Match[str]) -> str:
    signe = chr(int(trouve.group(1), 16))
    return "" if signe == "\0" or "\ud800" <= signe <= "\udfff" else signe
