"""Les déclencheurs : tous là, après chaque chemin de migration et après chaque vidage."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from parvis.cadre.models import CONTENU_D_EDITION
from parvis.journal.actions import noter
from parvis.journal.models import Chaine, Evenement
from parvis.socle import declencheurs
from parvis.socle.auteur import Machine
from tests.architecture.regles import declencheurs_absents
from tests.conftest import est_postgresql

# Toutes les bases de ce fichier se vident ou se refont : jamais dans une transaction d'essai.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("acte_d_essai")]


def manquants() -> list[str]:
    attendus = {d.nom for d in declencheurs.declares(connection.vendor)}
    return declencheurs_absents(attendus, declencheurs.presents())


def etapes() -> list[tuple[str, str]]:
    """Rend nos migrations dans l'ordre où elles s'appliquent sur une base vide."""
    chargeur = MigrationExecutor(connection).loader
    pieces = {p.label for p in apps.get_app_configs() if p.name.startswith("parvis.")}
    plan = []
    for feuille in chargeur.graph.leaf_nodes():
        plan += [n for n in chargeur.graph.forwards_plan(feuille) if n not in plan]
    return [noeud for noeud in plan if noeud[0] in pieces]


def migrer(piece: str, nom: str = "zero") -> None:
    call_command("migrate", piece, nom, verbosity=0, interactive=False)


def test_tous_les_declencheurs_sont_la():
    assert manquants() == []


def test_un_declencheur_perdu_est_vu():
    premier = declencheurs.declares(connection.vendor)[0]
    table = "" if connection.vendor == "sqlite" else f" ON {premier.table}"
    with connection.cursor() as curseur:
        curseur.execute(f"DROP TRIGGER {premier.nom}{table}")
    assert manquants() == [f"{premier.nom} manque"]
    declencheurs.poser()
    assert manquants() == []


@pytest.mark.skipif(est_postgresql(), reason="PostgreSQL ne refait pas de table, et n'en perd pas")
def test_les_declencheurs_sont_la_apres_une_migration_pas_a_pas():
    pieces = list(dict.fromkeys(piece for piece, _ in etapes()))
    try:
        for piece in reversed(pieces):
            migrer(piece)
        assert not set(connection.introspection.table_names()) & {
            d.table for d in declencheurs.declares(connection.vendor)
        }
        for piece, nom in etapes():
            migrer(piece, nom)
            tables = set(connection.introspection.table_names())
            attendus = {
                d.nom for d in declencheurs.declares(connection.vendor) if d.table in tables
            }
            assert declencheurs_absents(attendus, declencheurs.presents()) == []
    finally:
        call_command("migrate", verbosity=0, interactive=False)
    assert manquants() == []


def test_chaque_table_protegee_existe_et_chaque_nom_est_unique():
    declares = declencheurs.declares(connection.vendor)
    tables = {modele._meta.db_table for modele in apps.get_models(include_auto_created=True)}
    assert {d.table for d in declares} <= tables
    assert len({d.nom for d in declares}) == len(declares)


def test_les_deux_moteurs_protegent_les_memes_tables():
    sqlite = {d.table for d in declencheurs.declares("sqlite")}
    postgresql = {d.table for d in declencheurs.declares("postgresql")}
    assert sqlite == postgresql


@pytest.mark.parametrize("moteur", ["sqlite", "postgresql"])
def test_tout_le_contenu_d_une_edition_est_fige(moteur):
    contenu = {modele._meta.db_table for modele in CONTENU_D_EDITION}
    gestes: dict[str, set[str]] = {}
    for declencheur in declencheurs.declares(moteur):
        if "_figee" in declencheur.nom:
            geste = declencheur.nom.removeprefix(declencheur.table)
            gestes.setdefault(geste, set()).add(declencheur.table)
    assert gestes
    for geste, tables in gestes.items():
        assert contenu <= tables, geste


def test_chaque_declencheur_porte_le_nom_que_son_fichier_annonce():
    for moteur in ("sqlite", "postgresql"):
        for declencheur in declencheurs.declares(moteur):
            crees = re.findall(r"CREATE TRIGGER (\w+)", "\n".join(declencheur.instructions))
            assert crees == [declencheur.nom]


def noter_un_acte() -> Evenement:
    with transaction.atomic():
        return noter(
            par=Machine("essai"), contrat="tilleuls", action="essai", objet="x:1", objet_nom="Essai"
        )


def test_le_vidage_d_un_test_passe_et_remet_les_declencheurs():
    noter_un_acte()
    call_command("flush", verbosity=0, interactive=False)
    assert not Evenement.objects.exists()
    assert not Chaine.objects.exists()
    assert manquants() == []
    evenement = noter_un_acte()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evenement.objects.filter(pk=evenement.pk).delete()


def test_les_declencheurs_reviennent_meme_si_le_vidage_echoue(sans_declencheurs):
    with pytest.raises(RuntimeError), sans_declencheurs():
        assert declencheurs.presents() == set()
        raise RuntimeError
    assert manquants() == []
