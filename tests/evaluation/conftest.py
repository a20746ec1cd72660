"""Ce que partagent les essais des bilans : une réserve de fichiers à chacun, et un dossier vote."""

import pytest

from tests.decors import decor
from tests.fabriques import bilans


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def vote():
    return bilans.a_rendre()
