"""Le texte français vu par la machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.socle import texte


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [("Médiathèque", "mediatheque"), ("ŒUVRE", "oeuvre"), ("l’été", "l'ete"), ("Ægir", "aegir")],
)
def test_sans_accents(brut, attendu):
    assert texte.sans_accents(brut) == attendu


def test_mots_garde_les_mots_vides_et_racines_les_ote():
    assert texte.mots("L'accès aux droits, n°3 !") == ["l", "acces", "aux", "droits", "n", "3"]
    assert texte.racines("L'accès aux droits") == [texte.racine("acces"), texte.racine("droits")]


@pytest.mark.parametrize(
    ("un", "autre"),
    [("élèves", "eleve"), ("médiathèques", "mediatheque"), ("formations", "FORMATION")],
)
def test_accents_pluriels_et_capitales_ont_la_meme_racine(un, autre):
    assert texte.racines(un) == texte.racines(autre)


def test_le_tri_est_celui_d_un_dictionnaire():
    noms = ["Zone", "Écoles", "Ecole", "État", "à part", "Œuvres", "Associations"]
    ranges = ["à part", "Associations", "Ecole", "Écoles", "État", "Œuvres", "Zone"]
    assert sorted(noms, key=texte.cle_de_tri) == ranges


@pytest.mark.parametrize(
    ("brut", "attendu"),
    [
        ("Caisse d'allocations familiales", "caisse-d-allocations-familiales"),
        ("Cœur de l’été", "coeur-de-l-ete"),
        ("", ""),
    ],
)
def test_une_adresse_se_lit(brut, attendu):
    assert texte.adresse(brut) == attendu


def test_une_adresse_longue_se_coupe_entre_deux_mots():
    assert texte.adresse("un deux trois", 9) == "un-deux"
    assert texte.adresse("anticonstitutionnellement", 5) == "antic"


@given(st.text(max_size=200), st.integers(1, 100))
def test_une_adresse_est_toujours_sure(brut, longueur):
    adresse = texte.adresse(brut, longueur)
    assert len(adresse) <= longueur
    assert set(adresse) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.text(max_size=200))
def test_l_analyse_ne_depend_pas_de_la_casse_ni_de_la_forme_des_accents(brut):
    assert texte.mots(brut) == texte.mots(texte.sans_accents(brut))
