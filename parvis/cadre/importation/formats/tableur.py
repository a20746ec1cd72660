"""Tableaux CSV et classeurs XLSX : une ligne du pivot par ligne du tableau."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import openpyxl

from parvis.cadre.importation.formats import pivot as p
from parvis.cadre.importation.formats.archive import ouvrir
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import LIMITE_LIGNE, DocumentIllisible
from parvis.cadre.importation.texte import cle

LIGNES_MAX = 20_000
COLONNES_MAX = 60
_LIGNES_VIDES_MAX = 500
_PUCE = re.compile(r"^\s*(?:[•●▪■◦‣·∙➢✓–—*-]\s+|-(?=\w))")
_EN_TETE = ("titre du contrat", "territoire", "periode", "edition")


def est_un_csv(lignes: list[str]) -> bool:
    """Dit si des lignes sont un tableau séparé par des points-virgules, virgules ou tabulations."""
    pleines = [ligne for ligne in lignes[:200] if ligne.strip()]
    if not pleines or "<p>" in pleines[0]:
        return False
    titres = max(pleines[:10], key=lambda ligne: ligne.count(";"))
    return titres.count(";") >= 3 and len(titres) < 600 and ". " not in titres


def lire_csv(texte: str) -> Pivot:
    """Rend le pivot d'un tableau CSV ; lève DocumentIllisible si ses guillemets ne se ferment pas."""
    resultat = Pivot()
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte), strict=True)
    ligne = 1
    ancienne = csv.field_size_limit(LIMITE_LIGNE)
    try:
        for cellules in lecteur:
            # chaque rangée garde le numéro de sa première ligne dans le fichier
            vides = ligne - 1 - len(resultat.lignes)
            resultat.lignes += [""] * vides
            resultat.reperes += [""] * vides
            resultat.lignes.append(_rangee(cellules))
            resultat.reperes.append("")
            ligne = lecteur.line_num + 1
    except csv.Error as erreur:
        raise DocumentIllisible(
            "le tableau CSV est mal formé : un guillemet ouvert ne se ferme pas.", ligne
        ) from erreur
    finally:
        csv.field_size_limit(ancienne)
    return resultat


def _separateur(texte: str) -> str:
    titres = next((ligne for ligne in texte.split("\n") if ligne.strip()), "")
    return max(";\t,", key=titres.count)


def lire_xlsx(chemin: Path) -> Pivot:
    """Rend le pivot d'un classeur, feuille après feuille ; les feuilles cachées ne sont pas lues."""
    _verifier(chemin)
    try:
        classeur = openpyxl.load_workbook(chemin, read_only=True, data_only=True, keep_links=False)
        try:
            return _feuilles(classeur)
        finally:
            classeur.close()
    except DocumentIllisible:
        raise
    except Exception as erreur:  # un classeur abîmé fait échouer la bibliothèque de mille façons
        raise DocumentIllisible(
            "ce classeur est abîmé ou n'est pas un classeur XLSX : ouvrez-le dans un tableur et "
            "enregistrez-le de nouveau."
        ) from erreur


def _verifier(chemin: Path) -> None:
    """Refuse un classeur hostile avant que la bibliothèque ne l'ouvre."""
    with ouvrir(chemin) as archive:
        for nom in archive.noms:
            if nom.endswith((".xml", ".rels")):
                archive.lire(nom)


def _feuilles(classeur: openpyxl.Workbook) -> Pivot:
    resultat = Pivot()
    for feuille in classeur.worksheets:
        if feuille.sheet_state != "visible":
            continue
        vides = 0
        for numero, valeurs in enumerate(
            feuille.iter_rows(max_col=COLONNES_MAX, values_only=True), 1
        ):
            cellules = [_texte(valeur) for valeur in valeurs]
            if not any(cellules):
                vides += 1
                if vides > _LIGNES_VIDES_MAX:
                    break
                continue
            vides = 0
            if len(resultat.lignes) >= LIGNES_MAX:
                raise DocumentIllisible(f"le classeur a plus de {LIGNES_MAX} lignes.")
            resultat.ajouter(_rangee(cellules), f"feuille « {feuille.title} », ligne {numero}")
    return resultat


def _rangee(cellules: Iterable[str]) -> str:
    """Rend une rangée ; l'en-tête du contrat (« Territoire | … ») est un texte, non une rubrique."""
    nues = [cellule.strip() for cellule in cellules][:COLONNES_MAX]
    while nues and not nues[-1]:
        nues.pop()
    if len(nues) == 2 and cle(nues[0]) in _EN_TETE:
        return p.echapper(nues[1])
    return p.rangee(_cellule(cellule) for cellule in nues)


def _cellule(texte: str) -> str:
    """Rend une cellule : un paragraphe par ligne, une liste pour les lignes à puce."""
    lignes = [ligne for ligne in texte.replace("\r", "\n").split("\n") if ligne.strip()]
    if len(lignes) < 2:
        return p.echapper(texte.strip())
    morceaux: list[str] = []
    points: list[tuple[int, str]] = []
    for ligne in lignes:
        if puce := _PUCE.match(ligne):
            points.append((0, p.echapper(ligne[puce.end() :].strip())))
            continue
        morceaux.append(p.liste(points) + p.paragraphe(p.echapper(ligne.strip())))
        points = []
    return "".join(morceaux) + p.liste(points)


def _texte(valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, datetime | date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)
