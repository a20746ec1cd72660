"""Des régions aux lignes du pivot : titres, paragraphes, listes, rangées, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.cadre.importation.formats.pivot import Pivot, note, rangee, titre

from .lignes import rendre
from .mesures import Mesures
from .paragraphes import Bloc, decouper, en_pivot
from .raccords import FINI, raccorder
from .regions import Contenu, Region, Tableau

_NUMERO_DE_PAGE = re.compile(r"^(.*\S)\s{2,}(\d{1,4})$")


@dataclass(slots=True)
class _Ligne:
    """Ligne du pivot, et ce qu'il faut savoir pour la recoller à la suivante."""

    texte: str
    page: int
    genre: str  # titre | paragraphe | liste | rangee | note
    corps: float = 0.0


def ecrire(contenus: list[Contenu], mesures: Mesures) -> Pivot:
    """Rend le pivot d'un document découpé et mesuré."""
    raccorder(contenus, mesures)
    lignes: list[_Ligne] = []
    for contenu in contenus:
        for rang, element in enumerate(contenu.elements):
            if isinstance(element, Tableau):
                lignes += _rangees(element, contenu.numero, mesures)
            else:
                nouvelles = _courant(element, contenu.numero, mesures)
                if rang == 0:
                    nouvelles = _recoller_la_page(lignes, nouvelles)
                lignes += nouvelles
        for numero, lignes_de_note in contenu.notes:
            fragment = rendre(lignes_de_note, sauf=1, recoller=mesures.recoller)
            lignes.append(_Ligne(note(numero, fragment), contenu.numero, "note"))
    pivot = Pivot()
    for ligne in lignes:
        pivot.ajouter(ligne.texte, f"page {ligne.page}")
    return pivot


def _courant(region: Region, page: int, mesures: Mesures) -> list[_Ligne]:
    resultat: list[_Ligne] = []
    puces: list[Bloc] = []
    for bloc in decouper(region, mesures):
        if bloc.puce and not mesures.niveau(bloc.lignes[0].corps):
            puces.append(bloc)
            continue
        if puces:
            resultat.append(_Ligne(en_pivot(puces, mesures), page, "liste"))
            puces = []
        resultat.append(_paragraphe(bloc, page, mesures))
    if puces:
        resultat.append(_Ligne(en_pivot(puces, mesures), page, "liste"))
    return resultat


def _paragraphe(bloc: Bloc, page: int, mesures: Mesures) -> _Ligne:
    corps = bloc.lignes[0].corps
    niveau = mesures.niveau(corps)
    sommaire = _NUMERO_DE_PAGE.match(bloc.lignes[-1].texte)
    fragment = bloc.fragment(mesures)
    if sommaire and not niveau and "...." not in fragment:
        fragment = re.sub(r"\s*((?:<b>)?\d{1,4}(?:</b>)?)$", r" .... \1", fragment)
    if niveau:
        nu = fragment.replace("<b>", "").replace("</b>", "")
        return _Ligne(titre(nu, niveau), page, "titre")
    return _Ligne(fragment, page, "paragraphe", corps)


def _recoller_la_page(avant: list[_Ligne], apres: list[_Ligne]) -> list[_Ligne]:
    """Recolle un paragraphe hors tableau que la fin de la page a coupé au milieu d'une phrase."""
    rang = len(avant) - 1
    while rang >= 0 and avant[rang].genre == "note":
        rang -= 1
    if rang < 0 or not apres or apres[0].genre != "paragraphe":
        return apres
    precedente, suite = avant[rang], apres[0]
    meme = precedente.genre == "paragraphe" and abs(precedente.corps - suite.corps) < 0.5
    nu = re.sub(r"^(?:<b>)?", "", suite.texte)
    if meme and nu[:1].islower() and not FINI.search(precedente.texte):
        precedente.texte = f"{precedente.texte} {suite.texte}"
        return apres[1:]
    return apres


def _rangees(tableau: Tableau, page: int, mesures: Mesures) -> list[_Ligne]:
    resultat = []
    for ligne in tableau.rangees:
        cellules = ligne.cellules
        if len(cellules) == 1:
            texte = _cellule_seule(cellules[0], mesures)
            genre = "rangee"
            if tableau.colonnes > 1:
                texte = rangee([texte, ""])
        else:
            etiquette = _etiquette(cellules[0], mesures)
            suite = [en_pivot(decouper(c, mesures), mesures) if c else "" for c in cellules[1:]]
            texte, genre = rangee([etiquette, *suite]), "rangee"
        resultat.append(_Ligne(texte, page, genre))
    return resultat


def _cellule_seule(region: Region | None, mesures: Mesures) -> str:
    if region is None:
        return ""
    blocs = decouper(region, mesures)
    if len(blocs) == 1 and not blocs[0].puce:
        return blocs[0].fragment(mesures)
    return en_pivot(blocs, mesures)


def _etiquette(region: Region | None, mesures: Mesures) -> str:
    if region is None:
        return ""
    return rendre(region.lignes, recoller=mesures.recoller)
