"""Bancs d'essai, lancés à la main par `make charge` ; pytest ne les ramasse pas."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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


@contextmanager
def base_neuve(dossier: str, nom: str) -> Iterator[str]:
    """Donne une base vide, du même moteur que PARVIS_BASE, et la retire ensuite."""
    adresse = os.environ.get("PARVIS_BASE", "")
    if not adresse.startswith("postgres"):
        yield f"sqlite:///{dossier}/{nom}.sqlite3"
        return
    import psycopg

    toujours_la = urlsplit(adresse)._replace(scheme="postgresql", path="/postgres").geturl()
    with psycopg.connect(toujours_la, autocommit=True) as c:
        c.execute(f"DROP DATABASE IF EXISTS parvis_{nom} WITH (FORCE)")
        c.execute(f"CREATE DATABASE parvis_{nom}")
        try:
            yield urlsplit(adresse)._replace(path=f"/parvis_{nom}").geturl()
        finally:
            c.execute(f"DROP DATABASE IF EXISTS parvis_{nom} WITH (FORCE)")
