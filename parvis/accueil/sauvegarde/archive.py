"""L'archive d'une sauvegarde : un ZIP écrit d'un trait, dont rien ne se lit sans être au manifeste.

Aucun nom qu'elle contient ne devient un chemin : on n'y prend que ce que le manifeste annonce, et il
n'annonce que des tables connues et des clés de réserve.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

from parvis.accueil.sauvegarde.manifeste import Contenu, Manifeste, lire_le_manifeste
from parvis.documents.reserve import est_une_cle
from parvis.socle.chiffre import est_scelle, sceller
from parvis.socle.refus import Refus

MANIFESTE, SCEAU, TETES = "manifeste.json", "sceau", "tetes.json"
_USAGE = "sauvegarde"
_MANIFESTE_MAX = 256 * 1024 * 1024
_MORCEAU = 1024 * 1024
# Des lignes JSON se compriment dix fois, au premier effort déjà ; un fichier chiffré, presque pas.
_EFFORT = 1
_ERREURS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, ValueError, RuntimeError,
    KeyError, TypeError, AttributeError,
)  # fmt: skip
ABIMEE = (
    "n’est pas une sauvegarde entière : le fichier est coupé, abîmé, ou d’une autre sorte. "
    "Rien n’a été écrit. Reprenez-en une copie, ou une sauvegarde d’un autre jour."
)


def piece_de_table(table: str) -> str:
    """Rend le nom de la pièce qui tient les lignes d'une table."""
    return f"lignes/{table}.jsonl"


def piece_de_fichier(cle: str) -> str:
    """Rend le nom de la pièce qui tient les octets d'un fichier déposé."""
    return f"fichiers/{cle}"


class ArchiveAEcrire:
    """Une archive en cours d'écriture ; sans `finir`, elle n'est pas une sauvegarde."""

    def __init__(self, flux: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, sorte: type[BaseException] | None, *_: object) -> None:
        if sorte:
            # Rien à sauver d'une archive interrompue : la fermer voudrait encore y écrire.
            self._zip.fp = None

    def ajouter(self, nom: str, morceaux: Iterable[bytes], *, comprime: bool = True) -> Contenu:
        """Écrit une pièce à mesure, et rend sa mesure."""
        info = zipfile.ZipInfo(nom)
        info.compress_type = zipfile.ZIP_DEFLATED if comprime else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        if comprime:
            info._compresslevel = _EFFORT  # type: ignore[attr-defined]
        somme, taille = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as piece:
            for morceau in morceaux:
                somme.update(morceau)
                taille += piece.write(morceau)
        return Contenu(taille, somme.hexdigest())

    def finir(self, manifeste: Manifeste) -> None:
        """Écrit les têtes du journal, le manifeste et son sceau, puis ferme l'archive."""
        octets = manifeste.en_octets()
        self.ajouter(TETES, [_tetes(manifeste)])
        self.ajouter(SCEAU, [sceller(_USAGE, octets).encode()])
        self.ajouter(MANIFESTE, [octets])
        self._zip.close()


class ArchiveALire:
    """Une archive ouverte, dont la structure est celle que son manifeste annonce."""

    def __init__(self, nom: str, archive: zipfile.ZipFile) -> None:
        self.nom, self._zip = nom, archive
        self._octets = self._piece_courte(MANIFESTE)
        self.manifeste = lire_le_manifeste(self._octets)
        self._contenus = {piece_de_table(t): v.contenu for t, v in self.manifeste.tables.items()}
        if not all(map(est_une_cle, self.manifeste.fichiers)):
            raise ValueError("une clé mène hors de la réserve")
        self._contenus |= {piece_de_fichier(c): v for c, v in self.manifeste.fichiers.items()}
        noms = archive.namelist()
        if sorted(noms) != sorted([*self._contenus, MANIFESTE, SCEAU, TETES]):
            raise ValueError("l'archive ne tient pas ce que dit son manifeste")

    def est_scellee(self) -> bool:
        """Dit si le manifeste est celui qu'a scellé une des clés secrètes d'ici."""
        with _abimee_si_illisible(self.nom):
            sceau = self._piece_courte(SCEAU).decode()
        return est_scelle(_USAGE, self._octets, sceau)

    def verifier(self) -> None:
        """Relit chaque pièce ; lève Refus si l'une n'est pas ce que dit le manifeste."""
        with _abimee_si_illisible(self.nom):
            if self._piece_courte(TETES) != _tetes(self.manifeste):
                raise ValueError("les têtes du journal ne sont pas celles du manifeste")
        for nom, attendu in self._contenus.items():
            somme, taille = hashlib.sha256(), 0
            for morceau in self.morceaux(nom):
                somme.update(morceau)
                taille += len(morceau)
            if Contenu(taille, somme.hexdigest()) != attendu:
                raise Refus([f"« {self.nom} » {ABIMEE} Pièce changée : {nom}."])

    def morceaux(self, nom: str) -> Iterator[bytes]:
        """Rend une pièce, morceau par morceau ; lève Refus."""
        with _abimee_si_illisible(self.nom), self._ouvrir(nom) as piece:
            while morceau := piece.read(_MORCEAU):
                yield morceau

    def lignes(self, table: str) -> Iterator[bytes]:
        """Rend les lignes d'une table, une à une ; lève Refus."""
        with _abimee_si_illisible(self.nom), self._ouvrir(piece_de_table(table)) as piece:
            yield from piece

    def _ouvrir(self, nom: str) -> IO[bytes]:
        info = self._zip.getinfo(nom)
        if info.file_size != self._contenus[nom].taille:
            raise ValueError("une pièce n'a pas la taille annoncée")
        return self._zip.open(info)

    def _piece_courte(self, nom: str) -> bytes:
        info = self._zip.getinfo(nom)
        if info.file_size > _MANIFESTE_MAX:
            raise ValueError("manifeste démesuré")
        return self._zip.read(info)


def _tetes(manifeste: Manifeste) -> bytes:
    """Rend les têtes du journal comme `verifier_journal --tete` les lit."""
    return json.dumps(manifeste.tetes, indent=2, sort_keys=True).encode() + b"\n"


@contextmanager
def ouvrir(fichier: Path) -> Iterator[ArchiveALire]:
    """Ouvre une sauvegarde ; lève Refus si elle est coupée, abîmée, ou n'en est pas une."""
    try:
        flux: Any = fichier.open("rb")
    except OSError as erreur:
        raise Refus([f"« {fichier} » ne se lit pas : {erreur.strerror}."]) from None
    with flux:
        with _abimee_si_illisible(fichier.name):
            archive = zipfile.ZipFile(flux)
            lue = ArchiveALire(fichier.name, archive)
        yield lue


@contextmanager
def _abimee_si_illisible(nom: str) -> Iterator[None]:
    try:
        yield
    except _ERREURS as erreur:
        raise Refus([f"« {nom} » {ABIMEE}"]) from erreur
