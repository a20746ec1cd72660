"""Pièces d'un document Word, retrouvées par les relations que l'archive déclare."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from parvis.cadre.importation.formats.archive import Archive
from parvis.cadre.importation.formats.docx.noms import ENVELOPPES, nom
from parvis.cadre.importation.source import DocumentIllisible

_USUELLES = {
    "styles": "styles.xml",
    "numbering": "numbering.xml",
    "footnotes": "footnotes.xml",
    "endnotes": "endnotes.xml",
}
_AUTRES = (
    ("xl/", "c'est un classeur Excel, pas un document Word."),
    ("ppt/", "c'est une présentation, pas un document Word."),
    ("content.xml", "c'est un document OpenDocument : enregistrez-le en .docx."),
)


_DU_CORPS = tuple(
    f"{{*}}{local.rpartition(':')[2]}" for local in ("p", "tbl", "altChunk", *sorted(ENVELOPPES))
)


@dataclass(slots=True)
class Pieces:
    """Racines XML du document ; une pièce facultative peut manquer."""

    corps: Iterator[etree._Element]  # enfants du corps, lus au fur et à mesure
    styles: etree._Element | None
    numerotation: etree._Element | None
    notes: etree._Element | None
    notes_de_fin: etree._Element | None


def lire_pieces(archive: Archive) -> Pieces:
    """Rend les pièces utiles ; lève DocumentIllisible si l'archive n'est pas un document Word."""
    principale = _relations(archive, "").get("officeDocument", "word/document.xml")
    if not archive.contient(principale):
        raise DocumentIllisible(_autre_format(archive))
    relations = _relations(archive, principale)
    dossier = posixpath.dirname(principale)
    racines = []
    for genre, usuelle in _USUELLES.items():
        chemin = relations.get(genre) or posixpath.join(dossier, usuelle)
        racines.append(archive.lire_xml(chemin) if archive.contient(chemin) else None)
    return Pieces(_corps(archive, principale), *racines)


def _corps(archive: Archive, principale: str) -> Iterator[etree._Element]:
    for element in archive.parcourir_xml(principale, _DU_CORPS):
        if nom(element.getparent()) != "body":
            raise DocumentIllisible(_autre_format(archive))
        yield element


def _relations(archive: Archive, piece: str) -> dict[str, str]:
    """Rend, pour chaque genre de relation d'une pièce, le chemin de la pièce visée."""
    dossier, fichier = posixpath.split(piece)
    chemin = posixpath.join(dossier, "_rels", f"{fichier}.rels")
    if not archive.contient(chemin):
        return {}
    resultat: dict[str, str] = {}
    for relation in archive.lire_xml(chemin):
        cible = relation.get("Target", "").replace("\\", "/")
        if not cible or relation.get("TargetMode") == "External":
            continue
        complet = posixpath.normpath(posixpath.join("/", dossier, cible)).lstrip("/")
        resultat.setdefault(relation.get("Type", "").rpartition("/")[2], complet)
    return resultat


def _autre_format(archive: Archive) -> str:
    for debut, phrase in _AUTRES:
        if any(nom_.lower().startswith(debut) for nom_ in archive.noms):
            return phrase
    return "ce fichier compressé n'est pas un document Word."
