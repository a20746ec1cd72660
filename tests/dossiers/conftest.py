"""Ce que partagent les essais des dossiers : une réserve de fichiers à chacun, sans antivirus."""

import pytest

from tests.decors import decor
from tests.fabriques import depots


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def ici():
    """Rend un appel ouvert, ses deux financeurs, et qui porte un dossier."""
    return depots.lieux()
