"""Ce que partagent les tests des territoires."""

from functools import partial

import pytest

from tests.fabriques import territoires as fabrique


@pytest.fixture
def deposer(tmp_path):
    """Rend de quoi écrire un fichier d'essai."""
    return partial(fabrique.deposer, tmp_path)
