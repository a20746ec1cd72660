"""Du corps d'un document Word au pivot : paragraphes, tableaux, zones de texte et notes, dans l'ordre."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from parvis.cadre.importation.formats import pivot
from parvis.cadre.importation.formats.archive import ouvrir
from parvis.cadre.importation.formats.docx.noms import (
    attribut,
    enfant,
    entier,
    nom,
    parcourir,
    verifier_profondeur,
)
from parvis.cadre.importation.formats.docx.numerotation import lire_numerotation
from parvis.cadre.importation.formats.docx.paragraphes import (
    Bloc,
    Contexte,
    ligne_de,
    lire_paragraphe,
    rendre_blocs,
    texte_de_note,
    vider_le_reste,
)
from parvis.cadre.importation.formats.docx.pieces import Pieces, lire_pieces
from parvis.cadre.importation.formats.docx.styles import lire_styles
from parvis.cadre.importation.source import LIMITE_LIGNE, DocumentIllisible

_COLONNES_MAX = 63  # limite de Word
_TEXTE_MIN = 200  # en dessous, un document illustré n'est qu'une suite d'images
_TEXTE_PAR_IMAGE = 40
_ETIQUETTE_MAX = 60
_ETIQUETTE = re.compile(r"\d\s*[:.–—-]?\s*$")


def lire_docx(chemin: str | Path) -> pivot.Pivot:
    """Lit un document Word ; lève DocumentIllisible s'il est abîmé, hostile, vide ou fait d'images."""
    with ouvrir(chemin) as archive:
        pieces = lire_pieces(archive)
        contexte = _contexte(pieces)
        incorpore = _lire_corps(contexte, pieces.corps)
    _verifier(contexte, incorpore)
    return contexte.pivot


def _contexte(pieces: Pieces) -> Contexte:
    styles = lire_styles(pieces.styles)
    notes: dict[tuple[str, str], etree._Element] = {}
    for genre, racine in (("footnote", pieces.notes), ("endnote", pieces.notes_de_fin)):
        for element in racine if racine is not None else ():
            if nom(element) == genre and attribut(element, "type", "normal") == "normal":
                notes[f"{genre}Reference", attribut(element, "id")] = element
    return Contexte(styles, lire_numerotation(pieces.numerotation, styles), notes, pivot.Pivot())


def _verifier(contexte: Contexte, incorpore: bool) -> None:
    if contexte.caracteres < max(_TEXTE_MIN, _TEXTE_PAR_IMAGE * contexte.images):
        if contexte.images:
            raise DocumentIllisible(
                "le document ne contient guère que des images : il faut la version où le texte "
                "se laisse sélectionner."
            )
        if incorpore:
            raise DocumentIllisible(
                "le texte est incorporé dans un autre format : "
                "ouvrez le document dans Word et enregistrez-le à nouveau en .docx."
            )
    if not contexte.pivot.lignes:
        raise DocumentIllisible("le document est vide.")


def _lire_corps(contexte: Contexte, corps: Iterable[etree._Element]) -> bool:
    """Lit le corps ; dit s'il incorpore un document d'un autre format."""
    paragraphes = tableaux = 0
    incorpore = False
    for element in (e for tete in corps for e in parcourir((tete,), "p", "tbl", "altChunk")):
        nomme = nom(element)
        if nomme == "p":
            paragraphes += 1
            _lire_bloc(contexte, element, f"paragraphe {paragraphes}", 0)
        elif nomme == "tbl":
            tableaux += 1
            _finir_paragraphe(contexte, paragraphes)
            _lire_tableau(contexte, element, f"tableau {tableaux}", 0)
        else:
            incorpore = True
    _finir_paragraphe(contexte, paragraphes)
    return incorpore


def _finir_paragraphe(contexte: Contexte, rang: int) -> None:
    bloc = vider_le_reste(contexte)
    if bloc is not None:
        _ecrire(contexte, ligne_de(bloc), f"paragraphe {rang}")
        _imprimer_notes(contexte, f"paragraphe {rang}")


def _ecrire(contexte: Contexte, ligne: str, repere: str) -> None:
    if len(ligne) > LIMITE_LIGNE:
        raise DocumentIllisible(
            f"{repere} : {len(ligne)} caractères d'un seul tenant (limite {LIMITE_LIGNE}).",
            len(contexte.pivot.lignes) + 1,
        )
    contexte.pivot.ajouter(ligne, repere)


def _imprimer_notes(contexte: Contexte, repere: str) -> None:
    appelees, contexte.a_imprimer = contexte.a_imprimer, []
    for cle in appelees:
        texte = texte_de_note(contexte, contexte.notes[cle])
        if texte:
            _ecrire(contexte, pivot.note(contexte.numeros[cle], texte), repere)


def _lire_bloc(contexte: Contexte, element: etree._Element, repere: str, profondeur: int) -> None:
    """Lit un paragraphe ou un tableau hors de toute rangée à plusieurs cellules."""
    verifier_profondeur(profondeur)
    if nom(element) == "tbl":
        _lire_tableau(contexte, element, repere, profondeur)
        return
    bloc, contenu = lire_paragraphe(contexte, element, sommaire=True)
    for boite in contenu.boites_avant:
        _lire_blocs(contexte, boite, repere, profondeur + 1)
    if bloc is not None:
        _ecrire(contexte, ligne_de(bloc), repere)
        _imprimer_notes(contexte, repere)
    for boite in contenu.boites_apres:
        _lire_blocs(contexte, boite, repere, profondeur + 1)


def _lire_blocs(contexte: Contexte, parent: etree._Element, repere: str, profondeur: int) -> None:
    for element in parcourir(parent, "p", "tbl"):
        _lire_bloc(contexte, element, repere, profondeur)


def _lire_tableau(
    contexte: Contexte, tableau: etree._Element, repere: str, profondeur: int
) -> None:
    verifier_profondeur(profondeur)
    for rang, rangee in enumerate(parcourir(tableau, "tr"), 1):
        place = repere if ", rangée" in repere else f"{repere}, rangée {rang}"
        proprietes = enfant(rangee, "trPr")
        if enfant(proprietes, "del") is not None:
            continue
        cellules = [c for c in parcourir(rangee, "tc") if not _retiree(c)]
        vides = min(max(entier(enfant(proprietes, "gridBefore")) or 0, 0), _COLONNES_MAX)
        if len(cellules) == 1 and not vides:
            _lire_cellule_seule(contexte, cellules[0], place, profondeur)
            continue
        lues = [_blocs_de_cellule(contexte, cellule, profondeur + 1) for cellule in cellules]
        _ecrire(contexte, _rangee([[]] * vides + lues), place)
        _imprimer_notes(contexte, place)


def _retiree(cellule: etree._Element) -> bool:
    """Dit si une cellule est supprimée, ou fondue dans celle de gauche."""
    proprietes = enfant(cellule, "tcPr")
    if enfant(proprietes, "cellDel") is not None:
        return True
    fusion = enfant(proprietes, "hMerge")
    return fusion is not None and attribut(fusion, defaut="continue") == "continue"


def _continue_la_precedente(cellule: etree._Element) -> bool:
    fusion = enfant(cellule, "tcPr", "vMerge")
    return fusion is not None and attribut(fusion, defaut="continue") == "continue"


def _rangee(cellules: list[list[Bloc]]) -> str:
    """Rend une rangée ; un titre seul dans sa rangée reste un titre."""
    remplies = [rang for rang, blocs in enumerate(cellules) if blocs]
    rendues = [rendre_blocs(blocs) for blocs in cellules]
    if remplies == [0] and len(cellules[0]) == 1 and cellules[0][0].niveau:
        rendues[0] = ligne_de(cellules[0][0])
    return pivot.rangee(rendues)


def _lire_cellule_seule(
    contexte: Contexte, cellule: etree._Element, repere: str, profondeur: int
) -> None:
    """Lit la cellule d'un cadre ou d'une rangée fusionnée comme du texte hors tableau."""
    if _continue_la_precedente(cellule):
        return
    elements = list(parcourir(cellule, "p", "tbl"))
    if len(elements) > 1 and all(nom(e) == "p" for e in elements):
        lus = [lire_paragraphe(contexte, element, sommaire=True) for element in elements]
        _lire_paragraphes_reunis(contexte, lus, repere, profondeur)
        return
    for element in elements:
        _lire_bloc(contexte, element, repere, profondeur + 1)


def _lire_paragraphes_reunis(contexte: Contexte, lus: list, repere: str, profondeur: int) -> None:
    """Réunit un titre que sa cellule imprime sur plusieurs paragraphes ; les autres restent à part."""
    suite: list[Bloc] = []
    for bloc, contenu in lus:
        for boite in contenu.boites_avant + contenu.boites_apres:
            _lire_blocs(contexte, boite, repere, profondeur + 1)
        if bloc is None:
            continue
        if suite and len(suite[-1].nu) < _ETIQUETTE_MAX and _ETIQUETTE.search(suite[-1].nu):
            avant = suite.pop()
            reuni = f"{avant.fragment} {bloc.fragment}"
            niveau = min(n for n in (avant.niveau, bloc.niveau) if n) if avant.niveau else 0
            bloc = Bloc(reuni, niveau, None, avant.tout_gras and bloc.tout_gras, bloc.nu)
        suite.append(bloc)
    for bloc in suite:
        _ecrire(contexte, ligne_de(bloc), repere)
    _imprimer_notes(contexte, repere)


def _blocs_de_cellule(
    contexte: Contexte, cellule: etree._Element, profondeur: int, boite: bool = False
) -> list[Bloc]:
    """Rend les blocs d'une cellule ; un tableau emboîté donne un paragraphe par rangée."""
    verifier_profondeur(profondeur)
    if not boite and _continue_la_precedente(cellule):
        return []
    blocs: list[Bloc] = []
    for element in parcourir(cellule, "p", "tbl"):
        if nom(element) == "tbl":
            blocs += _tableau_emboite(contexte, element, profondeur + 1)
            continue
        bloc, contenu = lire_paragraphe(contexte, element)
        for zone in contenu.boites_avant:
            blocs += _blocs_de_cellule(contexte, zone, profondeur + 1, boite=True)
        if bloc is not None:
            blocs.append(bloc)
        for zone in contenu.boites_apres:
            blocs += _blocs_de_cellule(contexte, zone, profondeur + 1, boite=True)
    return blocs


def _tableau_emboite(contexte: Contexte, tableau: etree._Element, profondeur: int) -> list[Bloc]:
    blocs: list[Bloc] = []
    for rangee in parcourir(tableau, "tr"):
        if enfant(rangee, "trPr", "del") is not None:
            continue
        cellules = [
            lus
            for cellule in parcourir(rangee, "tc")
            if not _retiree(cellule) and (lus := _blocs_de_cellule(contexte, cellule, profondeur))
        ]
        if len(cellules) == 1:
            blocs += cellules[0]
        elif cellules:
            blocs.append(Bloc("  ".join(b.fragment for lus in cellules for b in lus)))
    return blocs
