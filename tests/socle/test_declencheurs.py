"""Lire les déclencheurs déclarés, et la commande `migrate` qui les repose."""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from parvis.socle import declencheurs


@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_chaque_declencheur_declare_est_complet(moteur):
    trouves = declencheurs.declares(moteur)
    assert trouves
    for declencheur in trouves:
        assert declencheur.table
        assert "{table}" not in "".join(declencheur.instructions)
        assert declencheur.instructions[-1].startswith("CREATE TRIGGER")


def test_un_moteur_inconnu_n_en_a_pas():
    assert declencheurs.declares("licorne") == []


@pytest.mark.django_db
def test_poser_deux_fois_donne_les_memes():
    assert declencheurs.poser() == declencheurs.poser()
    assert set(declencheurs.poser()) == declencheurs.presents()


@pytest.mark.django_db
def test_lever_puis_poser():
    declencheurs.lever()
    assert declencheurs.presents() == set()
    declencheurs.lever()
    assert set(declencheurs.poser()) == declencheurs.presents()


@pytest.mark.django_db
def test_la_pose_suit_la_transaction():
    avant = declencheurs.presents()
    with pytest.raises(RuntimeError), transaction.atomic():
        declencheurs.lever()
        raise RuntimeError
    assert declencheurs.presents() == avant


@pytest.mark.django_db(transaction=True)
def test_migrate_repose_ce_qui_manque():
    declencheurs.lever()
    sortie = io.StringIO()
    call_command("migrate", verbosity=2, interactive=False, stdout=sortie)
    assert f"Déclencheurs posés : {len(declencheurs.presents())}" in sortie.getvalue()
    assert declencheurs.presents() == {d.nom for d in declencheurs.declares(connection.vendor)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("option", ["plan", "check_unapplied"])
def test_regarder_sans_migrer_ne_touche_a_rien(option):
    declencheurs.lever()
    call_command("migrate", verbosity=0, interactive=False, **{option: True})
    assert declencheurs.presents() == set()
    declencheurs.poser()


@pytest.mark.django_db(transaction=True)
def test_une_migration_qui_echoue_laisse_les_declencheurs(monkeypatch):
    from parvis.socle.management.commands.migrate import MigrateDeDjango

    def tomber(*args, **options):
        raise RuntimeError("disque plein")

    monkeypatch.setattr(MigrateDeDjango, "handle", tomber)
    with pytest.raises(RuntimeError, match="disque plein"):
        call_command("migrate", verbosity=0, interactive=False)
    assert declencheurs.presents() == {d.nom for d in declencheurs.declares(connection.vendor)}
