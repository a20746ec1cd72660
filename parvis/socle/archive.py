"""Archives de bureau (DOCX, XLSX) ouvertes sans risque : bombes, chemins piégés, entités XML, mots de passe.

Seules les pièces demandées sont décompressées, et seulement si ce qu'elles annoncent est raisonnable :
une archive hostile est refusée avant d'avoir coûté de la mémoire.
"""

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any

RAPPORT_MAX = 400  # un texte se comprime de 5 à 50 fois, 250 s'il se répète, une bombe 1 000 fois
RAPPORT_TOLERE = 8 * 1024 * 1024  # sous cette taille, le rapport ne dit rien

_LECTURE_MAX = 4 * 1024 * 1024
_MORCEAU = 1024 * 1024
_ENTETE_LOCAL = 30
_METHODES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCODAGE = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_ENCODAGES = frozenset(b"utf-8 utf8 utf-16 utf-16le utf-16be us-ascii ascii iso-8859-1 iso-8859-15"
                       b" windows-1252".split())  # fmt: skip
_INTERDITS = (b"<!DOCTYPE", b"<!ENTITY")
_ERREURS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError,
    RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip

PROTEGEE = "protégé par un mot de passe : enregistrez-le sans mot de passe."
ABIME = "le fichier est abîmé ou incomplet : enregistrez-le à nouveau, puis renvoyez-le."


class ArchiveIllisible(ValueError):
    """Archive abîmée, chiffrée ou hostile ; porte une phrase sans majuscule."""

    def __init__(self, texte: str) -> None:
        super().__init__(texte)
        self.texte = texte


@dataclass(frozen=True)
class Bornes:
    """Ce qu'une archive peut coûter : nombre de pièces, octets d'une pièce, octets de toutes."""

    entrees: int
    piece: int
    total: int


class Archive:
    """Archive ouverte : `noms` la décrit, `lire` en rend une pièce XML, `octets` une pièce quelconque."""

    def __init__(self, archive: zipfile.ZipFile, bornes: Bornes) -> None:
        self._archive = archive
        self._bornes = bornes
        self._pieces: dict[str, zipfile.ZipInfo] = {}
        self._lus = 0
        for info in archive.infolist():
            nom = _nom_sur(info.filename)
            if nom.lower() in self._pieces:
                raise ArchiveIllisible(f"la pièce « {nom} » est deux fois dans l'archive.")
            self._pieces[nom.lower()] = info

    @property
    def noms(self) -> tuple[str, ...]:
        """Rend les noms des pièces, dans l'ordre de l'archive."""
        return tuple(_nom_sur(info.filename) for info in self._pieces.values())

    def contient(self, nom: str) -> bool:
        """Dit si l'archive contient une pièce, sans regarder la casse."""
        return nom.lower() in self._pieces

    def lire(self, nom: str) -> bytes:
        """Rend les octets d'une pièce XML ; lève ArchiveIllisible si elle est abîmée ou hostile."""
        octets = self.octets(nom)
        verifier_xml(nom, octets)
        return octets

    def octets(self, nom: str) -> bytes:
        """Rend les octets d'une pièce, quelle qu'elle soit ; lève ArchiveIllisible si elle est démesurée."""
        info = self._pieces.get(nom.lower())
        if info is None:
            raise ArchiveIllisible(f"la pièce « {nom} » manque dans l'archive.")
        self._verifier_piece(nom, info)
        self._lus += info.file_size
        if self._lus > self._bornes.total:
            raise ArchiveIllisible(
                f"le document décompressé dépasse {self._bornes.total // 1048576} Mo."
            )
        try:
            with self._archive.open(info) as flux:
                octets = b"".join(iter(lambda: flux.read(_MORCEAU), b""))
        except _ERREURS as erreur:
            raise ArchiveIllisible(ABIME) from erreur
        if len(octets) != info.file_size:
            raise ArchiveIllisible(ABIME)
        return octets

    def _verifier_piece(self, nom: str, info: zipfile.ZipInfo) -> None:
        if info.file_size > self._bornes.piece:
            raise ArchiveIllisible(
                f"la pièce « {nom} » est trop grande ({info.file_size // 1048576} Mo décompressée) : "
                f"la limite est de {self._bornes.piece // 1048576} Mo."
            )
        if info.file_size > RAPPORT_TOLERE and info.file_size > RAPPORT_MAX * info.compress_size:
            raise ArchiveIllisible(f"la pièce « {nom} » se décompresse de façon démesurée.")
        if info.compress_type not in _METHODES:
            raise ArchiveIllisible(ABIME)


