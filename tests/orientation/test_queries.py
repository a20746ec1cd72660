"""L'index d'une édition suit ce que l'on sait de ses noms."""

import pytest

from parvis.cadre.actions import modifier_partenaire
from parvis.orientation.queries import chercher
from tests.fabriques.cadre import contrat_publie


@pytest.mark.django_db
def test_la_recherche_suit_la_relecture(acteur):
    edition = contrat_publie("tilleuls")
    communes = edition.contrat.partenaires.get(nom="Communes")
    assert chercher(acteur, edition, "ramdam").total == 0
    modifier_partenaire(
        par=acteur, partenaire=communes, version=communes.version, valeurs={"graphies": ["Ramdam"]}
    )
    assert chercher(acteur, edition, "ramdam").total > 0
