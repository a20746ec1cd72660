"""Les formats acceptés, et ceux que l'on reconnaît pour dire quoi faire."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from parvis.documents.enums import Sorte

_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Format:
    """Un format accepté : ses extensions, ses premiers octets, son type MIME, son nom courant."""

    extensions: tuple[str, ...]
    signature: bytes
    media: str
    mot: str


FORMATS: Mapping[Sorte, Format] = MappingProxyType(
    {
        Sorte.PDF: Format(("pdf",), b"%PDF-", "application/pdf", "PDF"),
        Sorte.JPEG: Format(("jpg", "jpeg"), b"\xff\xd8\xff", "image/jpeg", "JPEG"),
        Sorte.PNG: Format(("png",), b"\x89PNG\r\n\x1a\n", "image/png", "PNG"),
        Sorte.DOCX: Format(("docx",), _ZIP, f"{_OFFICE}.wordprocessingml.document", "Word (.docx)"),
        Sorte.XLSX: Format(("xlsx",), _ZIP, f"{_OFFICE}.spreadsheetml.sheet", "Excel (.xlsx)"),
        Sorte.ODT: Format(("odt",), _ZIP, f"{_ODF}.text", "LibreOffice (.odt)"),
        Sorte.ODS: Format(("ods",), _ZIP, f"{_ODF}.spreadsheet", "LibreOffice (.ods)"),
    }
)
SORTE_D_UNE_EXTENSION: Mapping[str, Sorte] = MappingProxyType(
    {extension: sorte for sorte, f in FORMATS.items() for extension in f.extensions}
)

_EN_PDF = "en PDF (« Fichier », « Exporter », ou « Imprimer » puis PDF)"
HEIC = (
    "Cette photo est au format HEIC de l’iPhone, que beaucoup d’ordinateurs n’ouvrent pas. Envoyez-la-vous "
    "par courriel depuis le téléphone, ou faites-en une capture d’écran : elle devient une image JPEG ou "
    "PNG. Pour les suivantes : Réglages, Appareil photo, Formats, « Le plus compatible »."
)
ARCHIVE = (
    "Ce fichier est une archive{nom} : ouvrez-la, puis déposez chaque document à part. "
    "Un dossier compressé ne se lit pas sur le site."
)
MACROS = (
    "Ce document contient des macros, des programmes que le site n’accepte pas : "
    "enregistrez-le {en}."
)
ANCIEN = (
    "Ce document est dans un ancien format Office ({nom}) : ouvrez-le, "
    "puis enregistrez-le en .{neuf} ou en PDF."
)
IMAGE = "Cette image est au format {nom} : enregistrez-la en JPEG ou en PNG."
AUTRE = "Ce fichier est {nom} : ouvrez-le, puis enregistrez-le {en}."
PROGRAMME = (
    "Ce fichier est un programme ou une page : le site n’en accepte aucun. "
    "S’il s’agit d’un document, enregistrez-le en PDF."
)


def _pour(extensions: str, phrase: str) -> dict[str, str]:
    return dict.fromkeys(extensions.split(), phrase)


# Ce que l'on refuse en disant quoi faire, par extension.
REFUS_D_UNE_EXTENSION: Mapping[str, str] = MappingProxyType(
    {
        **_pour("heic heif hif", HEIC),
        **_pour("zip zipx", ARCHIVE.format(nom=" ZIP")),
        **_pour("rar 7z tar gz tgz bz2 xz zst cab iso dmg jar apk", ARCHIVE.format(nom="")),
        **_pour("docm dotm", MACROS.format(en="en .docx sans macros, ou en PDF")),
        **_pour("xlsm xltm xlam", MACROS.format(en="en .xlsx sans macros, ou en PDF")),
        **_pour("pptm potm ppsm", MACROS.format(en=_EN_PDF)),
        **_pour("doc dot", ANCIEN.format(nom=".doc", neuf="docx")),
        **_pour("xls xlt", ANCIEN.format(nom=".xls", neuf="xlsx")),
        **_pour("xlsb", AUTRE.format(nom="un classeur binaire", en="en .xlsx ou en PDF")),
        **_pour("csv tsv", AUTRE.format(nom="un tableau nu", en="en .xlsx, en .ods ou en PDF")),
        **_pour("ppt pptx pps ppsx odp key", AUTRE.format(nom="une présentation", en=_EN_PDF)),
        **_pour("pages numbers", AUTRE.format(nom="au format d’Apple", en=_EN_PDF)),
        **_pour("txt rtf md wps wpd", AUTRE.format(nom="un texte", en=_EN_PDF)),
        **_pour("eml msg", AUTRE.format(nom="un courriel", en=_EN_PDF)),
        **_pour("dotx xltx ott ots", AUTRE.format(nom="un modèle de document", en=_EN_PDF)),
        **{e: IMAGE.format(nom=e.upper()) for e in "gif webp bmp tif tiff avif svg psd".split()},
        **_pour("exe com bat cmd msi scr ps1 vbs js mjs wsf hta lnk url sh py php", PROGRAMME),
        **_pour("html htm xhtml mht xml swf dll app reg", PROGRAMME),
    }
)


@dataclass(frozen=True)
class Contenu:
    """Un contenu reconnu à ses premiers octets, après `saut`."""

    signature: bytes
    nom: str
    conseil: str
    saut: int = 0


_RENOMMER = "Renommez-le en .{0}, ou enregistrez-le dans le bon format."
# Le premier qui convient l'emporte.
CONTENUS: tuple[Contenu, ...] = (
    Contenu(b"%PDF-", "un PDF", _RENOMMER.format("pdf")),
    Contenu(b"\xff\xd8\xff", "une image JPEG", _RENOMMER.format("jpg")),
    Contenu(b"\x89PNG", "une image PNG", _RENOMMER.format("png")),
    Contenu(b"GIF8", "une image GIF", "Enregistrez-la en JPEG ou en PNG."),
    Contenu(b"WEBP", "une image WebP", "Enregistrez-la en JPEG ou en PNG.", 8),
    Contenu(b"II*\x00", "une image TIFF", "Enregistrez-la en JPEG ou en PNG."),
    Contenu(b"MM\x00*", "une image TIFF", "Enregistrez-la en JPEG ou en PNG."),
    Contenu(b"BM", "une image BMP", "Enregistrez-la en JPEG ou en PNG."),
    Contenu(b"PK", "une archive ZIP ou un document de bureau",
            "Ouvrez-le avec le logiciel qui l’a fait, puis enregistrez-le en PDF."),
    Contenu(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un ancien document Office, ou protégé par un mot de passe",
            "Ouvrez-le, puis enregistrez-le en PDF, sans mot de passe."),
    Contenu(b"Rar!", "une archive", "Ouvrez-la, puis déposez chaque document à part."),
    Contenu(b"7z\xbc\xaf", "une archive", "Ouvrez-la, puis déposez chaque document à part."),
    Contenu(b"\x1f\x8b", "une archive", "Ouvrez-la, puis déposez chaque document à part."),
    Contenu(b"{\\rtf", "un texte RTF", "Ouvrez-le, puis enregistrez-le en PDF."),
    Contenu(b"MZ", "un programme", "Le site n’en accepte aucun."),
    Contenu(b"\x7fELF", "un programme", "Le site n’en accepte aucun."),
    Contenu(b"<", "une page", "Ouvrez-la, puis imprimez-la en PDF."),
)  # fmt: skip
_MARQUES_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


def est_un_heic(debut: bytes) -> bool:
    """Dit si ces premiers octets sont ceux d'une photo d'iPhone (ISO 23008-12)."""
    return debut[4:8] == b"ftyp" and debut[8:12] in _MARQUES_HEIC


def contenu_reconnu(debut: bytes) -> Contenu | None:
    """Rend ce que disent les premiers octets, ou rien."""
    return next((c for c in CONTENUS if debut.startswith(c.signature, c.saut)), None)


def mots_des_sortes(sortes: Collection[Sorte]) -> str:
    """Rend la liste des formats en clair : « PDF, JPEG, PNG ou Word (.docx) »."""
    mots = [f.mot for sorte, f in FORMATS.items() if sorte in sortes]
    return " ou ".join(filter(None, [", ".join(mots[:-1]), *mots[-1:]]))


def attribut_accept(sortes: Collection[Sorte]) -> str:
    """Rend l'attribut `accept` d'un champ de fichier, qui fait aussi convertir les photos d'un iPhone."""
    return ",".join(
        f".{e}" for sorte, f in FORMATS.items() if sorte in sortes for e in f.extensions
    )
