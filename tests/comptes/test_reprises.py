"""Un champ envoyé en JSON se relit en clair ; un texte qui y ressemble reste un texte."""

import pytest

from parvis.comptes.rules.reprises import Groupe, cles_d_organismes, composer, en_clair


@pytest.mark.parametrize("valeur", ["Bonjour", "[à suivre]", "{brouillon", "", "12", '"texte"'])
def test_un_texte_reste_un_texte(valeur):
    assert composer(valeur) is None


@pytest.mark.parametrize(
    ("compose", "groupes"),
    [
        ({"lignes": [{"cle": "l-1", "libelle": "Thé", "saisie": ""}]}, [Groupe("lignes", ["Thé"])]),
        ({"lignes": [], "demandes": [{"financeur": "3"}]}, [Groupe("demandes", ["La Caisse"])]),
        ([{"nom": "A"}, {"nom": ""}], [Groupe("", ["A"])]),
        (["un", "deux", None], [Groupe("", ["un", "deux"])]),
        ({"nom": "A", "role": "B"}, [Groupe("", ["A · B"])]),
        ({"demandes": [{"financeur": "99", "saisie": "5"}]}, [Groupe("demandes", ["5"])]),
        ({"nature": "nature"}, []),
    ],
)
def test_un_champ_compose_se_lit_ligne_a_ligne(compose, groupes):
    assert en_clair(compose, {3: "La Caisse"}) == groupes


def test_les_cles_d_organismes_se_trouvent_a_toute_profondeur():
    compose = {"demandes": [{"financeur": "3"}, {"financeur": "autre"}, {"financeur": 4}], "x": "9"}
    assert cles_d_organismes(compose) == {3}
    assert cles_d_organismes(None) == cles_d_organismes("3") == set()
