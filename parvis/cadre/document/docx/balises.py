"""Les balises d'un document Word : paragraphes, textes, champs, sans jamais laisser passer un signe."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

ENTETE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# XML 1.0 n'admet pas ces signes, même échappés.
_INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def nu(texte: str) -> str:
    """Rend un texte échappé."""
    return escape(_INTERDITS.sub("", texte))


def attribut(texte: str) -> str:
    """Rend une valeur d'attribut, guillemets compris."""
    return quoteattr(_INTERDITS.sub("", texte))


def run(texte: str, proprietes: str = "") -> str:
    """Rend un bout de texte ; un passage à la ligne reste un passage à la ligne."""
    mise_en_forme = f"<w:rPr>{proprietes}</w:rPr>" if proprietes else ""
    morceaux = "<w:br/>".join(
        f'<w:t xml:space="preserve">{nu(morceau)}</w:t>' for morceau in texte.split("\n")
    )
    return f"<w:r>{mise_en_forme}{morceaux}</w:r>"


def paragraphe(style: str, contenu: str, proprietes: str = "") -> str:
    """Rend un paragraphe d'un style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{proprietes}</w:pPr>{contenu}</w:p>'


def champ(instruction: str, contenu: str = "") -> str:
    """Rend un champ que Word recalcule, avec ce qu'il montre en attendant."""
    return f"{debut_de_champ(instruction)}{contenu}{FIN_DE_CHAMP}"


def debut_de_champ(instruction: str) -> str:
    """Rend le début d'un champ, jusqu'à ce qu'il montre."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {nu(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIN_DE_CHAMP = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
