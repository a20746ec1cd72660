"""La loi de la couverture : chaque euro une fois, ce qui manque, et ne rien dire que l'on ne sache."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.evaluation.rules.couverture import (
    COMMUNE,
    PARTOUT,
    QUARTIER,
    TOUT_LE_TERRITOIRE,
    Case,
    DossierCompte,
    Trou,
    dire_le_trou,
    exercices_votes,
    fiches_sans_projet,
    par_fiche,
    par_lieu_et_pilier,
    par_public,
    partager,
    publics_oublies,
    quartiers_sans_jeunesse,
    quartiers_sans_projet,
)

ICI, LA = (QUARTIER, 1), (QUARTIER, 2)
PILIERS = {"1-1": "verdir", "1-2": "verdir", "2-1": "apprendre"}


def compte(exercice: int = 2026, *fiches: str, soutenu: bool = True, **autres) -> DossierCompte:
    vote = autres.pop("vote", Decimal("100.00") if soutenu else Decimal("0.00"))
    return DossierCompte(1, 1, 1, exercice, fiches, vote=vote, est_soutenu=soutenu, **autres)


def test_un_dossier_compte_a_sa_fiche_principale_et_aussi_aux_autres():
    cases = par_fiche(
        [compte(2026, "1-1", "1-2", personnes=40), compte(2026, "1-2", soutenu=False)]
    )
    assert cases["1-1", 2026] == Case(1, 1, 0, Decimal("100.00"), personnes=40)
    assert cases["1-2", 2026] == Case(1, 0, 1)
    assert cases["1-2", 2026].attendent == 1
    assert not cases["1-2", 2026].est_vide


def test_les_personnes_d_un_dossier_que_rien_ne_soutient_ne_comptent_pas():
    cases = par_fiche([compte(2026, "1-1", soutenu=False, personnes=40)])
    assert cases["1-1", 2026].personnes == 0
    assert cases["1-1", 2026].est_vide


@pytest.mark.parametrize(
    ("montant", "parts", "attendu"),
    [
        ("100.00", 3, ["33.34", "33.33", "33.33"]),
        ("0.01", 2, ["0.01", "0.00"]),
        ("0.00", 4, ["0.00"] * 4),
        ("10.00", 1, ["10.00"]),
    ],
)
def test_un_montant_se_partage_au_centime(montant, parts, attendu):
    assert partager(Decimal(montant), parts) == [Decimal(part) for part in attendu]


@given(st.decimals(0, 10**9, places=2), st.integers(1, 40))
def test_les_parts_font_le_montant_et_se_valent_au_centime(montant, parts):
    parts_ = partager(montant, parts)
    assert sum(parts_) == montant
    assert max(parts_) - min(parts_) <= Decimal("0.01")


LIEUX = st.lists(
    st.sampled_from([ICI, LA, (COMMUNE, 1), TOUT_LE_TERRITOIRE]), unique=True, max_size=4
)
COMPTES = st.lists(
    st.builds(
        lambda exercice, fiches, lieux, vote, personnes, soutenu: compte(
            exercice,
            *fiches,
            soutenu=soutenu,
            lieux=tuple(lieux),
            vote=vote if soutenu else Decimal("0.00"),
            personnes=personnes,
        ),
        st.integers(2024, 2027),
        st.lists(st.sampled_from([*PILIERS, "9-9"]), unique=True, max_size=3),
        LIEUX,
        st.decimals(0, 10**6, places=2),
        st.none() | st.integers(0, 5000),
        st.booleans(),
    ),
    max_size=30,
)


@given(COMPTES)
def test_aucun_tableau_ne_perd_ni_ne_compte_deux_fois_un_euro_ou_une_personne(comptes):
    vote = sum((un.vote for un in comptes), Decimal("0.00"))
    personnes = sum(un.personnes or 0 for un in comptes if un.est_soutenu)
    lieux = par_lieu_et_pilier(comptes, PILIERS).values()
    assert sum((case.vote for case in lieux), Decimal("0.00")) == vote
    assert sum(case.personnes for case in lieux) == personnes
    ranges = [un for un in comptes if un.fiche]
    fiches = par_fiche(comptes).values()
    assert sum((case.vote for case in fiches), Decimal("0.00")) == sum(un.vote for un in ranges)
    assert sum(case.soutenus for case in fiches) == sum(un.est_soutenu for un in ranges)


def test_un_dossier_sans_lieu_se_passe_sur_tout_le_territoire():
    assert set(par_lieu_et_pilier([compte(2026, "2-1")], PILIERS)) == {
        (TOUT_LE_TERRITOIRE, "apprendre")
    }


def test_une_fiche_hors_de_l_edition_n_a_pas_de_pilier():
    assert set(par_lieu_et_pilier([compte(2026, "9-9", lieux=(ICI,))], PILIERS)) == {(ICI, "")}


def test_les_publics_ne_comptent_que_les_projets_soutenus():
    comptes = [
        compte(2026, "1-1", publics={"f": 3, "65": 2}),
        compte(2026, "1-1", publics={"f": 4}),
        compte(2026, "1-1", soutenu=False, publics={"f": 9}),
    ]
    assert par_public(comptes) == {("1-1", "f"): 7, ("1-1", "65"): 2}


# --- Ce qui manque --------------------------------------------------------------------------------


def test_une_fiche_manque_depuis_tant_d_exercices_votes():
    comptes = [
        compte(2024, "1-1", "2-1"),
        compte(2025, "1-1"),
        compte(2026, "1-1"),
        compte(2026, "1-2", soutenu=False),
        # Ni reçu l'an d'avant, ni à venir sans vote : l'exercice 2027 n'a rien voté.
        compte(2024, "1-2", soutenu=False),
        compte(2027, "2-1", soutenu=False),
    ]
    assert exercices_votes(comptes) == [2024, 2025, 2026]
    assert fiches_sans_projet(PILIERS, comptes) == [
        Trou("1-2", 3, True, attendent=1),
        Trou("2-1", 2, False, attendent=1),
    ]


def test_une_fiche_servie_en_second_n_est_pas_un_trou():
    assert fiches_sans_projet(["1-2"], [compte(2026, "1-1", "1-2")]) == []


def test_sans_un_vote_tout_manque_depuis_toujours():
    assert fiches_sans_projet(["1-1"], []) == [Trou("1-1", 0, True)]


def test_un_quartier_que_seul_un_projet_de_sa_commune_touche_est_un_trou_qui_le_dit():
    comptes = [
        compte(2025, lieux=(LA,)),
        compte(2026, lieux=(ICI,)),
        compte(2026, lieux=((COMMUNE, 7),)),
        compte(2026),
        compte(2025, lieux=(TOUT_LE_TERRITOIRE,)),
        compte(2026, lieux=(LA,), soutenu=False),
    ]
    trous = quartiers_sans_projet({1: [8], 2: [7]}, comptes)
    assert trous == [Trou(2, 1, False, attendent=1, plus_large=2)]


@pytest.mark.parametrize(
    ("trou", "phrase"),
    [
        (Trou("1", 3, True), "jamais de projet soutenu"),
        (Trou("1", 1, False), "aucun projet soutenu cette année"),
        (
            Trou("1", 2, False, 1),
            "aucun projet soutenu depuis 2 ans ; 1 dossier attend une réponse",
        ),
        (
            Trou("1", 2, False, 3),
            "aucun projet soutenu depuis 2 ans ; 3 dossiers attendent une réponse",
        ),
        (
            Trou(1, 1, True, 0, 1),
            "jamais de projet soutenu, mais 1 projet y passe, de toute la commune ou de tout le territoire",
        ),
        (
            Trou(1, 1, True, 0, 2),
            "jamais de projet soutenu, mais 2 projets y passent, "
            "de toute la commune ou de tout le territoire",
        ),
    ],
)
def test_un_trou_se_dit(trou, phrase):
    assert dire_le_trou(trou) == phrase


@pytest.mark.parametrize(
    ("vise", "publics", "est_oublie"),
    [
        ("jeunes", {"26_64": 20}, True),
        ("jeunes", {"18_25": 1, "26_64": 20}, False),
        ("jeunes", {"12_17": 1}, False),
        # Des femmes et des hommes ne disent rien d'un âge.
        ("jeunes", {"f": 10, "h": 2}, False),
        ("jeunes", {}, False),
        ("femmes", {"h": 12}, True),
        ("femmes", {"h": 12, "f": 0}, True),
        ("femmes", {"26_64": 12}, False),
        # Personne ne compte les demandeurs d'emploi.
        ("demandeurs_emploi", {"26_64": 12}, False),
    ],
)
def test_un_public_est_oublie_quand_les_projets_comptent_et_n_en_trouvent_pas(
    vise, publics, est_oublie
):
    oublies = publics_oublies({"1-1": [vise]}, [compte(2026, "1-1", publics=publics)])
    assert bool(oublies) is est_oublie


def test_un_projet_muet_fait_taire_sa_fiche():
    comptes = [compte(2026, "1-1", publics={"65": 3}), compte(2026, "1-1")]
    assert publics_oublies({"1-1": ["enfants"]}, comptes) == []


def test_une_fiche_sans_projet_n_oublie_personne():
    assert publics_oublies({"1-1": ["enfants"]}, [compte(2025, "1-1"), compte(2026, "1-2")]) == []


def test_un_quartier_sans_jeunesse_a_des_projets_qui_comptent_et_n_en_ont_pas():
    comptes = [
        compte(2026, lieux=(ICI,), publics={"65": 3}),
        compte(2026, lieux=(LA,), publics={"12_17": 3}),
        compte(2026, lieux=((QUARTIER, 3),)),
        compte(2025, lieux=((QUARTIER, 4),), publics={"65": 3}),
        compte(2026, lieux=((PARTOUT, 0),), publics={"65": 3}),
    ]
    assert quartiers_sans_jeunesse([1, 2, 3, 4], comptes) == [1]
