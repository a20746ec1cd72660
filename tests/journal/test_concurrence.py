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
def ouvrir(transactional_db, tmp_path):
    """Rend de quoi ouvrir, dans un fil, une base que les fils partagent pour de vrai.

    La base d'essai de SQLite est en mémoire, où les verrous ne sont pas ceux d'un fichier : elle
    est recopiée dans un fichier, avec ses déclencheurs. Le réglage commun n'est pas touché :
    Django fermerait, et perdrait, la base en mémoire.
    """
    if connection.vendor != "sqlite":
        return lambda: None
    fichier = tmp_path / "journal.sqlite3"
    connection.ensure_connection()
    copie = sqlite3.connect(fichier)
    connection.connection.backup(copie)
    copie.close()
    moteur, reglages = (
        type(connections["default"]),
        connection.settings_dict | {"NAME": str(fichier)},
    )

    def ouvrir_le_fichier() -> None:
        connections["default"] = moteur(reglages, "default")

    return ouvrir_le_fichier


def test_huit_fils_ecrivent_une_chaine_sans_trou(ouvrir, acte_d_essai):
    depart = threading.Barrier(FILS, timeout=60)

    def ecrire() -> None:
        ouvrir()
        try:
            depart.wait()
            for _ in range(ACTES):
                with transaction.atomic():
                    acte(details={"a": 1})
        finally:
            connection.close()

    def relire() -> tuple[list[int], list]:
        ouvrir()
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


def test_la_base_d_essai_est_toujours_la(transactional_db):
    assert not Evenement.objects.exists()
