"""Imprime en Word le texte d'un contrat d'essai, sous plusieurs aspects, pour le relire."""

from __future__ import annotations

import html
import io
import re
import zipfile
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from parvis.cadre.importation.blocs import est_separateur, lire_note

_BALISE = re.compile(r"<(/?)(p|ul|ol|li|b|strong|i|br|sup)\b[^<>]*>")
_GRAS_MD = re.compile(r"\*\*([^*]+)\*\*")
_LIEN = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_MARQUE = re.compile(r"\s*[•-]\s+")
_TITRE_NUMEROTE = re.compile(
    r"(?P<nom>→\s*Enjeu stratégique|Fiche opérationnelle) n°(?P<n>[\d-]+) : (?P<titre>.+)"
)
_DATE_FIXE = (2020, 1, 1, 0, 0, 0)
_PUCES, _TITRES = "90", "91"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


@dataclass(frozen=True, slots=True)
class Aspect:
    """Ce qui change d'un document Word à l'autre pour un même contrat."""

    puces_de_word: bool = True  # sinon « • » tapé
    titres_en_styles: bool = True  # sinon des paragraphes en gras
    numeros_automatiques: bool = False  # « Fiche opérationnelle n°1-2 : » vient de la numérotation
    notes_de_word: bool = True
    sommaire_en_tableau: bool = True  # sinon des paragraphes à tabulation
    suites_fusionnees: bool = False  # les suites d'une rubrique par fusion verticale


@dataclass(slots=True)
class _Point:
    """Paragraphe à imprimer : bouts (texte, gras, exposant), profondeur d'un point de liste."""

    bouts: list[tuple[str, bool, bool]] = field(default_factory=list)
    profondeur: int | None = None

    @property
    def nu(self) -> str:
        return "".join(bout[0] for bout in self.bouts)


@dataclass(slots=True)
class _Impression:
    document: Document
    aspect: Aspect
    notes: dict[int, str]
    appelees: list[int] = field(default_factory=list)
    tableau: object = None


def imprimer(texte: str, chemin: Path, aspect: Aspect | None = None) -> Path:
    """Imprime le texte d'un contrat ; le même texte donne les mêmes octets."""
    lignes = texte.split("\n")
    notes = dict(note for ligne in lignes if (note := lire_note(ligne)))
    travail = _Impression(docx.Document(), aspect or Aspect(), notes)
    _preparer_numerotation(travail.document)
    for ligne in lignes:
        if ligne.strip() and not est_separateur(ligne):
            _imprimer_ligne(travail, ligne)
    if travail.appelees:
        _joindre_notes(travail)
    tampon = io.BytesIO()
    travail.document.save(tampon)
    chemin.write_bytes(_figer(tampon.getvalue()))
    return chemin


def _figer(octets: bytes) -> bytes:
    sortie = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as avant,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as apres,
    ):
        for nom in avant.namelist():
            info = zipfile.ZipInfo(nom, _DATE_FIXE)
            info.compress_type = zipfile.ZIP_DEFLATED
            apres.writestr(info, avant.read(nom))
    return sortie.getvalue()


def _imprimer_ligne(travail: _Impression, ligne: str) -> None:
    if lire_note(ligne) and travail.aspect.notes_de_word:
        return
    cellules = ligne.strip(" ").split("\t")
    en_table = not cellules[-1].strip(" <b>/").isdigit() or travail.aspect.sommaire_en_tableau
    if len(cellules) > 1 and en_table:
        _imprimer_rangee(travail, cellules)
        return
    if not lire_note(ligne):  # une note imprimée entre deux pages ne coupe pas le tableau
        travail.tableau = None
    dieses = len(ligne) - len(ligne.lstrip("#"))
    for point in decouper(ligne[dieses:]):
        if point.profondeur is None and _MARQUE.match(point.nu) and not dieses:
            point.profondeur = 0
        paragraphe = travail.document.add_paragraph()
        if dieses and travail.aspect.titres_en_styles:
            paragraphe.style = f"Heading {dieses}"
        _remplir(travail, paragraphe, point, gras=bool(dieses))


def _imprimer_rangee(travail: _Impression, cellules: list[str]) -> None:
    seule = not any(cellule.strip() for cellule in cellules[1:])
    titre = seule and "Fiche" in cellules[0]
    if travail.tableau is None or titre:
        travail.tableau = travail.document.add_table(rows=0, cols=max(2, len(cellules)))
        travail.tableau.style = "Table Grid"
    rangee = travail.tableau.add_row()
    cases = list(rangee.cells)
    if titre:
        cases[0]._tc.grid_span = 2
        cases[0]._tc.getparent().remove(cases[1]._tc)
    if travail.aspect.suites_fusionnees and not titre:
        cases[0]._tc.vMerge = "restart" if cellules[0].strip() else "continue"
    for case, cellule in zip(cases, cellules, strict=False):
        points = decouper(cellule) or [_Point()]
        for rang, point in enumerate(points):
            paragraphe = case.paragraphs[0] if rang == 0 else case.add_paragraph()
            _remplir(travail, paragraphe, point)


