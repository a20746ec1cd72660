"""Écrire des tableaux à emporter : CSV à la française, XLSX ; jamais une formule."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Cellule = str | int | Decimal | date | None
# Un tableur exécuterait une cellule qui commence ainsi (OWASP, injection de formule).
AMORCES_DE_FORMULE = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def csv_francais(colonnes: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """Rend un CSV que les tableurs français ouvrent : « ; », UTF-8 avec marque, virgule décimale."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow([en_texte(colonne) for colonne in colonnes])
    ecrivain.writerows([en_texte(cellule) for cellule in ligne] for ligne in lignes)
    return "\ufeff".encode() + sortie.getvalue().encode()


def xlsx(colonnes: Sequence[str], lignes: Iterable[Sequence[Cellule]], feuille: str) -> bytes:
    """Rend un classeur d'une feuille : en-tête figé, nombres et dates en vrai, texte sans formule."""
    sortie = io.BytesIO()
    classeur = xlsxwriter.Workbook(
        sortie,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    page = classeur.add_worksheet(feuille[:31])
    page.write_row(0, 0, colonnes, classeur.add_format({"bold": True, "text_wrap": True}))
    page.freeze_panes(1, 0)
    largeurs = [len(colonne) for colonne in colonnes]
    for rang, ligne in enumerate(lignes, 1):
        for colonne, cellule in enumerate(ligne):
            _ecrire(page, rang, colonne, cellule)
            largeurs[colonne] = max(largeurs[colonne], min(len(str(cellule or "")), 60))
    for colonne, largeur in enumerate(largeurs):
        page.set_column(colonne, colonne, min(largeur + 2, 60))
    classeur.close()
    return sortie.getvalue()


def _ecrire(
    page: xlsxwriter.worksheet.Worksheet, rang: int, colonne: int, cellule: Cellule
) -> None:
    if cellule is None or cellule == "":
        return
    if isinstance(cellule, (datetime, date)):
        page.write_datetime(rang, colonne, cellule)
    elif isinstance(cellule, (int, Decimal)):
        page.write_number(rang, colonne, cellule)
    else:
        page.write_string(rang, colonne, str(cellule))


def en_texte(cellule: Cellule) -> str:
    """Rend une cellule comme un CSV français l'écrit, sans amorce de formule."""
    if cellule is None:
        return ""
    if isinstance(cellule, (datetime, date)):
        return cellule.strftime("%d/%m/%Y")
    if isinstance(cellule, (int, Decimal)):
        return str(cellule).replace(".", ",")
    return sans_formule(str(cellule))


def sans_formule(texte: str) -> str:
    """Rend un texte qu'un tableur n'exécutera pas : une apostrophe précède ce qui l'amorcerait."""
    return f"'{texte}" if texte.startswith(AMORCES_DE_FORMULE) else texte
