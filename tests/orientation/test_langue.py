"""Les mots, leurs clés, leurs sons : ce qui ne doit pas se confondre, ce qui doit s'entendre pareil."""

import pytest

from parvis.orientation.moteur.langue import banalite, lire_les_mots, lire_un_mot, sons


@pytest.mark.parametrize(
    ("un", "autre"),
    [
        ("gare", "gars"),
        ("CAF", "café"),
        ("mer", "mère"),
        ("visa", "viser"),
    ],
)
def test_deux_mots_courts_ne_se_confondent_pas(un, autre):
    assert lire_un_mot(un)[1] != lire_un_mot(autre)[1]


@pytest.mark.parametrize(
    ("un", "autre"),
    [("crèches", "crèche"), ("habitants", "HABITANT"), ("cafés", "café"), ("œuvres", "oeuvre")],
)
def test_les_formes_d_un_mot_partagent_sa_cle(un, autre):
    assert lire_un_mot(un)[1] == lire_un_mot(autre)[1]


@pytest.mark.parametrize(
    ("ecrit", "juste"),
    [
        ("kartier", "quartier"),
        ("eskalier", "escalier"),
        ("bato", "bateau"),
        ("telefone", "telephone"),
        ("ortograf", "orthographe"),
    ],
)
def test_ce_qui_s_entend_pareil_a_les_memes_sons(ecrit, juste):
    assert sons(ecrit) == sons(juste)


def test_un_mot_garde_sa_place_dans_le_texte():
    texte = "L’orme, l'œuvre d’art"
    assert [texte[m.debut : m.fin] for m in lire_les_mots(texte) if not m.est_outil] == [
        "orme",
        "œuvre",
        "art",
    ]


def test_un_mot_de_tous_les_jours_est_banal_un_sigle_non():
    assert banalite("faire") > banalite("garderie") > banalite("xyzzy") == 0
