"""Plusieurs noms dans une case : aucun ne se coupe, aucun ne se colle à un autre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.importation.faits_en_tableau import joindre, separer

NOMS = st.text("aé ;,-", min_size=1, max_size=8).map(lambda t: " ".join(t.split())).filter(bool)


@given(st.lists(NOMS, max_size=4))
def test_des_noms_joints_se_separent_pareils(noms):
    assert separer(joindre(noms)) == tuple(noms)


@pytest.mark.parametrize(
    ("imprime", "noms"),
    [
        ("", ()),
        ("État", ("État",)),
        ("État ; Région", ("État", "Région")),
        ("Ville ;Région", ("Ville ;Région",)),
    ],
)
def test_une_case_ordinaire_se_lit_comme_elle_s_ecrit(imprime, noms):
    assert separer(imprime) == noms
