"""Huit fils écrivent la même chaîne : ni trou, ni double, sur les deux moteurs."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from tests.fabriques.journal import acte

FILS, ACTES = 8, 25


@pytest.fixture
def base_partagee(transactional_db, tmp_path, monkeypatch):
    """Donne aux fils une base qu'ils partagent pour de vrai.

    La base d'essai de SQLite est en mémoire, où les verrous ne sont pas ceux d'un fichier : elle
    est recopiée dans un fichier, avec ses déclencheurs.
    """
    if connection.vendor == "sqlite":
        fichier = tmp_path / "journal.sqlite3"
        connection.ensure_connection()
        copie = sqlite3.connect(fichier)
        connection.connection.backup(copie)
        copie.close()
        monkeypatch.setitem(connections.settings["default"], "NAME", str(fichier))


def test_huit_fils_ecrivent_une_chaine_sans_trou(base_partagee, acte_d_essai):
    depart = threading.Barrier(FILS)

    def ecrire() -> None:
        try:
            depart.wait(10)
            for _ in range(ACTES):
                with transaction.atomic():
                    acte(details={"a": 1})
        finally:
            connection.close()

    def relire() -> tuple[list[int], list]:
        try:
            rangs = Evenement.objects.order_by("rang").values_list("rang", flat=True)
            return list(rangs), ruptures()
        finally:
            connection.close()

    with ThreadPoolExecutor(FILS) as fils:
        for ecriture in [fils.submit(ecrire) for _ in range(FILS)]:
            ecriture.result(60)
        rangs, trouvees = fils.submit(relire).result(60)
    assert rangs == list(range(1, FILS * ACTES + 1))
    assert trouvees == []
