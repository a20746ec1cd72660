"""Remettre les fichiers déposés dans une réserve vide : à côté d'abord, puis d'un seul geste."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage

from parvis.accueil.sauvegarde.archive import ArchiveALire, piece_de_fichier
from parvis.documents import reserve
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.documents.reserve import FichierPerdu
from parvis.socle.refus import Refus


def fichiers_deja_la() -> int:
    """Rend le nombre de fichiers que tient la réserve."""
    return sum(len(cles) for cles in reserve.cles_par_tiroir())


@contextmanager
def fichiers_prets(archive: ArchiveALire) -> Iterator[Callable[[], None]]:
    """Écrit les fichiers de l'archive à côté de la réserve, et rend de quoi les y mettre d'un geste.

    Si l'appelant échoue, avant ou après ce geste, rien n'en reste. Lève Refus, ou OSError si la place manque.
    """
    racine = Path(default_storage.path(""))
    racine.mkdir(mode=0o700, parents=True, exist_ok=True)
    a_cote = Path(tempfile.mkdtemp(dir=racine, prefix=".restauration-"))
    reserve_definitive = racine / reserve.DOSSIER
    est_en_place = False

    def mettre_en_place() -> None:
        nonlocal est_en_place
        _retirer_les_tiroirs_vides(reserve_definitive)
        (a_cote / reserve.DOSSIER).rename(reserve_definitive)
        est_en_place = True

    try:
        (a_cote / reserve.DOSSIER).mkdir(mode=0o700)
        for cle in archive.manifeste.fichiers:
            _ecrire(archive, cle, a_cote / cle)
        _relire(archive, a_cote)
        yield mettre_en_place
    except BaseException:
        if est_en_place:
            shutil.rmtree(reserve_definitive, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(a_cote, ignore_errors=True)


def qui_ne_s_ouvrent_pas(manquants: tuple[str, ...]) -> list[str]:
    """Rend les clés des fichiers que la base nomme et que la clé secrète d'ici n'ouvre pas."""
    fermes = []
    for fichier in Fichier.objects.exclude(cle="").order_by("pk").iterator():
        try:
            contenu(fichier)
        except FichierPerdu:
            fermes.append(fichier.cle)
    return [cle for cle in fermes if cle not in manquants]


def _ecrire(archive: ArchiveALire, cle: str, chemin: Path) -> None:
    chemin.parent.mkdir(mode=0o700, exist_ok=True)
    descripteur = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "wb") as flux:
        for morceau in archive.morceaux(piece_de_fichier(cle)):
            flux.write(morceau)
        flux.flush()
        os.fsync(flux.fileno())


def _relire(archive: ArchiveALire, dossier: Path) -> None:
    """Relit sur le disque ce qui vient d'y être écrit ; lève Refus si un octet diffère."""
    for cle, attendu in archive.manifeste.fichiers.items():
        with (dossier / cle).open("rb") as flux:
            if hashlib.file_digest(flux, "sha256").hexdigest() != attendu.sha256:
                raise Refus(
                    [
                        f"Le fichier {cle} ne se relit pas comme il a été écrit : le disque est en panne."
                    ]
                )


def _retirer_les_tiroirs_vides(dossier: Path) -> None:
    """Retire des dossiers vides, et eux seuls : un fichier qui s'y trouverait arrête tout."""
    if dossier.is_dir():
        for tiroir in dossier.iterdir():
            tiroir.rmdir()
        dossier.rmdir()
