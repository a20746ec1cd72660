"""L'exercice compare deux bases sans le code de Parvis : il voit l'écart, où qu'il soit."""

import sqlite3
import subprocess
import sys

import pytest

from tests.architecture.regles import RACINE

TABLE = "CREATE TABLE journal_evenement (id integer, objet text, details text)"
LIGNES = [(1, "fiche:1", '{"a": 1}'), (2, "fiche:2", None)]


@pytest.fixture
def base(tmp_path):
    """Rend de quoi écrire une petite base."""

    def ecrire(nom: str, *lignes: tuple, tables: tuple = (TABLE,)) -> str:
        with sqlite3.connect(tmp_path / nom) as c:
            for table in tables:
                c.execute(table)
            c.executemany("INSERT INTO journal_evenement VALUES (?, ?, ?)", lignes)
        c.close()
        return str(tmp_path / nom)

    return ecrire


def comparer(*bases: str) -> subprocess.CompletedProcess:
    commande = [sys.executable, str(RACINE / ".ci" / "comparer.py"), *bases]
    return subprocess.run(commande, capture_output=True, text=True)


def test_l_ordre_et_ce_qui_est_laisse_ne_comptent_pas(base):
    laissee = "CREATE TABLE travaux_bail (id integer)"
    dit = comparer(base("a", *LIGNES), base("b", *LIGNES[::-1], tables=(TABLE, laissee)))
    assert dit.returncode == 0 and "1 tables, 2 lignes, les mêmes" in dit.stdout


@pytest.mark.parametrize(
    "autres",
    [
        LIGNES[:1],
        [LIGNES[0], (2, "fiche:3", None)],
        [LIGNES[0], (2, "fiche:2", "null")],
        [*LIGNES, LIGNES[1]],
    ],
)
def test_un_ecart_se_voit(base, autres):
    dit = comparer(base("a", *LIGNES), base("b", *autres))
    assert dit.returncode == 1 and "La table journal_evenement diffère" in dit.stderr


def test_une_table_de_trop_ou_rien_a_comparer_se_voit(base):
    autre = "CREATE TABLE autre (id integer)"
    assert "que d'un côté : autre" in comparer(base("a"), base("b", tables=(TABLE, autre))).stderr
    assert "rien à comparer" in comparer(base("c"), base("d")).stderr
