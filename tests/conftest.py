"""Ce que tous les tests partagent : pas de réseau, des déclencheurs remis en place, un acteur."""

import gc
import os
import shutil
import socket
from collections.abc import Collection
from contextlib import contextmanager
from datetime import date

import hypothesis
import pytest
from django.conf import settings
from django.core.management.commands.flush import Command as Flush
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from parvis.socle import declencheurs
from tests.decors import Decors, chemin, decor, rapprocher

# Les tests de propriétés tirent toujours les mêmes cas, sans limite de temps : une machine chargée
# ne fait pas échouer un test.
hypothesis.settings.register_profile("parvis", derandomize=True, deadline=None)
hypothesis.settings.load_profile("parvis")

# Le même chromium sans ses fenêtres va deux fois plus vite ; à défaut, l'autre.
CHROMIUM = (
    os.environ.get("PARVIS_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
)
BOUCLE_LOCALE = ("127.", "::1", "localhost", "0.0.0.0")


def est_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def pytest_addoption(parser):
    parser.addoption(
        "--base",
        choices=["avec", "sans"],
        help="ne mène que les tests qui ouvrent la base, ou que les autres, qui n'ont pas de moteur",
    )


def ouvre_la_base(item) -> bool:
    """Dit si un test ouvre la base : par sa marque, ou par un accessoire qui l'ouvre."""
    accessoires = {"db", "transactional_db", "django_db_setup"} & set(item.fixturenames)
    return bool(accessoires) or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config, items):
    if choix := config.getoption("--base"):
        ranges: dict[bool, list] = {True: [], False: []}
        for item in items:
            ranges[ouvre_la_base(item)].append(item)
        config.hook.pytest_deselected(items=ranges[choix != "avec"])
        items[:] = ranges[choix == "avec"]
    sans_postgresql = pytest.mark.skip(reason="demande PostgreSQL (PARVIS_BASE=postgres://…)")
    for item in items:
        if item.get_closest_marker("postgresql") and not est_postgresql():
            item.add_marker(sans_postgresql)
    rapprocher(items)


def pytest_collection_finish(session):
    """Ne fait plus parcourir à chaque ramassage des cycles ce qui vit autant que les tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter):
    absents = []
    if not CHROMIUM:
        absents.append("les parcours dans un navigateur (chromium est absent)")
    if not est_postgresql():
        absents.append("les tests sur PostgreSQL (donnez PARVIS_BASE=postgres://…)")
    if absents:
        terminalreporter.write_line(f"Laissé de côté : {' ; '.join(absents)}.", yellow=True)


# Aucun test ne sort de la machine : une adresse qui n'est pas locale est refusée sur-le-champ.


def _refuser_ce_qui_est_loin(nom: str) -> None:
    origine = getattr(socket.socket, nom)

    def connecter(prise, adresse):
        if isinstance(adresse, tuple) and not str(adresse[0]).startswith(BOUCLE_LOCALE):
            raise AssertionError(f"Un test a voulu joindre {adresse[0]} : pas de réseau ici.")
        return origine(prise, adresse)

    setattr(socket.socket, nom, connecter)


for _nom in ("connect", "connect_ex"):
    _refuser_ce_qui_est_loin(_nom)


# Nos tables refusent qu'on les vide : les déclencheurs sont levés le temps du vidage d'un test
# transactionnel, puis remis (tests/architecture/test_declencheurs.py prouve qu'ils le sont).


@contextmanager
def declencheurs_leves(alias: str = "default", tables: Collection[str] | None = None):
    """Lève les déclencheurs de ces tables, de toutes à défaut, et les remet quoi qu'il arrive."""
    declencheurs.lever(alias, tables)
    try:
        yield
    finally:
        declencheurs.poser(alias, tables)


# Ce que Django récrirait à l'identique, une table après l'autre, à chaque vidage.
GARDEES = {"django_content_type", "auth_permission"}


def vider(commande, *, database: str, **options) -> None:
    """Vide les seules tables qui ne le sont pas : un test n'en remplit que quelques-unes."""
    connexion = connections[database]
    tables = set(connexion.introspection.django_table_names(only_existing=True)) - GARDEES
    with transaction.atomic(using=database), connexion.cursor() as curseur:
        curseur.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connexion.ops.quote_name(table)})"
                for table in sorted(tables)
            )
        )
        pleines = [table for (table,) in curseur.fetchall()]
        with declencheurs_leves(database, pleines):
            for table in pleines:
                curseur.execute(f"DELETE FROM {connexion.ops.quote_name(table)}")
            # Sur PostgreSQL, une table dont une clé reste à vérifier ne reprend pas ses déclencheurs.
            connexion.check_constraints()


