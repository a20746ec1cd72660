"""Ce que partagent les essais des fichiers : une réserve à chacun, et l'antivirus éteint."""

from pathlib import Path

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    """Rend le dossier où ce test range ses fichiers."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""
    cache.clear()
    yield Path(settings.MEDIA_ROOT)
    cache.clear()


@pytest.fixture
def sur_le_disque(reserve_neuve):
    """Rend de quoi lister ce qui est rangé."""
    return lambda: sorted(p for p in reserve_neuve.rglob("*") if p.is_file())
