"""Une séance publiée ne change plus, même en SQL : ni elle, ni ce qu'elle a dit, sur les deux moteurs."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from parvis.dossiers.models import Dossier
from parvis.programmation.actions import seances as actions
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.models import Seance
from tests.decors import decor
from tests.fabriques import instances, instruction, seances
from tests.fabriques.seances import Tenue
from tests.pilotage.test_dossiers import copier
from tests.programmation.essais_de_seance import suivante

pytestmark = pytest.mark.django_db
MESSAGE = "Une séance publiée ne change plus"
DEPORT = "(point_id, mandat_id, motif, note_le, note_par)"
APPORT = "(seance_id, financeur_id, note_le, note_par)"
POINT = "(seance_id, dossier_id, rang)"
GESTES = [
    "UPDATE programmation_seance SET exercice = 1999",
    "UPDATE programmation_seance SET etat = 'levee', publiee_le = NULL, publiee_par = ''",
    "DELETE FROM programmation_seance",
    "UPDATE programmation_pointdeseance SET rang = 9",
    "DELETE FROM programmation_pointdeseance",
    f"INSERT INTO programmation_pointdeseance {POINT} SELECT seance_id, (SELECT MAX(id) FROM "
    "dossiers_dossier), 7 FROM programmation_pointdeseance",
    "UPDATE programmation_apportdeseance SET montant = 1",
    "DELETE FROM programmation_apportdeseance",
    f"INSERT INTO programmation_apportdeseance {APPORT} SELECT seance_id, (SELECT MIN(id) FROM "
    "organismes_organisme), note_le, 'x' FROM programmation_apportdeseance",
    "UPDATE programmation_arbitrage SET motif = 'autre'",
    "DELETE FROM programmation_arbitrage",
    "INSERT INTO programmation_arbitrage (point_id, demande_id, rang, vaut, resultat, condition, "
    "motif, vers, arbitre_le, arbitre_par, annule_par) SELECT point_id, demande_id, 99, 1 = 0, "
    "'refuse', '', 'x', '', arbitre_le, 'x', '' FROM programmation_arbitrage",
    "UPDATE programmation_deportdeseance SET motif = 'autre'",
    "DELETE FROM programmation_deportdeseance",
    f"INSERT INTO programmation_deportdeseance {DEPORT} SELECT point_id, (SELECT MAX(id) FROM "
    "instances_mandat), 'x', note_le, 'x' FROM programmation_deportdeseance",
]
TABLES = ("seance", "pointdeseance", "apportdeseance", "arbitrage", "deportdeseance")


def preparee() -> Tenue:
    """Ouvre une séance où chaque table a sa ligne : un apport, un arbitrage, un élu qui se retire."""
    tenue = seances.seance(instruction.etude())
    for nom in ("Un élu", "Une élue"):
        tenue.mandats[nom] = instances.membre(tenue.pilote, tenue.instance, nom)
    tenue.ouvrir()
    deporter(
        par=tenue.pilote,
        seance=tenue.seance,
        point=tenue.point,
        mandat=tenue.mandats["Un élu"],
        motif="Il préside l’association.",
    )
    actions.apporter(
        par=tenue.pilote,
        seance=tenue.seance,
        financeur=tenue.samia.organisme,
        montant=Decimal(4000),
    )
    tenue.arbitrer(tenue.samia, montant="1500")
    return tenue


@decor
def ouverte() -> Tenue:
    """Rend une séance ouverte, et un second dossier qui n'y est pas."""
    tenue = preparee()
    copier(tenue.etude.dossier, 1)
    return tenue


@decor
def publiee(ouverte) -> Tenue:
    """Publie la séance."""
    return ouverte.publier()


def lignes() -> dict[str, list[tuple]]:
    lues = {}
    with connection.cursor() as curseur:
        for table in TABLES:
            curseur.execute(f"SELECT * FROM programmation_{table} ORDER BY id")
            lues[table] = curseur.fetchall()
    return lues


def ecrire(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)
        assert curseur.rowcount


@pytest.mark.parametrize("sql", GESTES)
def test_la_base_refuse_de_toucher_a_une_seance_publiee(publiee, sql):
    avant = lignes()
    assert all(avant.values())
    with pytest.raises(DatabaseError, match=MESSAGE):
        ecrire(sql)
    assert lignes() == avant


@pytest.mark.parametrize("sql", [geste for geste in GESTES if "DELETE" not in geste])
def test_les_memes_gestes_ne_sont_pas_retenus_avant_la_publication(ouverte, sql):
    """Sauf ceux que retient une autre contrainte, qui le dit autrement."""
    try:
        ecrire(sql)
    except DatabaseError as refus:
        assert MESSAGE not in str(refus)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="propre à SQLite")
@pytest.mark.parametrize("geste", ["REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("table", TABLES)
def test_sqlite_refuse_aussi_de_remplacer(publiee, table, geste):
    avant = lignes()
    with pytest.raises(DatabaseError, match=MESSAGE):
        ecrire(f"{geste} INTO programmation_{table} SELECT * FROM programmation_{table}")
    assert lignes() == avant


@pytest.mark.skipif(connection.vendor != "postgresql", reason="propre à PostgreSQL")
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuse_de_vider_d_un_coup(publiee, table):
    with pytest.raises(DatabaseError, match=MESSAGE):
        ecrire(f"TRUNCATE programmation_{table} CASCADE")
    assert all(lignes().values())


def test_un_point_ne_passe_pas_d_une_seance_publiee_a_une_autre(publiee):
    suite = suivante(publiee, dans_jours=20)
    assert suite.pk != publiee.seance.pk
    with pytest.raises(DatabaseError, match=MESSAGE):
        ecrire(f"UPDATE programmation_pointdeseance SET seance_id = {suite.pk}")
    assert publiee.seance.points.count() == 1


def test_une_seance_qui_n_est_pas_publiee_vit_a_cote(publiee):
    suite = suivante(publiee, dans_jours=20)
    actions.inscrire(
        par=publiee.pilote,
        seance=suite,
        dossiers=list(Dossier.objects.values_list("pk", flat=True)),
    )
    assert suite.points.exists()
    suite.points.all().delete()
    actions.jeter_la_seance(par=publiee.pilote, seance=suite)
    assert Seance.objects.count() == 1
