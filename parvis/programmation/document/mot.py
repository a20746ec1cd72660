"""Un document en parties neutres écrit en Word : vrais titres, vrais tableaux, toujours les mêmes octets."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from parvis.cadre.document import description as du_cadre
from parvis.cadre.document.docx import pieces
from parvis.cadre.document.docx.balises import ENTETE, ESPACES, attribut, paragraphe, run
from parvis.cadre.document.docx.grilles import LARGEUR
from parvis.dossiers.document.description import (
    Document,
    Fait,
    Faits,
    Ligne,
    Note,
    Partie,
    Points,
    Tableau,
    Texte,
    Titre,
)
from parvis.socle.templatetags.socle import typo
from parvis.socle.typographie import visible

_DATE_FIXE = (1980, 1, 1, 0, 0, 0)
_GRAS, _PENCHE = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
_BRIQUE = '<w:b/><w:bCs/><w:color w:val="9B2C1F"/>'
_MARINE = '<w:b/><w:bCs/><w:color w:val="1F3A5F"/>'
_TEINTE, _PALE = "DCE4EE", "F1F4F8"
_GARDER = "<w:keepNext/>"
# Le contrat a une page de titre, et chacun de ses chapitres prend une page ; ici, tout se suit.
_STYLES = pieces.STYLES.replace("<w:pageBreakBefore/>", "")
_SOUS_LE_HAUT = '<w:spacing w:before="0" w:after="160"/>'
_A_LA_SUITE = '<w:spacing w:before="360" w:after="160"/>'
_TITRES = {2: ("Heading1", _A_LA_SUITE, '<w:sz w:val="30"/>'), 3: ("Heading2", "", "")}
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/>'
    '<w:footerReference w:type="default" r:id="rId5"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1361" w:right="1134" w:bottom="1247" w:left="1134" w:header="624"'
    ' w:footer="567" w:gutter="0"/></w:sectPr>'
)


def ecrire_en_word(document: Document, date: datetime) -> bytes:
    """Rend un document Word ; sa date est celle qu'on lui donne, jamais celle de la machine."""
    parties = (balises for partie in document.parties for balises in partie_en_word(partie))
    return empaqueter(
        "".join((*_tete(document), *parties)),
        titre=f"{document.titre} : {document.projet}",
        auteur=document.auteur,
        date=date,
        haut=_haut_de_page(document),
    )


def empaqueter(
    corps: str, *, titre: str, auteur: str, date: datetime, haut: str, pied: str = pieces.PIED
) -> bytes:
    """Rend le fichier Word d'un corps déjà écrit en balises, sous ce haut et sur ce pied de page."""
    proprietes = du_cadre.Document(
        titre=titre,
        mentions=(auteur,),
        pied=(),
        entete=("", ""),
        auteur=auteur,
        date=date,
        parties=(),
    )
    contenus = {
        "[Content_Types].xml": pieces.TYPES,
        "_rels/.rels": pieces.RELATIONS,
        "docProps/core.xml": pieces.proprietes(proprietes),
        "docProps/app.xml": pieces.APPLICATION,
        "word/document.xml": f"{ENTETE}<w:document {ESPACES}><w:body>{corps}{_PAGE}</w:body></w:document>",
        "word/styles.xml": _STYLES,
        "word/numbering.xml": pieces.NUMEROTATION,
        "word/settings.xml": pieces.REGLAGES,
        "word/header1.xml": f"{ENTETE}<w:hdr {ESPACES}>{haut}</w:hdr>",
        "word/footer1.xml": pied,
        "word/_rels/document.xml.rels": pieces.RELATIONS_DU_CORPS,
    }
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in contenus.items():
            info = zipfile.ZipInfo(nom, _DATE_FIXE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, contenu.encode())
    return sortie.getvalue()


def _haut_de_page(document: Document) -> str:
    droite = run(propre(document.titre))
    if document.bandeau:
        droite += run(f" · {propre(document.bandeau)}", _BRIQUE)
    return paragraphe("Header", f"{run(propre(document.entete))}<w:r><w:tab/></w:r>{droite}")


