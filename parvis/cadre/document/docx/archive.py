"""L'archive d'un document Word : ses pièces, dans un ordre et à une date fixes."""

from __future__ import annotations

import io
import zipfile

from parvis.cadre.document.description import Document
from parvis.cadre.document.docx import corps, pieces

# La plus petite date d'une archive : le même document donne les mêmes octets.
_DATE_FIXE = (1980, 1, 1, 0, 0, 0)


def ecrire_docx(document: Document) -> bytes:
    """Rend un document Word."""
    contenus = {
        "[Content_Types].xml": pieces.TYPES,
        "_rels/.rels": pieces.RELATIONS,
        "docProps/core.xml": pieces.proprietes(document),
        "docProps/app.xml": pieces.APPLICATION,
        "word/document.xml": corps.corps(document),
        "word/styles.xml": pieces.STYLES,
        "word/numbering.xml": pieces.NUMEROTATION,
        "word/settings.xml": pieces.REGLAGES,
        "word/header1.xml": pieces.en_tete(document),
        "word/footer1.xml": pieces.PIED,
        "word/_rels/document.xml.rels": pieces.RELATIONS_DU_CORPS,
    }
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, contenu in contenus.items():
            info = zipfile.ZipInfo(nom, _DATE_FIXE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, contenu.encode())
    return sortie.getvalue()
