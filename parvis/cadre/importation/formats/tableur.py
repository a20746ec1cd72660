"""Tableaux CSV et classeurs XLSX : une ligne du pivot par ligne du tableau."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import openpyxl

from parvis.cadre.importation.blocs import Rangee
from parvis.cadre.importation.formats import pivot as p
from parvis.cadre.importation.formats.archive import ouvrir
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import LIMITE_LIGNE, DocumentIllisible
from parvis.cadre.importation.tableaux_de_fiches import entete_de_fiches
from parvis.cadre.importation.texte import cle

LIGNES_MAX = 20_000
COLONNES_MAX = 60
_LIGNES_VIDES_MAX = 20_000
_LIGNES_DE_TITRE = 10  # où l'on cherche l'en-tête d'un tableau
_PUCE = re.compile(r"^\s*(?:[•●▪■◦‣·∙➢✓–—*-]\s+|-(?=\w))")
_LIGNES_D_ESSAI = 60
_EN_TETE = ("titre du contrat", "territoire", "periode", "edition")
_PREAMBULE = "preambule"
# L'apostrophe que nos propres CSV placent devant ce qu'un tableur prendrait pour une formule.
_APOSTROPHE = re.compile(r"^'(?=[=+\-@＝＋－＠\t\r\n])")
_TITRE_MAX = 600
# Ces pièces se lisent au fil de l'eau ; les autres (styles, thème) tiennent entières en mémoire.
_GRANDES_PIECES = ("xl/worksheets/", "xl/sharedstrings")
_BALISES_MAX = 400_000
_ERREURS = frozenset("#N/A #REF! #DIV/0! #VALUE! #NAME? #NULL! #NUM!".split())


def est_un_csv(lignes: list[str]) -> bool:
    """Dit si des lignes sont un tableau séparé par des points-virgules, virgules ou tabulations."""
    return _separateur(lignes) is not None


def _separateur(lignes: list[str]) -> str | None:
    """Rend le séparateur d'un tableau : celui de notre modèle, ou celui de l'en-tête des colonnes."""
    pleines = list(islice((ligne for ligne in lignes if ligne.strip()), _LIGNES_DE_TITRE))
    if not pleines or "<p>" in pleines[0]:
        return None
    for separateur in ";,\t":
        premiere = pleines[0].split(separateur, 1)
        if len(premiere) > 1 and cle(premiere[0]) == _EN_TETE[0]:
            return separateur
    titres = max(pleines, key=lambda ligne: ligne.count(";"))
    coupees = [ligne for ligne in lignes[:_LIGNES_D_ESSAI] if ligne.strip()]
    partout = sum(ligne.count(";") >= 2 or '"' in ligne for ligne in coupees)
    # une phrase à points-virgules ne fait pas un tableau : il en faut sur la plupart des lignes
    if titres.count(";") >= 3 and len(titres) < _TITRE_MAX and ". " not in titres:
        return ";" if partout * 3 >= len(coupees) else None
    if any(_est_un_titre(ligne, ",") for ligne in pleines):
        return ","
    return "\t" if _est_un_titre(pleines[0], "\t") else None


def _est_un_titre(ligne: str, separateur: str) -> bool:
    """Dit si une ligne nomme des colonnes que le lecteur connaît."""
    if ligne.count(separateur) < 3 or len(ligne) > _TITRE_MAX:
        return False
    cellules = tuple(cellule.strip(' "') for cellule in ligne.split(separateur))
    return entete_de_fiches(Rangee(1, cellules)) is not None


def lire_csv(texte: str) -> Pivot:
    """Rend le pivot d'un tableau CSV ; lève DocumentIllisible si ses guillemets ne se ferment pas."""
    resultat = Pivot()
    separateur = _separateur(texte.split("\n", 200)[:200]) or ";"
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    ligne = rangees = 1
    ancienne = csv.field_size_limit(LIMITE_LIGNE)
    try:
        for cellules in lecteur:
            _ajouter_au_rang(resultat, ligne, _rangees(_APOSTROPHE.sub("", c) for c in cellules))
            ligne, rangees = lecteur.line_num + 1, rangees + any(cellules)
            if rangees > LIGNES_MAX + 1:
                raise DocumentIllisible(f"le tableau a plus de {LIGNES_MAX} lignes.", ligne)
    except csv.Error as erreur:
        raise DocumentIllisible(
            "le tableau CSV est mal formé : un guillemet ouvert ne se ferme pas.", ligne
        ) from erreur
    finally:
        csv.field_size_limit(ancienne)
    _refuser_un_tableau_vide(resultat)
    return resultat


