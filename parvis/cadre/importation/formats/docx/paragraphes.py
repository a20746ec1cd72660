"""Paragraphes d'un document Word : titre, point de liste ou texte, avec le numéro que Word imprime."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lxml import etree

from parvis.cadre.importation.formats import pivot
from parvis.cadre.importation.formats.docx.noms import attribut, enfant, entier, nom, parcourir
from parvis.cadre.importation.formats.docx.numerotation import Marque, Numerotation
from parvis.cadre.importation.formats.docx.styles import Style, Styles, niveau_hierarchique
from parvis.cadre.importation.formats.docx.texte import (
    Contenu,
    Morceau,
    conduire_a_la_page,
    fragment,
    lire_contenu,
)

_DEJA_MARQUE = re.compile(r"(?:<[^<>]+>|\s)*(?:[•●▪■◦‣·∙➢✓]|[-–—*]\s)")
_RESTE_MAX = 1_000  # bouts de texte au-delà desquels un paragraphe ne s'allonge plus
_APPELS_MAX = 999  # au-delà, le lecteur ne reconnaît plus un numéro de note


@dataclass(slots=True)
class Bloc:
    """Paragraphe lu : `niveau` pour un titre, `profondeur` pour un point de liste."""

    fragment: str
    niveau: int = 0
    profondeur: int | None = None
    tout_gras: bool = False
    nu: str = ""


@dataclass(slots=True)
class Contexte:
    """Ce que toute la lecture du document partage."""

    styles: Styles
    numerotation: Numerotation
    notes: dict[tuple[str, str], etree._Element]
    pivot: pivot.Pivot
    numeros: dict[tuple[str, str], int] = field(default_factory=dict)
    a_imprimer: list[tuple[str, str]] = field(default_factory=list)
    reste: list[Morceau] = field(default_factory=list)
    dans_une_note: bool = False
    images: int = 0
    caracteres: int = 0

    def appeler(self, genre: str, identifiant: str) -> int:
        """Rend le numéro d'une note dans l'ordre des appels ; 0 si elle n'existe pas."""
        cle = (genre, identifiant)
        if self.dans_une_note or cle not in self.notes or len(self.numeros) >= _APPELS_MAX:
            return 0
        if cle not in self.numeros:
            self.numeros[cle] = len(self.numeros) + 1
            self.a_imprimer.append(cle)
        return self.numeros[cle]

    @contextmanager
    def lire_une_note(self) -> Iterator[None]:
        """Empêche une note d'en appeler une autre."""
        self.dans_une_note, reste, self.reste = True, self.reste, []
        try:
            yield
        finally:
            self.dans_une_note, self.reste = False, reste


def lire_paragraphe(
    contexte: Contexte, element: etree._Element, sommaire: bool = False
) -> tuple[Bloc | None, Contenu]:
    """Rend un paragraphe lu (rien s'il est vide) et son contenu, avec ses zones de texte."""
    proprietes = enfant(element, "pPr")
    style = contexte.styles.style(attribut(enfant(proprietes, "pStyle")) or contexte.styles.defaut)
    contenu = lire_contenu(element, style, contexte.styles, contexte.appeler)
    contexte.images += contenu.images
    contenu.morceaux[:0] = contexte.reste
    contexte.reste = []
    if _fin_supprimee(proprietes) and _a_une_suite(element) and len(contenu.morceaux) < _RESTE_MAX:
        contexte.reste = contenu.morceaux
        return None, contenu
    marque = _marque(contexte.numerotation, proprietes, style)
    if not contenu.nu.strip():
        return None, contenu
    contexte.caracteres += len(contenu.nu)
    niveau = niveau_hierarchique(proprietes)
    niveau = style.niveau if niveau is None else niveau
    return _bloc(contenu, niveau, marque, style.retrait, sommaire), contenu


