"""La loi d'une note : le score, exact et borné ; ce qui empêche de noter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDossier
from parvis.instruction.rules.grille import (
    UNITE,
    Choix,
    CritereANoter,
    Pese,
    motifs_empechant_de_noter,
    motifs_sur_les_notes,
    score,
    score_des_sommes,
)

GRILLE = {"utile": CritereANoter("Utile", 3, 3), "sur": CritereANoter("Sûr", 1, 2)}


@st.composite
def pesees(tirer):
    sur = tirer(st.integers(1, 4))
    return Pese(tirer(st.integers(1, 5)), tirer(st.integers(0, sur)), sur)


@given(st.lists(pesees(), min_size=1, max_size=12))
def test_le_score_est_la_moyenne_ponderee_exacte_entre_0_et_100(notes):
    lu = score(notes, len(notes))
    attendu = sum(Fraction(100 * n.poids * n.niveau, n.sur) for n in notes) / sum(
        n.poids for n in notes
    )
    assert isinstance(lu.exact, Fraction) and lu.exact == attendu
    assert 0 <= lu.exact <= 100
    assert abs(lu.sur_cent - lu.exact) <= Fraction(1, 2)


@given(st.lists(pesees(), min_size=1, max_size=6), st.integers(1, 4))
def test_mieux_noter_un_critere_ne_fait_jamais_baisser(notes, pas):
    premiere = notes[0]
    mieux = Pese(premiere.poids, min(premiere.niveau + pas, premiere.sur), premiere.sur)
    assert score([mieux, *notes[1:]], 9).exact >= score(notes, 9).exact


@given(pesees(), pesees())
def test_un_critere_de_poids_double_compte_comme_deux(une, autre):
    double = Pese(une.poids * 2, une.niveau, une.sur)
    assert score([double, autre], 2).exact == score([une, une, autre], 3).exact


def test_les_deux_bouts_et_la_moitie_s_arrondissent_en_entiers():
    assert score([Pese(5, 0, 4)], 1).sur_cent == 0
    assert score([Pese(1, 2, 2), Pese(5, 4, 4)], 2).sur_cent == 100
    # 12,5 va à 13, comme à l'école ; un flottant irait à 12.
    assert score_des_sommes(UNITE, 8, 2, 2).exact == Fraction(25, 2)
    assert score_des_sommes(UNITE, 8, 2, 2).sur_cent == 13


def test_le_score_dit_s_il_est_partiel():
    assert score([], 7).phrase == "Pas encore noté"
    assert score([], 7).sur_cent is None
    assert score([Pese(1, 1, 2)], 7).phrase == "50 sur 100, 1 critère sur 7 noté"
    assert score([Pese(1, 1, 2)] * 5, 7).avancement == "5 critères sur 7 notés"
    assert score([Pese(1, 1, 2)] * 7, 7).phrase == "50 sur 100"


@pytest.mark.parametrize("etat", EtatDeDossier.values)
def test_seul_un_dossier_recevable_se_note(etat):
    assert bool(motifs_empechant_de_noter(etat)) is (etat != EtatDeDossier.RECEVABLE)


@pytest.mark.parametrize(
    ("choix", "attendu"),
    [
        ({"utile": Choix(2), "sur": Choix(0, "Calendrier court.")}, []),
        ({"utile": Choix()}, []),
        ({"utile": Choix(3)}, ["« Utile » : ce niveau n’existe pas."]),
        ({"utile": Choix(-1)}, ["« Utile » : ce niveau n’existe pas."]),
        ({"sur": Choix(None, "Oui")}, ["« Sûr » : choisissez un niveau, ou ôtez le commentaire."]),
        ({"sur": Choix(1, "o" * 501)}, ["« Sûr » : 500 signes de commentaire au plus."]),
        ({"autre": Choix(0)}, ["Un critère n’est pas dans la grille de cet appel."]),
    ],
)
def test_tout_ce_qui_ne_va_pas_se_dit(choix, attendu):
    assert motifs_sur_les_notes(choix, GRILLE) == attendu
