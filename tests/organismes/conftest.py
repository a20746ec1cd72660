"""De petits organismes inventés."""

from datetime import date

import pytest
from stdnum import luhn

from parvis.organismes import actions
from parvis.socle.auteur import Machine
from parvis.territoires.models import Commune

MOI = Machine("essai")


def siren(rang: int) -> str:
    """Rend un Siren inventé : un vrai ne commence jamais par zéro."""
    debut = f"0002{rang:04d}"
    return debut + luhn.calc_check_digit(debut)


def siret(rang: int, etablissement: int = 1) -> str:
    debut = f"{siren(rang)}{etablissement:04d}"
    return debut + luhn.calc_check_digit(debut)


@pytest.fixture
def ville(db):
    return Commune.objects.create(code="94041", nom="Port-Tilleul", departement="94")


@pytest.fixture
def creer(db):
    """Rend de quoi créer une association d'un mot, ou tout autre organisme."""

    def _creer(nom="Les Jardins du Verger", **valeurs):
        return actions.creer(par=MOI, nom=nom, **({"nature": "association"} | valeurs))

    return _creer


@pytest.fixture
def clos(creer):
    return actions.cloturer(par=MOI, organisme=creer("Ancienne Régie"), fin_le=date(2020, 1, 1))