def vider_le_reste(contexte: Contexte) -> Bloc | None:
    """Rend le paragraphe qui attendait une suite, quand rien ne la suit."""
    morceaux, contexte.reste = contexte.reste, []
    rendu = fragment(morceaux)
    contexte.caracteres += len(rendu)
    return Bloc(rendu, nu="".join(m.texte for m in morceaux).strip()) if rendu else None


def _a_une_suite(element: etree._Element) -> bool:
    # Le corps se lit au fur et à mesure : ce qui suit un de ses paragraphes n'est pas encore connu.
    parent, suivant = element.getparent(), element.getnext()
    if parent is not None and nom(parent) == "body":
        return True
    return suivant is not None and nom(suivant) == "p"


def _fin_supprimee(proprietes: etree._Element | None) -> bool:
    fin = enfant(proprietes, "rPr")
    return enfant(fin, "del") is not None or enfant(fin, "moveFrom") is not None


def _marque(
    numerotation: Numerotation, proprietes: etree._Element | None, style: Style
) -> Marque | None:
    numero = enfant(proprietes, "numPr")
    num_id = attribut(enfant(numero, "numId")) or style.num_id
    ilvl = entier(enfant(numero, "ilvl"))
    return numerotation.marquer(num_id, style.ilvl if ilvl is None else ilvl, style.lignee)


def _bloc(
    contenu: Contenu, niveau: int, marque: Marque | None, retrait: int, sommaire: bool
) -> Bloc:
    morceaux, tout_gras = contenu.morceaux, contenu.tout_gras
    profondeur = None
    if marque is not None and marque.texte and not (marque.puce and niveau):
        if niveau or marque.nomme or (marque.composee and tout_gras):
            morceaux = [Morceau(f"{marque.texte} ", tout_gras), *morceaux]
        elif marque.puce or marque.texte != "•":
            profondeur = marque.profondeur or retrait
    if sommaire and not niveau:
        morceaux = conduire_a_la_page(morceaux)
    rendu = fragment(morceaux, avec_gras=not niveau)
    return Bloc(rendu, niveau, profondeur, tout_gras, "".join(m.texte for m in morceaux).strip())


def rendre_blocs(blocs: list[Bloc]) -> str:
    """Rend le contenu d'une cellule : paragraphes, et points de liste rassemblés."""
    sortie: list[str] = []
    points: list[tuple[int, str]] = []
    for bloc in blocs:
        if bloc.profondeur is not None:
            points.append((bloc.profondeur, _en_point(bloc)))
            continue
        sortie += [pivot.liste(points), pivot.paragraphe(_en_gras(bloc))]
        points = []
    return "".join([*sortie, pivot.liste(points)])


def _en_gras(bloc: Bloc) -> str:
    return f"<b>{bloc.fragment}</b>" if bloc.niveau else bloc.fragment


def _en_point(bloc: Bloc) -> str:
    # La puce que Word imprime distingue un point neuf de la suite d'un point coupé.
    return bloc.fragment if _DEJA_MARQUE.match(bloc.fragment) else f"• {bloc.fragment}"


def ligne_de(bloc: Bloc) -> str:
    """Rend la ligne d'un paragraphe hors tableau."""
    if bloc.niveau:
        return pivot.titre(bloc.fragment, bloc.niveau)
    if bloc.profondeur is not None:
        return pivot.liste([(bloc.profondeur, _en_point(bloc))])
    tete = bloc.fragment[:1]
    # Un dièse ou une barre tapés par l'auteur ne font ni un titre ni un tableau.
    return f"&#{ord(tete)};{bloc.fragment[1:]}" if tete in ("#", "|") else bloc.fragment


def texte_de_note(contexte: Contexte, element: etree._Element) -> str:
    """Rend le texte d'une note, ses paragraphes mis bout à bout."""
    with contexte.lire_une_note():
        lus = [lire_paragraphe(contexte, p)[0] for p in parcourir(element, "p")]
    return " ".join(bloc.fragment for bloc in lus if bloc is not None)