@pytest.fixture(scope="session", autouse=True)
def _vidage_permis():
    origine = Flush.handle
    Flush.handle = vider
    yield
    Flush.handle = origine


class _SansMigrations:
    """Dit à Django que nulle pièce n'a de migration : il crée les tables d'après les modèles."""

    def __contains__(self, piece: str) -> bool:
        return True

    def __getitem__(self, piece: str) -> None:
        return None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Crée la base d'essai d'après les modèles : douze secondes de moins à chaque exécutant.

    tests/architecture/test_migrations.py prouve que les migrations mènent à la même base.
    """
    with pytest.MonkeyPatch.context() as bref:
        bref.setattr(settings, "MIGRATION_MODULES", _SansMigrations())
        yield bref


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings, django_db_setup, django_db_blocker):
    """Rend leurs migrations aux pièces, toutes dites faites, une fois la base créée."""
    django_db_modify_db_settings.undo()
    with django_db_blocker.unblock():
        for alias in connections:
            carnet = MigrationRecorder(connections[alias])
            carnet.ensure_schema()
            toutes = MigrationLoader(connections[alias]).disk_migrations
            carnet.migration_qs.bulk_create(
                carnet.Migration(app=piece, name=nom) for piece, nom in toutes
            )


@pytest.fixture(scope="session", autouse=True)
def _fichiers_a_part(tmp_path_factory):
    """Un fichier déposé par un test ne va jamais dans la réserve du site."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("fichiers")):
        yield


@pytest.fixture(autouse=True)
def _rien_d_un_autre_test():
    """Oublie ce qu'un autre test a laissé en mémoire : essais comptés, services en panne, contours.

    Une base défaite reprend ses numéros : les contours gardés seraient ceux d'un autre test.
    """
    from django.core.cache import cache

    from parvis.territoires.queries.situation import oublier_les_fonds

    cache.clear()
    oublier_les_fonds()


@pytest.fixture(scope="module")
def _decors(django_db_setup, django_db_blocker, tmp_path_factory):
    """Rend les décors de ce fichier de tests (tests/decors.py), et les défait à la fin."""
    decors = Decors(lambda: tmp_path_factory.mktemp("decor"))
    yield decors
    with django_db_blocker.unblock():
        decors.demonter()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Monte les décors d'un test juste avant que pytest-django n'ouvre sa transaction."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            request.getfixturevalue("_decors").monter(chemin(request.node))
    return (yield)


@pytest.fixture
def sans_declencheurs():
    """Rend de quoi falsifier une table, comme le ferait qui tient la base."""
    return declencheurs_leves


@pytest.fixture
def base_partagee(tmp_path, monkeypatch):
    """Donne à tous les fils une même base sur disque ; celle des tests sur SQLite est en mémoire."""
    from django.db import connection

    if connection.vendor == "sqlite":
        fichier = tmp_path / "partagee.sqlite3"
        with connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [str(fichier)])
        monkeypatch.setitem(connection.settings_dict, "NAME", str(fichier))


@pytest.fixture
def acte_d_essai(monkeypatch):
    """Permet de noter l'acte « essai », que nulle pièce ne raconte."""
    from parvis.journal import phrases

    phrase = phrases.Phrase("{{ qui }} a fait un essai sur {{ objet }}.")
    monkeypatch.setitem(phrases.PHRASES, "essai", phrase)
    phrases.phrases.cache_clear()
    yield
    phrases.phrases.cache_clear()


@decor
def acteur():
    """Rend une pilote rattachée à un organisme."""
    from parvis.comptes.acteur import Acteur
    from parvis.comptes.enums import Role
    from tests.fabriques import comptes

    qui = comptes.personne("Amina", nom="Traoré", courriel="amina.traore@tilleuls.example")
    agglo = comptes.organisme("Agglomération des Tilleuls", "epci")
    role = comptes.rattachement(
        qui, agglo, Role.PILOTE, contrat="tilleuls", debut_le=date(2015, 1, 1)
    )
    return Acteur.pour(qui, role, jour=date(2015, 6, 1))


@decor
def contrat_publie():
    """Rend l'édition publiée du petit contrat d'essai, à l'adresse /tilleuls/."""
    from tests.fabriques.cadre import contrat_publie as publier

    return publier("tilleuls")