def decouper(fragment: str) -> list[_Point]:
    """Découpe un fragment en paragraphes et points de liste."""
    fragment = _GRAS_MD.sub(r"<b>\1</b>", _LIEN.sub(r"\1", fragment)).replace("**", "")
    points, courant = [], _Point()
    profondeur, gras, exposant, position = -1, False, False, 0
    for balise in [*_BALISE.finditer(fragment), None]:
        texte = html.unescape(fragment[position : balise.start() if balise else None])
        if texte.strip() or (texte and courant.bouts):
            courant.bouts.append((texte, gras, exposant))
        if balise is None:
            break
        position = balise.end()
        ferme, nom = bool(balise.group(1)), balise.group(2)
        if nom in ("b", "strong"):
            gras = not ferme
        elif nom == "sup":
            exposant = not ferme
        elif nom == "br":
            courant.bouts.append(("\n", gras, False))
        elif nom != "i":
            points.append(courant)
            profondeur += 0 if nom not in ("ul", "ol") else -1 if ferme else 1
            courant = _Point(profondeur=max(profondeur, 0) if nom == "li" and not ferme else None)
    return [point for point in [*points, courant] if point.nu.strip()]


def _remplir(
    travail: _Impression, paragraphe: Paragraph, point: _Point, gras: bool = False
) -> None:
    aspect = travail.aspect
    bouts = [(re.sub(r"[^\S\n\t]", " ", texte), *reste) for texte, *reste in point.bouts]
    numerote = _TITRE_NUMEROTE.match(point.nu.strip())
    if aspect.numeros_automatiques and numerote and "..." not in point.nu:
        _numeroter(paragraphe, _TITRES, int("Fiche" in numerote["nom"]))
        bouts = [(numerote["titre"], *bouts[0][1:])]
    elif point.profondeur is not None and bouts:
        nu = _MARQUE.sub("", bouts[0][0], count=1)
        bouts[0] = (nu if aspect.puces_de_word else f"• {nu}", *bouts[0][1:])
        if aspect.puces_de_word:
            _numeroter(paragraphe, _PUCES, point.profondeur)
    avant = ""
    for texte, est_gras, exposant in bouts:
        if exposant and texte.isdigit() and not avant.endswith("m") and aspect.notes_de_word:
            _appeler(travail, paragraphe, int(texte))
        else:
            run = paragraphe.add_run(texte)
            run.bold = True if est_gras or (gras and not aspect.titres_en_styles) else None
            run.font.superscript = True if exposant else None
        avant = texte


def _numeroter(paragraphe: Paragraph, num_id: str, niveau: int) -> None:
    proprietes = paragraphe._p.get_or_add_pPr()
    numero = proprietes.get_or_add_numPr()
    numero.get_or_add_ilvl().val = niveau
    numero.get_or_add_numId().val = int(num_id)


def _appeler(travail: _Impression, paragraphe: Paragraph, numero: int) -> None:
    run = paragraphe.add_run()
    run.font.superscript = True
    appel = OxmlElement("w:footnoteReference")
    appel.set(qn("w:id"), str(numero))
    run._r.append(appel)
    travail.appelees.append(numero)


def _preparer_numerotation(document: Document) -> None:
    racine = document.part.numbering_part.element
    puces = "".join(_niveau(rang, "bullet", "•") for rang in range(9))
    titres = _niveau(0, "decimal", "→ Enjeu stratégique n°%1 :")
    titres += _niveau(1, "decimal", "Fiche opérationnelle n°%1-%2 :")
    for identifiant, niveaux in ((_TITRES, titres), (_PUCES, puces)):
        definition = OxmlElement("w:abstractNum")
        definition.set(qn("w:abstractNumId"), identifiant)
        definition.extend(parse_xml(f"<w:lot {nsdecls('w')}>{niveaux}</w:lot>"))
        racine.insert(0, definition)
        numero = OxmlElement("w:num")
        numero.set(qn("w:numId"), identifiant)
        numero.append(OxmlElement("w:abstractNumId"))
        numero[0].set(qn("w:val"), identifiant)
        racine.append(numero)


def _niveau(rang: int, format_: str, texte: str) -> str:
    return (
        f'<w:lvl w:ilvl="{rang}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>'
        f'<w:lvlText w:val="{texte}"/></w:lvl>'
    )


def _joindre_notes(travail: _Impression) -> None:
    racine = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
    for numero in travail.appelees:
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(numero))
        paragraphe = travail.document.add_paragraph(travail.notes[numero])._p
        paragraphe.getparent().remove(paragraphe)
        note.append(deepcopy(paragraphe))
        racine.append(note)
    partie = travail.document.part
    octets = docx.oxml.xmlchemy.serialize_for_reading(racine).encode()
    piece = Part(PackURI("/word/footnotes.xml"), _NOTES, octets, partie.package)
    partie.relate_to(piece, RELATIONSHIP_TYPE.FOOTNOTES)
