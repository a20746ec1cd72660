"""Ce que tous les tests des actes et des versements partagent."""

import pytest


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    """Donne à chacun sa réserve de fichiers, sans antivirus."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""
