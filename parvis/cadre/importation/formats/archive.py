"""Archives OOXML (DOCX, XLSX) ouvertes sans risque : bombes, chemins piégés, entités XML, mots de passe.

Seules les pièces demandées sont décompressées, et seulement si ce qu'elles annoncent est raisonnable :
une archive hostile est refusée avant d'avoir coûté de la mémoire.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from parvis.cadre.importation.source import DocumentIllisible, fermeture

ARCHIVE_MAX = 60 * 1024 * 1024
ENTREES_MAX = 5_000
PIECE_MAX = 48 * 1024 * 1024
TOTAL_MAX = 128 * 1024 * 1024
RAPPORT_MAX = 400  # un texte se comprime de 5 à 50 fois, 250 s'il se répète, une bombe 1 000 fois
RAPPORT_TOLERE = 8 * 1024 * 1024  # sous cette taille, le rapport ne dit rien
MARQUES_MAX = 3_000_000  # balises et attributs d'une pièce : c'est leur nombre qui coûte la mémoire

_LECTURE_MAX = 4 * 1024 * 1024
_MORCEAU = 1024 * 1024
_ENTETE_LOCAL = 30
_ANCIEN_OFFICE = b"\xd0\xcf\x11\xe0"
_METHODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCODAGE = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_ENCODAGES = frozenset(b"utf-8 utf8 utf-16 utf-16le utf-16be us-ascii ascii iso-8859-1 iso-8859-15"
                       b" windows-1252".split())  # fmt: skip
_PRUDENCE = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_INTERDITS = (b"<!DOCTYPE", b"<!ENTITY")
_ERREURS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError,
    RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip

MOT_DE_PASSE = (
    "protégé par un mot de passe, ou ancien format .doc : "
    "enregistrez-le en .docx sans mot de passe."
)
ABIME = "le fichier est abîmé ou incomplet : enregistrez-le à nouveau, puis renvoyez-le."


class Archive:
    """Archive ouverte : `noms` la décrit, `lire` et `lire_xml` en rendent une pièce."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._pieces: dict[str, zipfile.ZipInfo] = {}
        self._lus = 0
        for info in archive.infolist():
            nom = _nom_sur(info.filename)
            if nom.lower() in self._pieces:
                raise DocumentIllisible(f"la pièce « {nom} » est deux fois dans l'archive.")
            self._pieces[nom.lower()] = info

    @property
    def noms(self) -> tuple[str, ...]:
        """Rend les noms des pièces, dans l'ordre de l'archive."""
        return tuple(_nom_sur(info.filename) for info in self._pieces.values())

    def contient(self, nom: str) -> bool:
        """Dit si l'archive contient une pièce, sans regarder la casse."""
        return nom.lower() in self._pieces

    def lire(self, nom: str) -> bytes:
        """Rend les octets d'une pièce XML ; lève DocumentIllisible si elle est abîmée ou hostile."""
        info = self._pieces.get(nom.lower())
        if info is None:
            raise DocumentIllisible(f"la pièce « {nom} » manque dans l'archive.")
        _verifier_piece(nom, info)
        self._lus += info.file_size
        if self._lus > TOTAL_MAX:
            raise DocumentIllisible(f"le document décompressé dépasse {TOTAL_MAX // 1048576} Mo.")
        try:
            with self._archive.open(info) as flux:
                octets = b"".join(iter(lambda: flux.read(_MORCEAU), b""))
        except _ERREURS as erreur:
            raise DocumentIllisible(ABIME) from erreur
        if len(octets) != info.file_size:
            raise DocumentIllisible(ABIME)
        verifier_xml(nom, octets)
        return octets

    def lire_xml(self, nom: str) -> etree._Element:
        """Rend la racine d'une pièce XML, lue sans entités, sans réseau et sans DTD."""
        octets = self._lire_sans_foule(nom)
        try:
            return etree.fromstring(octets, etree.XMLParser(**_PRUDENCE))
        except (etree.LxmlError, ValueError) as erreur:
            raise DocumentIllisible(_illisible(nom)) from erreur

    def parcourir_xml(self, nom: str, balises: tuple[str, ...]) -> Iterator[etree._Element]:
        """Rend un à un les petits-enfants de la racine ; chacun est libéré quand on passe au suivant.

        Un long document ne tient ainsi jamais tout entier en mémoire.
        """
        flux = io.BytesIO(self._lire_sans_foule(nom))
        try:
            for _, element in etree.iterparse(flux, events=("end",), tag=balises, **_PRUDENCE):
                parent = element.getparent()
                if parent is None or parent.getparent() is not element.getroottree().getroot():
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except (etree.LxmlError, ValueError) as erreur:
            if isinstance(erreur, DocumentIllisible):
                raise
            raise DocumentIllisible(_illisible(nom)) from erreur

    def _lire_sans_foule(self, nom: str) -> bytes:
        octets = self.lire(nom)
        if octets.count(b"<") + octets.count(b"=") > MARQUES_MAX:
            raise DocumentIllisible(f"la pièce « {nom} » contient trop de balises.")
        return octets


