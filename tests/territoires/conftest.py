"""Les contours gardés en mémoire s'oublient : une base d'essai remplace l'autre."""

from functools import partial

import pytest

from parvis.territoires.queries.situation import oublier_les_fonds
from tests.fabriques import territoires as fabrique


@pytest.fixture(autouse=True)
def _fonds_oublies():
    oublier_les_fonds()
    yield
    oublier_les_fonds()


@pytest.fixture
def deposer(tmp_path):
    """Rend de quoi écrire un fichier d'essai."""
    return partial(fabrique.deposer, tmp_path)
