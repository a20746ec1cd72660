"""Relire un PDF : il s'ouvre sans mot de passe, et ne porte ni programme ni autre fichier."""

import io
import re
import zipfile

import pypdfium2 as pdfium
from pypdfium2 import raw

from parvis.socle.refus import Refus

PAGES_MAX = 500
# Des logiciels laissent quelques signes après la fin ; pas un fichier entier.
_SUITE_MAX = 1_024
_FIN = b"%%EOF"
_EN_PDF = "imprimez-le en PDF (« Imprimer », puis « Enregistrer au format PDF »)."
_REIMPRIMER = f"ouvrez-le, puis {_EN_PDF}"
_PROTEGE = f"Ce PDF est protégé par un mot de passe : retirez-le, ou {_REIMPRIMER}"
_ABIME = f"Ce PDF est abîmé ou incomplet : téléchargez-le de nouveau, ou {_REIMPRIMER}"
_PROGRAMME = (
    "Ce PDF contient un programme, comme certains formulaires à remplir : ouvrez-le, remplissez-le "
    f"s’il le faut, puis {_EN_PDF}"
)
_AUTRE_FICHIER = f"Ce PDF porte d’autres fichiers en lui : déposez-les à part, et {_REIMPRIMER}"

# Un mot de passe, ou une protection que le lecteur ne connaît pas.
_FERMES = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
# ISO 32000-1 : actions (12.6.4), fichiers joints (7.11.4), formulaires XFA (12.7.8).
_NOMS_DE_PROGRAMME = rb"JavaScript|JS|Launch|ImportData|XFA|RichMedia"
_NOMS_DE_FICHIER = rb"EF|EmbeddedFile|FileAttachment|GoToE"
_BORD = rb"(?=[\s/<>\[\](){}%]|$)"
_UN_PROGRAMME = re.compile(rb"/(?:" + _NOMS_DE_PROGRAMME + rb")" + _BORD)
_UN_FICHIER = re.compile(rb"/(?:" + _NOMS_DE_FICHIER + rb")" + _BORD)
# Dans les octets tels quels, un nom seul pourrait naître d’une image ou d’un texte.
_CACHE = re.compile(rb"/S\s*/(?:JavaScript|Launch)" + _BORD)
_DIESE = re.compile(rb"#([0-9A-Fa-f]{2})")
_FLUX = re.compile(rb"\bstream\r\n.*?\r\nendstream\b", re.DOTALL)
_TEXTE = re.compile(rb"\((?:[^\\()]|\\.)*\)", re.DOTALL)


def relire_un_pdf(octets: bytes) -> bytes:
    """Rend le PDF tel quel (une signature électronique reste valable) ; lève Refus."""
    _exiger_une_seule_nature(octets)
    copie = _recopier(octets)
    # Sans ses flux ni ses textes, il ne reste que les objets et leurs noms.
    objets = _TEXTE.sub(b"()", _FLUX.sub(b"", copie))
    motifs = []
    if _UN_PROGRAMME.search(objets) or _CACHE.search(_sans_dieses(octets)):
        motifs.append(_PROGRAMME)
    if _UN_FICHIER.search(objets):
        motifs.append(_AUTRE_FICHIER)
    if motifs:
        raise Refus(motifs)
    return octets


def _recopier(octets: bytes) -> bytes:
    """Rend le PDF récrit par le lecteur : objets dépliés, noms en clair, sans chiffrement.

    Un nom peut s'écrire « /J#61vaScript » ou se cacher dans un flux compressé ; ici, non.
    """
    try:
        document = pdfium.PdfDocument(octets)
    except pdfium.PdfiumError as erreur:
        est_ferme = getattr(erreur, "err_code", None) in _FERMES
        raise Refus([_PROTEGE if est_ferme else _ABIME]) from None
    try:
        _exiger_des_pages(document)
        sortie = io.BytesIO()
        document.save(sortie, flags=raw.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError:
        raise Refus([_ABIME]) from None
    finally:
        document.close()
    return sortie.getvalue()


def _exiger_des_pages(document: pdfium.PdfDocument) -> None:
    nombre = len(document)
    if nombre > PAGES_MAX:
        raise Refus(
            [f"Ce PDF a {nombre} pages ; la limite est de {PAGES_MAX}. N’en gardez que l’utile."]
        )
    if not nombre:
        raise Refus([_ABIME])
    for rang in range(nombre):
        document[rang].close()


def _exiger_une_seule_nature(octets: bytes) -> None:
    """Refuse un PDF qui est aussi une archive, ou que suit autre chose."""
    suite = octets[octets.rfind(_FIN) + len(_FIN) :] if _FIN in octets else b""
    if len(suite.strip(b"\0 \t\r\n\f")) > _SUITE_MAX or zipfile.is_zipfile(io.BytesIO(octets)):
        raise Refus([_AUTRE_FICHIER])


def _sans_dieses(octets: bytes) -> bytes:
    return _DIESE.sub(lambda trouve: bytes([int(trouve[1], 16)]), octets)