def _ajouter_au_rang(resultat: Pivot, ligne: int, rangees: list[str]) -> None:
    """Ajoute des rangées ; chacune garde, tant qu'elle le peut, sa première ligne dans le fichier."""
    if rangees:
        vides = ligne - 1 - len(resultat.lignes)
        resultat.lignes += [""] * vides + rangees
        resultat.reperes += [""] * (vides + len(rangees))


def _refuser_un_tableau_vide(pivot: Pivot) -> None:
    """Refuse un modèle que personne n'a rempli : son en-tête est la dernière rangée."""
    pleines = [rang for rang, ligne in enumerate(pivot.lignes) if ligne]
    if not pleines:
        return
    cellules = tuple(pivot.lignes[pleines[-1]].split("\t"))
    if len(cellules) > 3 and entete_de_fiches(Rangee(1, cellules)) is not None:
        raise DocumentIllisible(
            "le tableau des fiches est vide : écrivez une fiche par ligne sous l'en-tête.",
            pleines[-1] + 1,
        )


def lire_xlsx(chemin: Path) -> Pivot:
    """Rend le pivot d'un classeur, feuille après feuille ; les feuilles cachées ne sont pas lues."""
    pieces = _pieces_sures(chemin)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            classeur = openpyxl.load_workbook(
                pieces, read_only=True, data_only=True, keep_links=False
            )
            with closing(classeur):
                return _feuilles(classeur)
    except DocumentIllisible:
        raise
    except Exception as erreur:  # un classeur abîmé fait échouer la bibliothèque de mille façons
        raise DocumentIllisible(
            "ce classeur est abîmé ou n'est pas un classeur XLSX : ouvrez-le dans un tableur et "
            "enregistrez-le de nouveau."
        ) from erreur


def _pieces_sures(chemin: Path) -> io.BytesIO:
    """Rend le classeur réduit à ses pièces XML, vérifiées : la bibliothèque n'en voit pas d'autre."""
    sortie = io.BytesIO()
    with ouvrir(chemin) as archive, zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as copie:
        for nom in archive.noms:
            if nom.lower().endswith((".xml", ".rels")):
                octets = archive.lire(nom)
                grande = nom.lower().startswith(_GRANDES_PIECES)
                if not grande and octets.count(b"<") > _BALISES_MAX:
                    raise DocumentIllisible(f"la pièce « {nom} » contient trop de balises.")
                copie.writestr(nom, octets)
    sortie.seek(0)
    return sortie


def _feuilles(classeur: openpyxl.Workbook) -> Pivot:
    resultat = Pivot()
    for feuille in classeur.worksheets:
        if feuille.sheet_state != "visible":
            continue
        vides = 0
        for numero, valeurs in enumerate(
            feuille.iter_rows(max_col=COLONNES_MAX, values_only=True), 1
        ):
            vide = valeurs.count(None) == len(valeurs)
            cellules = [] if vide else [_texte(valeur) for valeur in valeurs]
            if not any(cellules):
                vides += 1
                if vides > _LIGNES_VIDES_MAX:
                    break
                continue
            vides = 0
            if len(resultat.lignes) >= LIGNES_MAX:
                raise DocumentIllisible(f"le classeur a plus de {LIGNES_MAX} lignes.")
            for rangee in _rangees(cellules):
                resultat.ajouter(rangee, f"feuille « {feuille.title} », ligne {numero}")
    if not resultat.lignes:
        raise DocumentIllisible("aucune cellule remplie dans les feuilles visibles du classeur.")
    _refuser_un_tableau_vide(resultat)
    return resultat


def _rangees(cellules: Iterable[str]) -> list[str]:
    """Rend la rangée d'un tableau ; l'en-tête du contrat (« Territoire | … ») n'est que du texte."""
    nues = [cellule.strip() for cellule in islice(cellules, COLONNES_MAX)]
    while nues and not nues[-1]:
        nues.pop()
    if not nues:
        return []
    libelle = cle(nues[0]) if len(nues) < 3 and len(nues[0]) < 40 else ""
    if libelle in _EN_TETE:
        return [p.echapper(valeur) for valeur in nues[1:]]
    if libelle == _PREAMBULE:
        return [p.echapper(nues[0]), *(f"\t{en_cellule(valeur)}" for valeur in nues[1:])]
    return [p.rangee(en_cellule(cellule) for cellule in nues)]


def en_cellule(texte: str) -> str:
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
    """Rend la valeur d'une cellule comme un tableur français l'affiche."""
    if valeur is None or valeur in _ERREURS:
        return ""
    if isinstance(valeur, bool):
        return "vrai" if valeur else "faux"
    if isinstance(valeur, datetime | date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur.is_integer() else f"{valeur:.15g}".replace(".", ",")
    return str(valeur)