class _FluxBorne:
    """Fichier dont aucune lecture ne dépasse une borne : le répertoire d'une archive piégée s'y heurte."""

    def __init__(self, flux: IO[bytes]) -> None:
        self._flux = flux
        self.seek, self.tell, self.close = flux.seek, flux.tell, flux.close

    def seekable(self) -> bool:
        return True

    def read(self, taille: int = -1) -> bytes:
        if taille > _LECTURE_MAX:
            raise zipfile.BadZipFile("répertoire démesuré")
        return self._flux.read(_LECTURE_MAX if taille < 0 else taille)


def ouvrir_zip(flux: IO[bytes], taille: int, bornes: Bornes) -> zipfile.ZipFile:
    """Ouvre une archive dont le répertoire est sûr ; lève ArchiveIllisible."""
    borne: Any = _FluxBorne(flux)
    try:
        archive = zipfile.ZipFile(borne)
    except (*_ERREURS, AttributeError, TypeError) as erreur:
        raise ArchiveIllisible(ABIME) from erreur
    _verifier_repertoire(archive, taille, bornes.entrees)
    return archive


def _verifier_repertoire(archive: zipfile.ZipFile, taille: int, entrees_max: int) -> None:
    """Refuse trop d'entrées, un chiffrement, et des entrées qui se recouvrent (bombe sans imbrication)."""
    entrees = archive.infolist()
    if len(entrees) > entrees_max:
        raise ArchiveIllisible(f"l'archive contient trop de pièces ({len(entrees)}).")
    if any(info.flag_bits & 1 for info in entrees):
        raise ArchiveIllisible(PROTEGEE)
    ordre = sorted(entrees, key=lambda info: info.header_offset)
    fins = [info.header_offset for info in ordre[1:]] + [min(archive.start_dir, taille)]
    for info, fin in zip(ordre, fins, strict=True):
        if info.header_offset < 0 or info.header_offset + _ENTETE_LOCAL + info.compress_size > fin:
            raise ArchiveIllisible("des pièces de l'archive se recouvrent : " + ABIME)


def _nom_sur(nom: str) -> str:
    propre = nom.replace("\\", "/")
    if propre.startswith("/") or ":" in propre or ".." in propre.split("/") or "\0" in propre:
        raise ArchiveIllisible("l'archive contient un nom de pièce interdit.")
    return propre


def xml_illisible(nom: str) -> str:
    """Rend la phrase qui refuse une pièce qui n'est pas du XML."""
    return f"la pièce « {nom} » n'est pas un XML lisible : {ABIME}"


def verifier_xml(nom: str, octets: bytes) -> None:
    """Refuse une pièce qui déclare un DOCTYPE ou une entité, quel que soit son encodage."""
    # Sans ses octets nuls et son indicateur, de l'UTF-16 ou de l'UTF-32 se lit comme de l'ASCII.
    nu = octets.replace(b"\0", b"") if b"\0" in octets[:8] or octets[:1] in b"\xfe\xff" else octets
    for indicateur in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        nu = nu.removeprefix(indicateur)
    nu = nu.lstrip()
    if not nu.startswith(b"<"):
        raise ArchiveIllisible(xml_illisible(nom))
    encodage = _ENCODAGE.match(nu)
    if encodage is not None and encodage.group(1).lower() not in _ENCODAGES:
        raise ArchiveIllisible(f"la pièce « {nom} » a un encodage inattendu.")
    if any(interdit in nu for interdit in _INTERDITS):
        raise ArchiveIllisible(
            f"la pièce « {nom} » déclare des entités XML : un document de bureau n'en a pas besoin."
        )
