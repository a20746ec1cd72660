"""Chaque page coûte autant de requêtes quel que soit le nombre de quartiers ou de fiches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.carte.val import contrat_du, point, territoire_de
from tests.fabriques.cadre import contrat_publie

pytestmark = pytest.mark.django_db
NOMBRES = (1, 10, 40)
LON, LAT = point(300, 0)
PAGES = {
    "carte": "carte/",
    "toutes les couches": "carte/?couche=quartiers-2024&couche=quartiers-2015"
    "&couche=fiches-locales&couche=communes",
    "couche des quartiers": "carte/couches/quartiers-2024.geojson",
    "couche des fiches": "carte/couches/fiches-locales.geojson",
    "couche des communes": "carte/couches/communes.geojson",
    "quartiers": "quartiers/",
    "tableau": "quartiers/tableau.csv",
    "adresse": "adresse/",
    "adresse d'un point": f"adresse/?lat={LAT}&lon={LON}",
    "adresse cherchée": "adresse/?q=4+rue+du+Verger",
}


def cout(client, adresse: str) -> int:
    """Rend le nombre de requêtes d'une page déjà vue une fois."""
    assert client.get(adresse).status_code == 200
    with CaptureQueriesContext(connection) as requetes:
        client.get(adresse)
    return len(requetes)


def semer(nombres: tuple[int, ...]) -> None:
    """Publie un contrat par nombre de quartiers, chacun nommé par une fiche."""
    for rang, nombre in enumerate(nombres):
        territoire_de(nombre, rang)
        noms = [f"Quartier {n}" for n in range(1, nombre + 1)]
        contrat_publie(f"contrat-{nombre}", contrat_du(f"Territoire {rang}", noms))


def test_une_page_coute_autant_avec_1_10_ou_40_quartiers(client):
    semer(NOMBRES)
    couts = {
        page: [cout(client, f"/contrat-{nombre}/{adresse}") for nombre in NOMBRES]
        for page, adresse in PAGES.items()
    }
    assert {page: c for page, c in couts.items() if len(set(c)) > 1} == {}
    assert max(c for liste in couts.values() for c in liste) <= 38, couts


@pytest.mark.parametrize("suite", ["", "a-punaiser.pdf"])
def test_la_page_d_un_quartier_coute_autant_avec_1_10_ou_40_fiches(client, suite):
    couts = []
    for rang, nombre in enumerate(NOMBRES):
        _, ici = territoire_de(2, rang)
        # Un nom que nul autre territoire ne porte : la fiche s'y rapporte sans hésiter.
        ici.quartiers.filter(nom="Quartier 1").update(nom=f"Clos {rang}")
        contrat_publie(
            f"contrat-{nombre}", contrat_du(f"Territoire {rang}", [f"Clos {rang}"], nombre)
        )
        adresse = f"/contrat-{nombre}/quartiers/QN{rang}001/"
        page = client.get(adresse).text
        assert page.count("Elle nomme") == nombre
        couts.append(cout(client, adresse + suite))
    assert len(set(couts)) == 1, couts
    assert couts[0] <= 25
