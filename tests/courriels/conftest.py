"""De quoi déposer des courriels."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from parvis.courriels import actions
from parvis.courriels.enums import Sujet

MATIN = datetime(2015, 6, 2, 8, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def deposer():
    """Rend de quoi déposer un courriel, dans une transaction à lui."""

    def deposer_un_courriel(**change):
        valeurs = {
            "destinataire": "amina@tilleuls.example",
            "sujet": Sujet.SECURITE,
            "objet": "Votre code",
            "texte": "Le code est 123 456.",
            "maintenant": MATIN,
        }
        with transaction.atomic():
            return actions.deposer(**valeurs | change)

    return deposer_un_courriel
