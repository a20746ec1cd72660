"""Ce qui, dans un document de bureau, agirait à son ouverture : macros, objets, modèles lointains."""

import io
import re
from collections.abc import Iterable
from urllib.parse import unquote

from lxml import etree

from parvis.socle.archive import ABIME, ArchiveIllisible
from parvis.socle.refus import Refus

PROGRAMME = (
    "Ce document contient des macros, des programmes que le site n’accepte pas : enregistrez-le en "
    ".docx, .xlsx, .odt ou .ods sans macros, ou en PDF."
)
AUTRE_FICHIER = (
    "Ce document porte un autre fichier en lui (un objet incorporé) : déposez ce fichier à part, "
    "et enregistrez le document en PDF."
)
LOINTAIN = (
    "Ce document va chercher une partie de lui-même sur une autre machine : enregistrez-le en PDF."
)

BALISES_MAX = 3_000_000
_MACROS = re.compile(
    r"(^|/)(vbaproject|vbadata)[^/]*$|(^|/)(macrosheets|activex)/|^(basic|scripts|dialogs)/",
    re.IGNORECASE,
)
# Ce qu'écrivent Word, Excel et LibreOffice ; tout autre fichier est un intrus.
_EXTENSIONS = frozenset(
    "xml rels vml rdf png jpg jpeg jfif gif bmp tif tiff emf wmf wdp svg svm odttf fntdata ttf otf "
    "webp tmp bin psmdcp sigs xlsx".split()
)
_SANS_EXTENSION = re.compile(
    r"mimetype|layout-cache|(.*/)?(ObjectReplacements|Configurations2|Pictures|Thumbnails)/.*|"
    r"(.*/)?Object \d+|META-INF/.*",
    re.IGNORECASE,
)
# Ces pièces portent un fichier qui s'ouvre d'un double clic.
_PORTEUSES = re.compile(r"(^|/)embeddings/(?!.*\.xlsx$)", re.IGNORECASE)
_LIENS_QUI_CHARGENT = re.compile(
    r"/(attachedTemplate|oleObject|package|frame|subDocument|afChunk|control)$"
)
_FICHIER = re.compile(r"file:(/*)", re.IGNORECASE)
_AUTRE_ADRESSE = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)
# Le mot du champ, au début de son instruction.
_DDE = re.compile(r"^\s*DDE(AUTO)?\b", re.IGNORECASE | re.MULTILINE)
_SCRIPT = "vnd.sun.star.script:"


def exiger_des_pieces_sures(noms: Iterable[str]) -> None:
    """Lève Refus si un nom de pièce est celui d'une macro, d'un objet incorporé ou d'un intrus."""
    motifs = []
    for nom in noms:
        if _MACROS.search(nom):
            motifs.append(PROGRAMME)
        elif _PORTEUSES.search(nom) or not _est_attendue(nom):
            motifs.append(AUTRE_FICHIER)
    if motifs:
        raise Refus(dict.fromkeys(motifs))


def _est_attendue(nom: str) -> bool:
    fin = nom.rpartition("/")[2]
    extension = fin.rpartition(".")[2].lower() if "." in fin else ""
    return extension in _EXTENSIONS or bool(not extension and _SANS_EXTENSION.fullmatch(nom))


def exiger_un_xml_sur(nom: str, octets: bytes) -> None:
    """Lève Refus si une pièce XML appelle un programme ou une autre machine ; ArchiveIllisible si abîmée.

    La pièce est parcourue sans jamais tenir entière en mémoire.
    """
    instructions: list[str] = []
    parcours = etree.iterparse(
        io.BytesIO(octets), events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for rang, (_, element) in enumerate(parcours):
            if rang > BALISES_MAX:
                raise ArchiveIllisible(f"la pièce « {nom} » contient trop de balises.")
            _examiner(element, instructions)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.LxmlError:
        raise ArchiveIllisible(f"la pièce « {nom} » : {ABIME}") from None
    # Un champ se coupe en plusieurs morceaux, même au milieu d'un mot.
    if _DDE.search("".join(instructions)):
        raise Refus([PROGRAMME])


def _examiner(element: etree._Element, instructions: list[str]) -> None:
    nom = etree.QName(element).localname
    if nom == "instrText":
        instructions.append(element.text or "")
    elif nom == "fldChar" and "begin" in element.attrib.values():
        instructions.append("\n")
    elif nom == "fldSimple":
        instructions.extend(f"\n{v}" for cle, v in element.attrib.items() if cle.endswith("instr"))
    elif nom in ("ddeLink", "dde-source", "dde-link"):
        raise Refus([PROGRAMME])
    elif nom in ("oleLink", "object-ole", "plugin", "applet"):
        raise Refus([AUTRE_FICHIER])
    elif nom == "Relationship":
        _examiner_un_lien(element)
    if any(_SCRIPT in valeur for valeur in element.attrib.values()):
        raise Refus([PROGRAMME])


def _examiner_un_lien(lien: etree._Element) -> None:
    """Un lien hypertexte attend un clic ; un modèle ou un objet lointain se charge tout seul."""
    sorte = lien.get("Type", "")
    if lien.get("TargetMode") != "External" or not _LIENS_QUI_CHARGENT.search(sorte):
        return
    if not sorte.endswith("attachedTemplate") or _est_ailleurs(lien.get("Target", "")):
        raise Refus([LOINTAIN])


def _est_ailleurs(cible: str) -> bool:
    """Dit si une adresse mène à une autre machine ; « file:///C:/… » et « C:\\… » restent sur celle-ci."""
    droite = unquote(cible).strip().replace("\\", "/")
    if fichier := _FICHIER.match(droite):
        # « file://serveur/… » et « file:////serveur/… » sont des partages.
        return len(fichier[1]) not in (0, 1, 3)
    return bool(_AUTRE_ADRESSE.match(droite))
