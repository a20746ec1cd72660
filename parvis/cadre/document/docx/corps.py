"""Le corps d'un document Word : page de titre, sommaire, titres, textes, grilles et notes."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.cadre.document.description import (
    Document,
    Grille,
    Index,
    Note,
    Partie,
    Sommaire,
    Texte,
    Titre,
    insecables,
    paragraphes,
)
from parvis.cadre.document.docx.balises import (
    ENTETE,
    ESPACES,
    FIN_DE_CHAMP,
    debut_de_champ,
    paragraphe,
    run,
)
from parvis.cadre.document.docx.grilles import grille, index

PUCE = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
_EXPOSANT = '<w:vertAlign w:val="superscript"/>'
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/>'
    '<w:footerReference w:type="default" r:id="rId5"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1361" w:right="1134" w:bottom="1247" w:left="1134" w:header="624"'
    ' w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>'
)


def corps(document: Document) -> str:
    """Rend la pièce principale du document."""
    contenu = "".join((*_couverture(document), *_parties(document)))
    return f"{ENTETE}<w:document {ESPACES}><w:body>{contenu}{_PAGE}</w:body></w:document>"


def _couverture(document: Document) -> Iterator[str]:
    yield paragraphe("Title", run(insecables(document.titre)))
    for mention in document.mentions:
        yield paragraphe("Subtitle", run(insecables(mention)))
    for ligne in document.pied:
        yield paragraphe("Mention", run(insecables(ligne)))


def _parties(document: Document) -> Iterator[str]:
    for rang, partie in enumerate(document.parties):
        yield from _partie(document, partie, rang)


def _partie(document: Document, partie: Partie, rang: int) -> Iterator[str]:
    if isinstance(partie, Titre):
        yield _titre(partie, rang)
    elif isinstance(partie, Texte):
        yield from blocs("BodyText", partie.texte)
    elif isinstance(partie, Grille):
        yield grille(partie)
    elif isinstance(partie, Index):
        yield index(partie)
    elif isinstance(partie, Note):
        appel = run(str(partie.numero), _EXPOSANT)
        yield paragraphe("NoteDuDocument", appel + run(f" {insecables(partie.texte)}"))
    elif isinstance(partie, Sommaire):
        yield from _sommaire(document)


def _titre(titre: Titre, rang: int) -> str:
    repere = (
        f'<w:bookmarkStart w:id="{rang}" w:name="{_signet(titre)}"/>'
        f'{run(insecables(titre.texte))}<w:bookmarkEnd w:id="{rang}"/>'
    )
    return paragraphe(f"Heading{titre.niveau}", repere)


def _signet(titre: Titre) -> str:
    return f"_{titre.ancre.replace('-', '_')}"


def _sommaire(document: Document) -> Iterator[str]:
    """Rend le sommaire : un champ que Word recalcule, et la liste qu'il montre sans attendre."""
    yield paragraphe("TOCHeading", run("Sommaire"))
    titres = document.titres
    for rang, titre in enumerate(titres):
        debut = debut_de_champ('TOC \\o "1-3" \\h \\z \\u') if rang == 0 else ""
        fin = FIN_DE_CHAMP if rang == len(titres) - 1 else ""
        lien = (
            f'<w:hyperlink w:anchor="{_signet(titre)}" w:history="1">'
            f"{run(insecables(titre.texte))}</w:hyperlink>"
        )
        yield paragraphe(f"TOC{titre.niveau}", debut + lien + fin)


def blocs(style: str, texte: str) -> Iterator[str]:
    """Rend les paragraphes et les points de liste d'un texte."""
    for est_un_point, bloc in paragraphes(texte):
        yield paragraphe("ListBullet" if est_un_point else style, run(bloc))
