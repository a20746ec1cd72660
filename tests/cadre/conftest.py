"""Une édition publiée, et l'avenant que l'on en prépare."""

import pytest

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.comptes.acteur import Acteur
from tests.fabriques.cadre import contrat_publie


@pytest.fixture
def publiee(db):
    return contrat_publie("tilleuls")


@pytest.fixture
def brouillon(publiee):
    return preparer_un_avenant(par=Acteur.machine("Léa"), edition=publiee)
