"""Relire un document de bureau : une archive bien formée, de la sorte dite, sans programme ni intrus."""

import io
import re
import zipfile
from dataclasses import dataclass

from lxml import etree

from parvis.documents.controle.piege import (
    AUTRE_FICHIER,
    PROGRAMME,
    exiger_des_pieces_sures,
    exiger_un_xml_sur,
)
from parvis.socle.archive import Archive, ArchiveIllisible, Bornes, ouvrir_zip, verifier_xml
from parvis.socle.refus import Refus

BORNES = Bornes(entrees=3_000, piece=64 * 1024 * 1024, total=128 * 1024 * 1024)
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Le type que doit déclarer la pièce principale (ISO 29500-1, 11.3 et 12.3 ; OpenDocument 1.2, partie 3).
_PRINCIPAL = {
    "docx": f"{_OFFICE}.wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet.main+xml",
}
_MIMETYPE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
_LIEN_PRINCIPAL = re.compile(r".*/officeDocument$")
_FIN_D_ARCHIVE = 22
_ABIME = (
    "Ce document est abîmé ou n’est pas ce que dit son nom : ouvrez-le, puis enregistrez-le de "
    "nouveau, ou enregistrez-le en PDF."
)
_PROTEGE = (
    "Ce document est protégé par un mot de passe : enregistrez-le sans mot de passe, ou en PDF."
)


@dataclass(frozen=True)
class _Declare:
    """Ce qu'un document déclare : le type de ses pièces, par nom puis par extension."""

    par_nom: dict[str, str]
    par_extension: dict[str, str]

    def type_de(self, nom: str) -> str:
        extension = nom.rpartition(".")[2].lower()
        return self.par_nom.get(f"/{nom}".lower(), self.par_extension.get(extension, ""))


def relire_un_document(octets: bytes, sorte: str) -> bytes:
    """Rend le document tel quel ; lève Refus s'il est abîmé, démesuré, piégé ou d'une autre sorte."""
    try:
        _examiner(octets, sorte, peut_contenir=True)
    except ArchiveIllisible as erreur:
        raise Refus([f"Ce document ne se lit pas : {erreur.texte}"]) from None
    except etree.LxmlError:
        raise Refus([_ABIME]) from None
    return octets


def _examiner(octets: bytes, sorte: str, *, peut_contenir: bool) -> None:
    _exiger_une_seule_nature(octets)
    with ouvrir_zip(io.BytesIO(octets), len(octets), BORNES) as zippee:
        if min((i.header_offset for i in zippee.infolist()), default=1):
            raise Refus([_ABIME])
        archive = Archive(zippee, BORNES)
        noms = [nom for nom in archive.noms if not nom.endswith("/")]
        _exiger_la_sorte(archive, sorte)
        exiger_des_pieces_sures(noms)
        _lire_chaque_piece(archive, zippee, noms, sorte, peut_contenir=peut_contenir)


def _exiger_une_seule_nature(octets: bytes) -> None:
    """Refuse un document qui serait aussi un PDF, ou une archive que suit autre chose."""
    fin = octets[-_FIN_D_ARCHIVE:]
    if not octets.startswith(b"PK\x03\x04") or not fin.startswith(b"PK\x05\x06"):
        raise Refus([_ABIME])
    if b"%PDF-" in octets[:1024]:
        raise Refus([_ABIME])


def _exiger_la_sorte(archive: Archive, sorte: str) -> None:
    if sorte in _MIMETYPE:
        if (
            not archive.contient("mimetype")
            or archive.octets("mimetype").strip() != _MIMETYPE[sorte]
        ):
            raise Refus([_ABIME])
        manifeste = _xml(archive, "META-INF/manifest.xml")
        if any(_nom_local(e) == "encryption-data" for e in manifeste.iter()):
            raise Refus([_PROTEGE])
        _exiger(archive.contient("content.xml"))
        return
    declare = _types(archive)
    _refuser_les_types_de_macros(declare)
    _exiger(declare.type_de(_piece_principale(archive)) == _PRINCIPAL[sorte])


def _types(archive: Archive) -> _Declare:
    racine = _xml(archive, "[Content_Types].xml")
    types: dict[str, dict[str, str]] = {"PartName": {}, "Extension": {}}
    for element in racine.iter():
        for cle, ranges in types.items():
            if nom := element.get(cle):
                ranges[nom.lower()] = element.get("ContentType", "")
    return _Declare(types["PartName"], types["Extension"])


def _refuser_les_types_de_macros(declare: _Declare) -> None:
    declares = " ".join([*declare.par_nom.values(), *declare.par_extension.values()]).lower()
    if any(mot in declares for mot in ("macroenabled", "vbaproject", "macrosheet", "activex")):
        raise Refus([PROGRAMME])
    if "oleobject" in declares:
        raise Refus([AUTRE_FICHIER])


def _piece_principale(archive: Archive) -> str:
    for lien in _xml(archive, "_rels/.rels").iter():
        if _LIEN_PRINCIPAL.match(lien.get("Type", "")):
            return lien.get("Target", "").lstrip("/")
    raise Refus([_ABIME])


def _lire_chaque_piece(
    archive: Archive, zippee: zipfile.ZipFile, noms: list[str], sorte: str, *, peut_contenir: bool
) -> None:
    """Décompresse chaque pièce, vérifie sa somme, et parcourt celles qui sont du XML."""
    for nom in noms:
        octets = archive.octets(nom)
        if not octets:
            # LibreOffice laisse des pièces vides, au nom de XML.
            continue
        if nom.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
            verifier_xml(nom, octets)
            exiger_un_xml_sur(nom, octets)
        elif octets.startswith(b"PK\x03\x04"):
            # Le classeur d'un graphique : il est d'Excel, sûr à son tour, et n'en contient pas d'autre.
            if not peut_contenir or not nom.lower().endswith(".xlsx"):
                raise Refus([AUTRE_FICHIER])
            _examiner(octets, "xlsx", peut_contenir=False)
        elif octets.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refus([AUTRE_FICHIER])


def _xml(archive: Archive, nom: str) -> etree._Element:
    return etree.fromstring(
        archive.lire(nom),
        etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False),
    )


def _nom_local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _exiger(est_vrai: bool) -> None:
    if not est_vrai:
        raise Refus([_ABIME])
