"""Les migrations mènent à la base que disent les modèles : celle où tous les tests sont menés."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

# Lit, dans un autre processus, la base que `migrate` vient d'y faire.
MIGRER_ET_DECRIRE = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from tests.architecture.test_migrations import decrire
print(json.dumps(decrire()))
"""
SUR_SQLITE = "SELECT type || ' ' || tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
SUR_POSTGRESQL = """
    SELECT 'colonne de ' || c.relname,
           concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                     a.attidentity, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'contrainte de ' || conrelid::regclass, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index de ' || tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'déclencheur de ' || tgrelid::regclass, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""


def par_morceaux(sql: str) -> list[str]:
    """Coupe une table de SQLite en ses colonnes et ses contraintes, dont l'ordre ne compte pas."""
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    morceaux, debut, profondeur = [], sql.index("(") + 1, 0
    for rang in range(debut, len(sql)):
        profondeur += {"(": 1, ")": -1}.get(sql[rang], 0)
        if profondeur < 0 or (profondeur == 0 and sql[rang] == ","):
            morceaux.append(sql[debut:rang])
            debut = rang + 1
    return morceaux


def decrire() -> list[list[str]]:
    """Rend ce que la base ouverte tient de nos tables : colonnes, contraintes, index, déclencheurs."""
    nos_tables = {
        modele._meta.db_table
        for piece in apps.get_app_configs()
        if piece.name.startswith("parvis.")
        for modele in piece.get_models(include_auto_created=True)
    }
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as curseur:
        curseur.execute(SUR_SQLITE if sqlite else SUR_POSTGRESQL)
        lignes = curseur.fetchall()
    return sorted(
        [ou, " ".join(morceau.split())]
        for ou, sql in lignes
        if ou.split()[-1] in nos_tables
        for morceau in par_morceaux(sql)
    )


@contextmanager
def base_neuve(dossier):
    """Rend de quoi ouvrir une base vide du même moteur, dans un autre processus."""
    if connection.vendor == "sqlite":
        yield {"PARVIS_VAR": str(dossier)}
        return
    nom = f"{connection.settings_dict['NAME']}_migree"
    adresse = urlsplit(os.environ["PARVIS_BASE"])._replace(path=f"/{nom}").geturl()
    with connection.cursor() as curseur:
        curseur.execute(f'CREATE DATABASE "{nom}"')
    try:
        yield {"PARVIS_VAR": str(dossier), "PARVIS_BASE": adresse}
    finally:
        with connection.cursor() as curseur:
            curseur.execute(f'DROP DATABASE "{nom}"')


def test_les_migrations_menent_a_ce_que_disent_les_modeles(tmp_path):
    with base_neuve(tmp_path) as ou:
        mene = subprocess.run(
            [sys.executable, "-c", MIGRER_ET_DECRIRE],
            env=os.environ | ou,
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            text=True,
            timeout=240,
        )
    migree = json.loads(mene.stdout)
    assert len(migree) > 1000
    assert decrire() == migree


def test_une_colonne_de_trop_se_voit():
    avant = decrire()
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE cadre_contrat ADD COLUMN de_trop integer NULL")
    try:
        assert decrire() != avant
    finally:
        with connection.cursor() as curseur:
            curseur.execute("ALTER TABLE cadre_contrat DROP COLUMN de_trop")
    assert decrire() == avant
