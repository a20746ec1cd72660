"""Petits documents Word écrits pièce par pièce, pour éprouver une seule chose à la fois."""

from __future__ import annotations

import zipfile
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_ESPACES = (
    'xmlns:w="{w}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="{cible}"/></Relationships>'
)


def piece(racine: str, contenu: str, espace: str = W) -> str:
    """Rend une pièce XML dont la racine déclare les vocabulaires."""
    return f"<w:{racine} {_ESPACES.format(w=espace)}>{contenu}</w:{racine}>"


def ecrire(
    chemin: Path, corps: str, espace: str = W, cible: str = "word/document.xml", **pieces: str
) -> Path:
    """Écrit un document Word : son corps, et d'autres pièces (`styles="…"`, `numbering="…"`)."""
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _RELATIONS.format(cible=cible))
        archive.writestr(cible, piece("document", f"<w:body>{corps}</w:body>", espace))
        for nom, contenu in pieces.items():
            archive.writestr(f"word/{nom}.xml", piece(nom, contenu, espace))
    return chemin


def p(texte: str = "", proprietes: str = "", run: str = "") -> str:
    """Rend un paragraphe d'un seul texte."""
    return f"<w:p><w:pPr>{proprietes}</w:pPr>{r(texte, run)}</w:p>"


def r(texte: str, proprietes: str = "") -> str:
    """Rend un texte et sa mise en forme."""
    return f'<w:r><w:rPr>{proprietes}</w:rPr><w:t xml:space="preserve">{texte}</w:t></w:r>'


def tc(contenu: str, proprietes: str = "") -> str:
    """Rend une cellule ; un texte nu devient un paragraphe."""
    contenu = contenu if contenu.startswith("<") else p(contenu)
    return f"<w:tc><w:tcPr>{proprietes}</w:tcPr>{contenu}</w:tc>"


def tbl(*rangees: str) -> str:
    """Rend un tableau ; chaque rangée est la suite de ses cellules."""
    return "<w:tbl>" + "".join(f"<w:tr>{rangee}</w:tr>" for rangee in rangees) + "</w:tbl>"


def niveau(rang: int, format_: str, texte: str, reste: str = "") -> str:
    """Rend un niveau de numérotation."""
    return (
        f'<w:lvl w:ilvl="{rang}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>{reste}'
        f'<w:lvlText w:val="{texte}"/></w:lvl>'
    )


def numerotation(*niveaux: str, num: str = "") -> str:
    """Rend une numérotation 1 faite de niveaux ; `num` ajoute d'autres numéros."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(niveaux)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{num}'
    )


def num(ilvl: int, num_id: int = 1) -> str:
    """Rend les propriétés d'un paragraphe numéroté."""
    return f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num_id}"/></w:numPr>'
