"""Les pièces qui entourent le corps : styles, puces, réglages, propriétés, en-tête et pied."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from parvis.cadre.document.description import Document, insecables
from parvis.cadre.document.docx.balises import ENTETE, ESPACES, champ, nu, paragraphe, run

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
STYLES = Path(__file__).with_name("styles.xml").read_text(encoding="utf-8")

TYPES = (
    f'{ENTETE}<Types xmlns="{_PAQUET}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{nom}.xml" ContentType="{_TYPE}.{genre}+xml"/>'
        for nom, genre in (
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("header1", "header"),
            ("footer1", "footer"),
        )
    )
    + '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
)
RELATIONS = (
    f'{ENTETE}<Relationships xmlns="{_PAQUET}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PAQUET}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATION}/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
RELATIONS_DU_CORPS = (
    f'{ENTETE}<Relationships xmlns="{_PAQUET}/relationships">'
    + "".join(
        f'<Relationship Id="rId{rang}" Type="{_RELATION}/{genre}" Target="{cible}.xml"/>'
        for rang, (genre, cible) in enumerate(
            (
                ("styles", "styles"),
                ("numbering", "numbering"),
                ("settings", "settings"),
                ("header", "header1"),
                ("footer", "footer1"),
            ),
            1,
        )
    )
    + "</Relationships>"
)
APPLICATION = (
    f'{ENTETE}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Parvis</Application></Properties>'
)
NUMEROTATION = (
    f'{ENTETE}<w:numbering {ESPACES}><w:abstractNum w:abstractNumId="0">'
    '<w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="284" w:hanging="227"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
REGLAGES = (
    f'{ENTETE}<w:settings {ESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="fr-FR"/></w:settings>'
)
PIED = (
    f"{ENTETE}<w:ftr {ESPACES}>"
    + paragraphe(
        "Footer",
        run("Page ") + champ("PAGE", run("1")) + run(" sur ") + champ("NUMPAGES", run("1")),
    )
    + "</w:ftr>"
)


def en_tete(document: Document) -> str:
    """Rend l'en-tête de chaque page : le contrat à gauche, l'édition à droite."""
    gauche, droite = (run(insecables(texte)) for texte in document.entete)
    contenu = paragraphe("Header", f"{gauche}<w:r><w:tab/></w:r>{droite}")
    return f"{ENTETE}<w:hdr {ESPACES}>{contenu}</w:hdr>"


def proprietes(document: Document) -> str:
    """Rend les propriétés du document : titre, langue, auteur, date."""
    quand = document.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sujet = " · ".join(document.mentions)
    return (
        f'{ENTETE}<cp:coreProperties xmlns:cp="{_PAQUET}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{nu(document.titre)}</dc:title><dc:subject>{nu(sujet)}</dc:subject>"
        f"<dc:creator>{nu(document.auteur)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{quand}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{quand}</dcterms:modified>'
        "<dc:language>fr-FR</dc:language></cp:coreProperties>"
    )