def _tete(document: Document) -> Iterator[str]:
    if document.bandeau:
        fond = '<w:shd w:val="clear" w:color="auto" w:fill="9B2C1F"/>'
        blanc = f'{_GRAS}<w:color w:val="FFFFFF"/><w:sz w:val="26"/>'
        yield paragraphe(
            "Normal", run(propre(document.bandeau), blanc), f'{fond}<w:jc w:val="center"/>'
        )
    yield paragraphe("Subtitle", run(propre(document.titre)))
    yield paragraphe("Title", run(propre(document.projet), '<w:sz w:val="44"/>'), _SOUS_LE_HAUT)
    yield paragraphe("Subtitle", run(propre(document.auteur), _MARINE))
    for mention in document.mentions:
        yield paragraphe("BodyText", run(propre(mention)))


def partie_en_word(partie: Partie) -> Iterator[str]:
    """Rend une partie en balises : titre, texte, points ou tableau."""
    if isinstance(partie, Titre):
        style, mise_en_page, signes = _TITRES[partie.niveau]
        yield paragraphe(style, run(propre(partie.texte), signes), mise_en_page)
    elif isinstance(partie, Faits):
        yield from map(_fait, partie.faits)
    elif isinstance(partie, Texte):
        yield paragraphe("BodyText", run(propre(partie.texte)))
    elif isinstance(partie, Note):
        yield paragraphe("BodyText", run(propre(partie.texte), _PENCHE))
    elif isinstance(partie, Points):
        for point in partie.points:
            yield paragraphe("ListBullet", run(propre(point)))
    elif isinstance(partie, Tableau):
        yield _tableau(partie)


def _fait(fait: Fait) -> str:
    dit = run(propre(f"{fait.libelle} :"), _MARINE) + run(f" {propre(fait.texte)}")
    return paragraphe("Normal", dit, _GARDER)


def _tableau(tableau: Tableau) -> str:
    """Rend un tableau et son nom, l'en-tête répété à chaque page, une ligne jamais coupée en deux."""
    parts = [colonne.part for colonne in tableau.colonnes]
    bornes = [LARGEUR * sum(parts[:rang]) // sum(parts) for rang in range(len(parts) + 1)]
    largeurs = [fin - debut for debut, fin in pairwise(bornes)]
    grille = "".join(f'<w:gridCol w:w="{largeur}"/>' for largeur in largeurs)
    entete = "".join(
        _case(paragraphe("Libelle", run(propre(colonne.intitule)), _alignement(colonne.est_nombre)),
              largeur, _TEINTE)
        for colonne, largeur in zip(tableau.colonnes, largeurs, strict=True)
    )  # fmt: skip
    rangees = "".join(_rangee(tableau, ligne, largeurs) for ligne in tableau.lignes)
    nom = propre(tableau.nom)
    return (
        paragraphe("Libelle", run(nom), f'{_GARDER}<w:spacing w:before="120" w:after="60"/>')
        + '<w:tbl><w:tblPr><w:tblStyle w:val="Grille"/>'
        f'<w:tblW w:w="{LARGEUR}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val={attribut(nom)}/>'
        f"</w:tblPr><w:tblGrid>{grille}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{entete}</w:tr>{rangees}</w:tbl>"
        + paragraphe("ApresGrille", "")
    )


def _rangee(tableau: Tableau, ligne: Ligne, largeurs: list[int]) -> str:
    gras, teinte = (_GRAS, _PALE) if ligne.est_forte else ("", "")
    cases = "".join(
        _case(paragraphe("Case", run(propre(case), gras), _alignement(colonne.est_nombre)),
              largeur, teinte)
        for case, colonne, largeur in zip(ligne.cases, tableau.colonnes, largeurs, strict=True)
    )  # fmt: skip
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cases}</w:tr>"


def _case(contenu: str, largeur: int, teinte: str) -> str:
    fond = f'<w:shd w:val="clear" w:color="auto" w:fill="{teinte}"/>' if teinte else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{largeur}" w:type="dxa"/>{fond}</w:tcPr>{contenu}</w:tc>'


def _alignement(est_nombre: bool) -> str:
    return '<w:jc w:val="right"/>' if est_nombre else ""


def propre(texte: str) -> str:
    """Rend un texte à la typographie française, sans signe caché ; ses lignes restent."""
    return "\n".join(str(typo(visible(ligne))) for ligne in texte.split("\n"))