class _FluxBorne:
    """Fichier dont aucune lecture ne dépasse une borne : le répertoire d'une archive piégée s'y heurte."""

    def __init__(self, flux):
        self._flux = flux
        self.seek, self.tell, self.close = flux.seek, flux.tell, flux.close

    def seekable(self) -> bool:
        return True

    def read(self, taille: int = -1) -> bytes:
        if taille > _LECTURE_MAX:
            raise zipfile.BadZipFile("répertoire démesuré")
        return self._flux.read(_LECTURE_MAX if taille < 0 else taille)


@contextmanager
def ouvrir(chemin: str | Path) -> Iterator[Archive]:
    """Ouvre une archive OOXML ; lève DocumentIllisible si elle n'en est pas une ou si elle est hostile."""
    chemin = Path(chemin)
    try:
        taille = chemin.stat().st_size
        flux = chemin.open("rb")
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur), 0) from erreur
    with flux:
        _verifier_signature(flux.read(8), taille)
        with _ouvrir_zip(flux) as archive:
            _verifier_repertoire(archive, taille)
            yield Archive(archive)


def _verifier_signature(debut: bytes, taille: int) -> None:
    if taille > ARCHIVE_MAX:
        raise DocumentIllisible(
            f"le document est trop grand ({taille // 1048576} Mo) : "
            f"la limite est de {ARCHIVE_MAX // 1048576} Mo."
        )
    if not debut:
        raise DocumentIllisible("le document est vide.")
    if debut.startswith(_ANCIEN_OFFICE):
        raise DocumentIllisible(MOT_DE_PASSE)
    if not debut.startswith(b"PK"):
        raise DocumentIllisible("ce n'est pas un document Word ou Excel récent (.docx, .xlsx).")


def _ouvrir_zip(flux) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(_FluxBorne(flux))
    except (*_ERREURS, AttributeError, TypeError) as erreur:
        raise DocumentIllisible(ABIME) from erreur


def _verifier_repertoire(archive: zipfile.ZipFile, taille: int) -> None:
    """Refuse trop d'entrées, un chiffrement, et des entrées qui se recouvrent (bombe sans imbrication)."""
    entrees = archive.infolist()
    if len(entrees) > ENTREES_MAX:
        raise DocumentIllisible(f"l'archive contient trop de pièces ({len(entrees)}).")
    if any(info.flag_bits & 1 for info in entrees):
        raise DocumentIllisible(MOT_DE_PASSE)
    ordre = sorted(entrees, key=lambda info: info.header_offset)
    fins = [info.header_offset for info in ordre[1:]] + [min(archive.start_dir, taille)]
    for info, fin in zip(ordre, fins, strict=True):
        if info.header_offset < 0 or info.header_offset + _ENTETE_LOCAL + info.compress_size > fin:
            raise DocumentIllisible("des pièces de l'archive se recouvrent : " + ABIME)


def _nom_sur(nom: str) -> str:
    propre = nom.replace("\\", "/")
    if propre.startswith("/") or ":" in propre or ".." in propre.split("/") or "\0" in propre:
        raise DocumentIllisible("l'archive contient un nom de pièce interdit.")
    return propre


def _verifier_piece(nom: str, info: zipfile.ZipInfo) -> None:
    if info.file_size > PIECE_MAX:
        raise DocumentIllisible(
            f"la pièce « {nom} » est trop grande ({info.file_size // 1048576} Mo décompressée) : "
            f"la limite est de {PIECE_MAX // 1048576} Mo."
        )
    if info.file_size > RAPPORT_TOLERE and info.file_size > RAPPORT_MAX * info.compress_size:
        raise DocumentIllisible(f"la pièce « {nom} » se décompresse de façon démesurée.")
    if info.compress_type not in _METHODES:
        raise DocumentIllisible(ABIME)


def _illisible(nom: str) -> str:
    return f"la pièce « {nom} » n'est pas un XML lisible : {ABIME}"


def verifier_xml(nom: str, octets: bytes) -> None:
    """Refuse une pièce qui déclare un DOCTYPE ou une entité, quel que soit son encodage."""
    # Sans ses octets nuls et son indicateur, de l'UTF-16 ou de l'UTF-32 se lit comme de l'ASCII.
    nu = octets.replace(b"\0", b"") if b"\0" in octets[:8] or octets[:1] in b"\xfe\xff" else octets
    for indicateur in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        nu = nu.removeprefix(indicateur)
    if not nu.lstrip().startswith(b"<"):
        raise DocumentIllisible(_illisible(nom))
    encodage = _ENCODAGE.match(nu.lstrip())
    if encodage is not None and encodage.group(1).lower() not in _ENCODAGES:
        raise DocumentIllisible(f"la pièce « {nom} » a un encodage inattendu.")
    if any(interdit in nu for interdit in _INTERDITS):
        raise DocumentIllisible(
            f"la pièce « {nom} » déclare des entités XML : un document Word n'en a pas besoin."
        )
