"""L'appel que partagent les connecteurs : une redirection ne sort jamais de l'hôte réglé."""

import pytest

from parvis.connecteurs import appel


@pytest.mark.parametrize(
    "destination",
    [
        "",
        "https://geo.example/search",
        "http://geo.example/search/",
        "https://ailleurs.example/search/",
        "https://geo.example:444/search/",
        "//ailleurs.example/search/",
        "/autre/",
        "/search/csv/",
        "https://geo.example@ailleurs.example/search/",
    ],
)
def test_une_redirection_ne_mene_pas_ailleurs(destination):
    with pytest.raises(appel.ReponseIllisible):
        appel.a_une_barre_pres("https://geo.example/search", destination)


def test_une_barre_finale_se_met_ou_s_ote():
    assert appel.a_une_barre_pres("https://geo.example/s", "/s/?q=1") == "https://geo.example/s/"
    assert appel.a_une_barre_pres("https://geo.example/s/", "/s") == "https://geo.example/s"
