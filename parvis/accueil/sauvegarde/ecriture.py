"""Écrire une sauvegarde pendant que le site tourne."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from parvis.accueil.sauvegarde import lignes, manifeste, tables
from parvis.accueil.sauvegarde.archive import ArchiveAEcrire, piece_de_fichier, piece_de_table
from parvis.accueil.sauvegarde.manifeste import Contenu, Manifeste, TableSauvee
from parvis.documents import reserve
from parvis.documents.models import Fichier
from parvis.documents.reserve import FichierPerdu
from parvis.journal.models import Chaine
from parvis.socle.chiffre import empreintes_des_cles
from parvis.socle.rapport import machine
from parvis.socle.refus import Refus, exiger

SUFFIXE_PROVISOIRE = ".provisoire"


def chemin_de_la_sauvegarde(voulu: Path) -> Path:
    """Rend le fichier à écrire : celui qui est nommé, ou un nom daté dans le dossier nommé."""
    if voulu.is_dir():
        return voulu / f"parvis-{timezone.localtime():%Y-%m-%d-%H%M%S}.zip"
    return voulu


def sauvegarder(fichier: Path) -> Manifeste:
    """Écrit une sauvegarde entière, ou rien ; rend son manifeste. Lève Refus, ou OSError si la place manque.

    Les lignes se lisent toutes au même instant, sans retenir qui écrit. Les fichiers se lisent ensuite :
    leurs octets s'écrivent avant leur ligne et ne changent jamais. Celui qui manque est nommé au manifeste.
    """
    with _d_un_seul_geste(fichier) as flux, ArchiveAEcrire(flux) as archive:
        with instantane():
            _exiger_une_base_a_jour()
            ecrite_le = datetime.now(UTC).isoformat(timespec="seconds")
            sauvees = {nom: _table(archive, modele) for nom, modele in tables.a_sauver().items()}
            cles = list(
                Fichier.objects.exclude(cle="").order_by("pk").values_list("cle", flat=True)
            )
            tetes = {
                chaine.contrat: {"nombre": chaine.nombre, "empreinte": chaine.empreinte}
                for chaine in Chaine.objects.order_by("contrat")
            }
        fichiers = dict(_fichiers(archive, cles))
        ecrit = Manifeste(
            ecrite_le=ecrite_le,
            version=manifeste.version_du_code(),
            commit=manifeste.commit_du_code(),
            moteur=machine(),
            cles=tuple(empreintes_des_cles()),
            migrations=tuple(sorted(manifeste.migrations_du_code())),
            tables=sauvees,
            fichiers=fichiers,
            manquants=tuple(cle for cle in cles if cle not in fichiers),
            tetes=tetes,
        )
        archive.finir(ecrit)
    return ecrit


@contextmanager
def instantane() -> Iterator[None]:
    """Ouvre une transaction de lecture : ce qui s'écrit pendant ce temps ne s'y voit pas, et n'attend pas."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Nos transactions prennent d'ordinaire le verrou d'écriture : le site attendrait la fin.
    sqlite: Any = connections[DEFAULT_DB_ALIAS]
    ordinaire, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        sqlite.transaction_mode = ordinaire


def _exiger_une_base_a_jour() -> None:
    """Lève Refus si ce code n'est pas celui de la base : il ne saurait pas en lire les tables."""
    executant = MigrationExecutor(connection)
    en_retard = executant.migration_plan(executant.loader.graph.leaf_nodes())
    exiger(
        ["La base n’est pas à jour de ce code. Lancez « parvis migrate », puis recommencez."]
        if en_retard
        else []
    )


def _table(archive: ArchiveAEcrire, modele: tables.Modele) -> TableSauvee:
    compte = lignes.Compte()
    contenu = archive.ajouter(
        piece_de_table(modele._meta.db_table), (ligne + b"\n" for ligne in compte.suivre(modele))
    )
    return TableSauvee(
        nombre=compte.nombre,
        empreinte=compte.empreinte,
        suite=lignes.suite(modele),
        colonnes=tuple(champ.column for champ in lignes.colonnes(modele)),
        contenu=contenu,
    )


def _fichiers(archive: ArchiveAEcrire, cles: list[str]) -> Iterator[tuple[str, Contenu]]:
    """Ajoute les fichiers déposés, tels qu'ils sont rangés : un seul en mémoire à la fois."""
    for cle in cles:
        try:
            octets = reserve.octets_ranges(cle)
        except FichierPerdu:
            continue
        if reserve.est_une_cle(cle):
            yield cle, archive.ajouter(piece_de_fichier(cle), [octets], comprime=False)


@contextmanager
def _d_un_seul_geste(fichier: Path) -> Iterator[IO[bytes]]:
    """Donne où écrire, à côté, lisible de son seul propriétaire ; nomme le fichier quand tout est écrit.

    Quoi qu'il arrive, un fichier interrompu ne reste pas, et aucun n'en remplace un autre.
    """
    _exiger_une_place_libre(fichier)
    descripteur, nom = tempfile.mkstemp(
        dir=fichier.parent, prefix=f".{fichier.name}.", suffix=SUFFIXE_PROVISOIRE
    )
    provisoire = Path(nom)
    try:
        with os.fdopen(descripteur, "wb") as flux:
            yield flux
            flux.flush()
            os.fsync(flux.fileno())
        _exiger_une_place_libre(fichier)
        provisoire.rename(fichier)
    finally:
        provisoire.unlink(missing_ok=True)


def _exiger_une_place_libre(fichier: Path) -> None:
    if fichier.exists() or fichier.is_symlink():
        raise Refus([f"« {fichier} » existe déjà, et ne s’écrase pas. Donnez un autre nom."])
    if not fichier.parent.is_dir():
        raise Refus([f"Le dossier « {fichier.parent} » n’existe pas. Créez-le, puis recommencez."])
