"""La loi de ce qui touche un lieu : où va un projet, à qui s'adresse un appel."""

import pytest

from parvis.dossiers.enums import PorteeDeProjet as P
from parvis.dossiers.rules.publicite import fiche_vaut_ici, portee

QUARTIER, COMMUNE, AUTRE = 1, 10, 99


@pytest.mark.parametrize(
    ("projet", "au_quartier", "a_la_commune"),
    [
        ({"echelle": "agglomeration"}, P.PARTOUT, P.PARTOUT),
        ({"quartiers": [QUARTIER], "communes_des_quartiers": [COMMUNE]}, P.ICI, P.ICI),
        ({"quartiers": [AUTRE], "communes_des_quartiers": [COMMUNE]}, None, P.ICI),
        ({"quartiers": [AUTRE], "communes_des_quartiers": [AUTRE]}, None, None),
        ({"communes": [COMMUNE]}, P.COMMUNE, P.ICI),
        ({"communes": [AUTRE, COMMUNE]}, P.COMMUNE, P.ICI),
        ({"communes": [AUTRE]}, None, None),
        ({}, None, None),
    ],
)
def test_ou_va_un_projet(projet, au_quartier, a_la_commune):
    vide = {"echelle": "", "quartiers": [], "communes": [], "communes_des_quartiers": []}
    dit = vide | projet
    assert portee(**dit, quartiers_d_ici=[QUARTIER], communes_d_ici=[COMMUNE]) == au_quartier
    assert portee(**dit, quartiers_d_ici=[], communes_d_ici=[COMMUNE]) == a_la_commune


@pytest.mark.parametrize(
    ("fiche", "vaut"),
    [
        ({}, True),
        ({"communes_nommees": [COMMUNE]}, True),
        ({"communes_nommees": [AUTRE]}, False),
        ({"communes_nommees": [AUTRE], "est_nommee_ici": True}, True),
        ({"communes_nommees": [AUTRE], "est_large": True}, True),
        ({"communes_nommees": [AUTRE], "a_un_lieu_inconnu": True}, True),
    ],
)
def test_ou_vaut_une_fiche(fiche, vaut):
    rien = {"est_nommee_ici": False, "est_large": False, "a_un_lieu_inconnu": False}
    dit = rien | {"communes_nommees": []} | fiche
    assert fiche_vaut_ici(**dit, communes_d_ici=[COMMUNE]) is vaut
