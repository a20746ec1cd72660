"""Les diagrammes de docs/etats/ disent ce que fait le code."""

import pytest

from parvis.socle.etats import diagramme, tables
from parvis.travaux.enums import Etat
from tests.architecture.regles import RACINE

TABLES = dict(tables())


def est_a_jour(piece, passages) -> bool:
    fichier = RACINE / "docs" / "etats" / f"{piece}.md"
    return fichier.exists() and fichier.read_text(encoding="utf-8") == diagramme(piece, passages)


@pytest.mark.parametrize("piece", TABLES)
def test_le_diagramme_est_a_jour(piece):
    assert est_a_jour(piece, TABLES[piece]), "Lancez `parvis dessiner_etats`."


def test_un_diagramme_perime_serait_vu():
    change = {**TABLES["travaux"], Etat.ANNULE: (Etat.EN_ATTENTE,)}
    assert not est_a_jour("travaux", change)


def test_aucun_diagramme_ne_survit_a_sa_table():
    ecrits = {fichier.stem for fichier in (RACINE / "docs" / "etats").glob("*.md")}
    assert ecrits == set(TABLES)
