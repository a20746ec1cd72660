"""Ce que partagent les essais de l'espace du financeur : un dossier recevable, et qui l'étudie."""

import pytest

from tests.decors import decor
from tests.fabriques import instruction


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def etude():
    """Rend un dossier recevable, demandé à la caisse et à la commune."""
    return instruction.etude()
