"""Lire un CSV comme les tableurs et les gens l'écrivent : séparateur reconnu, guillemets suivis."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from parvis.socle.refus import Refus
from parvis.socle.tableur.encodage import decoder
from parvis.socle.tableur.gardes import desamorcer
from parvis.socle.tableur.modele import TROP_LONGUE, VIDE, Tableau, composer, est_un_titre

# Dans cet ordre quand deux conviennent : une virgule sépare aussi les décimales et les adresses.
SEPARATEURS = (";", "\t", "|", ",")
_RIEN = " \r\n;,\t|\u00a0"
_ESSAI = 200_000
_RANGEES_D_ESSAI = 50
_NET = 0.9  # part des cellules à leur place à partir de laquelle l'ordre ci-dessus tranche
_PASSABLE = 0.5
_GUILLEMETS = re.compile(r'"[^"]*"')
_INDICATION = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)  # première ligne propre à Excel
# Une seule colonne se lit avec un séparateur qu'aucun texte ne contient.
_ABSENTS = "\x1f\x1e\x1d\x1c"


def lire_csv(octets: bytes, lignes_max: int) -> Tableau:
    """Rend le tableau d'un CSV ; lève Refus s'il est binaire, mal formé ou démesuré."""
    texte, encodage = decoder(octets)
    if not texte.strip(_RIEN):
        raise Refus([VIDE])
    indication = _INDICATION.match(texte)
    saut = indication.end() if indication else 0
    separateur = indication.group(1) if indication else reconnaitre_le_separateur(texte)
    coupe = separateur or next((s for s in _ABSENTS if s not in texte), _ABSENTS[0])
    rangees = _rangees(texte, coupe, saut)
    return composer(rangees, lignes_max, "csv", separateur or ";", encodage)


def reconnaitre_le_separateur(texte: str) -> str | None:
    """Rend le séparateur qui coupe les rangées comme l'en-tête ; None pour une seule colonne."""
    essai = texte[:_ESSAI]
    notes = {s: _note(essai, s, len(texte) > _ESSAI) for s in SEPARATEURS}
    possibles = [s for s in SEPARATEURS if notes[s][0] > 1]
    # un guillemet isolé dans l'en-tête trompe ce décompte : les notes suffisent alors
    retenus = [s for s in possibles if _colonnes_du_titre(essai, s) == notes[s][0]] or possibles
    for separateur in retenus:
        if notes[separateur][1] >= _NET:
            return separateur
    meilleur = max(retenus, key=lambda s: notes[s][1], default=None)
    return meilleur if meilleur and notes[meilleur][1] >= _PASSABLE else None


def _note(essai: str, separateur: str, coupe: bool) -> tuple[int, float]:
    """Rend le nombre de colonnes de l'en-tête, et la part des cellules à leur place dessous."""
    pleines: list[list[str]] = []
    lecteur = csv.reader(io.StringIO(essai, newline=""), delimiter=separateur)
    try:
        remplies = (rangee for rangee in lecteur if any(c.strip() for c in rangee))
        pleines.extend(islice(remplies, _RANGEES_D_ESSAI))
    except csv.Error:  # une cellule démesurée : on juge sur ce qui précède
        pass
    if coupe and 1 < len(pleines) < _RANGEES_D_ESSAI:
        pleines.pop()
    if not pleines:
        return 0, 0.0
    if len(pleines) > 1 and est_un_titre(pleines[0], pleines[1]):
        pleines.pop(0)
    largeur = len(pleines[0])
    parts = [_a_leur_place(rangee, largeur) for rangee in pleines[1:]]
    return largeur, sum(parts) / len(parts) if parts else 1.0


def _a_leur_place(rangee: list[str], largeur: int) -> float:
    """Rend la part des cellules d'une rangée qui répondent à l'en-tête ; 0 si rien ne la coupe."""
    nombre = len(rangee)
    while nombre > largeur and not rangee[nombre - 1].strip():
        nombre -= 1
    return min(nombre, largeur) / max(nombre, largeur) if nombre > 1 else 0.0


def _colonnes_du_titre(essai: str, separateur: str) -> int:
    """Rend le nombre de colonnes de l'en-tête si l'on ne compte que hors des guillemets ; 0 si une."""
    squelette = _GUILLEMETS.sub(lambda m: "x" if m.group().strip('" ') else "", essai)
    lignes = re.split(r"[\r\n]+", squelette)
    pleines = [ligne for ligne in lignes if ligne.replace(separateur, "").strip()][:2]
    coupees = [ligne.split(separateur) for ligne in pleines]
    if len(coupees) == 2 and est_un_titre(*coupees):
        pleines.pop(0)
    titre = pleines[0] if pleines else ""
    nombre = titre.count(separateur) + 1
    return nombre if nombre > 1 else 0


def _rangees(texte: str, separateur: str, saut: int) -> Iterator[tuple[int, list[str]]]:
    """Rend chaque rangée et le numéro de sa première ligne ; lève Refus sur un guillemet fautif."""
    flux = io.StringIO(texte, newline="")
    flux.seek(saut)
    lecteur = csv.reader(flux, delimiter=separateur, strict=True)
    decalage = 2 if saut else 1
    numero = decalage
    # l'apostrophe d'une garde posée par nous n'est pas à l'usager
    gardees = "'" in texte
    try:
        for rangee in lecteur:
            yield numero, [desamorcer(c) for c in rangee] if gardees else rangee
            numero = lecteur.line_num + decalage
    except csv.Error as erreur:
        raise Refus([f"Ligne {numero} : {_faute(erreur)}"]) from None


def _faute(erreur: csv.Error) -> str:
    if "field limit" in str(erreur):
        return f"{TROP_LONGUE[:-1]} : un guillemet ouvert ne se ferme peut-être pas."
    if "expected after" in str(erreur):
        return (
            "un guillemet est mal placé. Dans une cellule entre guillemets, un guillemet "
            "s’écrit deux fois."
        )
    return "un guillemet ouvert ne se ferme pas."
