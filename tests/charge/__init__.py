"""Bancs d'essai, lancés à la main par `make charge` ; pytest ne les ramasse pas."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
RAPPORT = RACINE / "docs" / "performance.md"


def preparer_django() -> None:
    """Charge les réglages, comme le ferait une commande."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def chronometrer(faire: Callable[[], object], tours: int) -> float:
    """Rend la durée médiane en ms, après un tour de chauffe."""
    faire()
    durees = []
    for _ in range(tours):
        debut = time.perf_counter()
        faire()
        durees.append(1000 * (time.perf_counter() - debut))
    return statistics.median(durees)
