"""Un champ trop court : ce qui dépasse se dit, et rien ne se coupe en silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.coupes import compter, couper, motifs_sur_la_limite

TEXTES = st.text(alphabet=st.sampled_from("aé.!? \n’🙂b"), max_size=120)


@pytest.mark.parametrize(
    ("texte", "limite", "garde", "reste"),
    [
        ("Planter. Arroser. Récolter ensemble.", 20, "Planter. Arroser.", "Récolter ensemble."),
        # Sans phrase finie assez loin, la ligne ; sans ligne, le mot ; sans mot, le signe.
        ("Planter\nArroser et cueillir", 14, "Planter", "Arroser et cueillir"),
        ("Planter des pommiers", 13, "Planter des", "pommiers"),
        ("Anticonstitutionnellement", 10, "Anticonsti", "tutionnellement"),
        # Une fin de phrase trop tôt gâcherait la place : le mot vaut mieux.
        ("Oui. Planter des pommiers partout", 25, "Oui. Planter des pommiers", "partout"),
    ],
)
def test_la_coupe_se_fait_ou_elle_se_lit(texte, limite, garde, reste):
    coupe = couper(texte, limite)
    assert (coupe.garde, coupe.reste) == (garde, reste)
    assert coupe.de_trop == len(texte) - limite


def test_la_coupe_dit_ou_le_portail_couperait():
    assert couper("Planter des pommiers", 13).tombe_apres == "Planter des p"


@pytest.mark.parametrize("limite", [None, 4, 5])
def test_ce_qui_tient_ne_se_coupe_pas(limite):
    assert couper("Vert", limite) is None


@given(TEXTES, st.integers(1, 60))
def test_rien_ne_se_perd_et_tout_tient(texte, limite):
    coupe = couper(texte, limite)
    if coupe is None:
        assert compter(texte) <= limite
        return
    assert compter(coupe.garde) <= limite < compter(texte)
    assert texte.startswith(coupe.garde)
    assert "".join((coupe.garde + coupe.reste).split()) == "".join(texte.split())


def test_un_signe_rare_compte_pour_deux_comme_dans_un_navigateur():
    assert compter("🙂a") == 3


@pytest.mark.parametrize(("limite", "est_bonne"), [(0, False), (1, True), (100_001, False)])
def test_une_limite_vue_est_un_nombre_de_signes(limite, est_bonne):
    assert (motifs_sur_la_limite(limite) == []) is est_bonne
