"""Ce que partagent les essais des connecteurs : une mémoire vide, un faux service branché."""

from contextlib import ExitStack

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def memoire_vide(monkeypatch):
    for nom in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(nom, raising=False)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def brancher(settings):
    """Rend de quoi démarrer un faux service dans un mode, et y brancher son client."""
    with ExitStack() as ouverts:

        def demarrer(faux_serveur, reglage, mode="normal", **reglages):
            serveur = ouverts.enter_context(faux_serveur.demarre(mode, **reglages))
            setattr(settings, reglage, serveur.adresse)
            return serveur

        yield demarrer
