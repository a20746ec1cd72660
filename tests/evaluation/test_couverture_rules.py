"""La loi de la couverture : chaque euro une fois, ce qui manque, et ne rien dire que l'on ne sache."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.evaluation.rules.couverture import (
    COMMUNE,
    QUARTIER,
    TOUT_LE_TERRITOIRE,
    Case,
    DossierCompte,
    QuartierJuge,
    Trou,
    dire_le_trou,
    exercices_juges,
    fiches_sans_projet,
    par_fiche,
    par_lieu_et_pilier,
    par_pilier,
    par_public,
    publics_oublies,
    quartiers_sans_jeunesse,
    quartiers_sans_projet,
)

ICI, LA = (QUARTIER, 1), (QUARTIER, 2)
PILIERS = {"1-1": "verdir", "1-2": "verdir", "2-1": "apprendre"}


def compte(exercice: int = 2026, *fiches: str, soutenu: bool = True, **autres) -> DossierCompte:
    vote = autres.pop("vote", Decimal("100.00") if soutenu else Decimal("0.00"))
    return DossierCompte(1, 1, 1, exercice, fiches, vote=vote, est_soutenu=soutenu, **autres)


def refuse(exercice: int, *fiches: str, **autres) -> DossierCompte:
    return compte(exercice, *fiches, soutenu=False, **autres)


def en_attente(exercice: int, *fiches: str, **autres) -> DossierCompte:
    return refuse(exercice, *fiches, attend=True, **autres)


def test_un_dossier_compte_a_sa_fiche_principale_et_en_second_aux_autres():
    cases = par_fiche([compte(2026, "1-1", "1-2", personnes=40), en_attente(2026, "1-2")])
    assert cases["1-1", 2026] == Case(1, 0, 0, Decimal("100.00"), personnes=40, dossiers=1)
    assert cases["1-2", 2026] == Case(0, 1, 1, dossiers=2)
    assert not cases["1-2", 2026].est_vide


def test_un_dossier_que_rien_ne_soutient_ne_compte_ni_personne_ni_attente_s_il_est_refuse():
    cases = par_fiche([refuse(2026, "1-1", personnes=40)])
    assert cases["1-1", 2026] == Case(dossiers=1)
    assert cases["1-1", 2026].est_vide


def test_l_annee_qui_suit_ne_montre_aucun_dossier_dans_son_tableau():
    assert par_fiche([compte(2027, "1-1", est_le_sien=False)])["1-1", 2027].dossiers == 0


def test_une_annee_se_juge_quand_la_moitie_de_ses_dossiers_ont_leur_reponse():
    assert exercices_juges([]) == []
    assert exercices_juges([refuse(2026)]) == []
    assert exercices_juges([compte(2026), en_attente(2026)]) == [2026]
    assert exercices_juges([compte(2026), en_attente(2026), en_attente(2026)]) == []
    assert exercices_juges([compte(2026), refuse(2026), en_attente(2026)]) == [2026]
    # La suite votée d'un projet de plusieurs années ne dit rien de l'appel de cette année-là.
    assert exercices_juges([compte(2026), compte(2027, est_le_sien=False)]) == [2026]


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
    soutenus = sum(un.est_soutenu for un in comptes)
    for cases in (par_fiche(comptes).values(), par_pilier(comptes, PILIERS).values()):
        assert sum((case.vote for case in cases), Decimal("0.00")) == vote
        assert sum(case.personnes for case in cases) == personnes
        assert sum(case.soutenus for case in cases) == soutenus


@given(COMPTES, st.sampled_from([ICI, LA, TOUT_LE_TERRITOIRE]))
def test_un_lieu_compte_en_entier_chaque_dossier_qui_le_nomme(comptes, lieu):
    cases = par_lieu_et_pilier(comptes, PILIERS)
    siens = [un for un in comptes if lieu in (un.lieux or (TOUT_LE_TERRITOIRE,))]
    du_lieu = [case for (un, _), case in cases.items() if un == lieu]
    assert sum((case.vote for case in du_lieu), Decimal("0.00")) == sum(un.vote for un in siens)
    assert sum(case.soutenus for case in du_lieu) == sum(un.est_soutenu for un in siens)


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


def test_une_fiche_manque_depuis_le_dernier_exercice_qui_la_servait():
    comptes = [
        compte(2022, "1-1", "2-1"),
        compte(2025, "1-1"),
        compte(2026, "1-1"),
        en_attente(2026, "1-2"),
        # Ni refusé, ni resté sans réponse une année d'avant.
        refuse(2026, "1-2"),
        en_attente(2024, "1-2"),
        en_attente(2027, "2-1"),
    ]
    assert exercices_juges(comptes) == [2022, 2025, 2026]
    assert fiches_sans_projet(PILIERS, comptes) == [
        Trou("1-2", 2022, 2026, None, attendent=1),
        Trou("2-1", 2022, 2026, 2022, attendent=1),
    ]


def test_servie_en_second_ou_deja_l_annee_d_apres_une_fiche_ne_manque_pas():
    comptes = [compte(2026, "1-1", "1-2"), compte(2027, "2-1", est_le_sien=False)]
    assert fiches_sans_projet(PILIERS, comptes) == []


def test_sans_une_annee_que_l_on_juge_rien_ne_manque():
    assert fiches_sans_projet(["1-1"], [en_attente(2026, "1-2")]) == []
    assert quartiers_sans_projet({1: QuartierJuge(frozenset(), 2024)}, []) == []


def test_un_quartier_que_seul_un_projet_plus_large_touche_est_un_trou_qui_le_dit():
    quartiers = {
        1: QuartierJuge(frozenset({8}), 2015),
        2: QuartierJuge(frozenset({7}), 2015),
        # Né après : il ne manque de rien avant.
        3: QuartierJuge(frozenset({7}), 2026),
        4: QuartierJuge(frozenset({7}), 2027),
    }
    comptes = [
        compte(2025, lieux=(LA,)),
        compte(2026, lieux=(ICI,)),
        compte(2026, lieux=((COMMUNE, 7),)),
        compte(2026),
        compte(2025, lieux=(TOUT_LE_TERRITOIRE,)),
        en_attente(2026, lieux=(LA,)),
    ]
    assert quartiers_sans_projet(quartiers, comptes) == [
        Trou(2, 2025, 2026, 2025, attendent=1, plus_large=2),
        Trou(3, 2026, 2026, None, plus_large=2),
    ]


@pytest.mark.parametrize(
    ("trou", "phrase"),
    [
        (Trou("1", 2026, 2026), "aucun projet soutenu en 2026"),
        (Trou("1", 2024, 2026), "aucun projet soutenu de 2024 à 2026"),
        (Trou("1", 2020, 2026, 2025), "aucun projet soutenu en 2026"),
        (Trou("1", 2020, 2026, 2024), "aucun projet soutenu depuis 2 ans, le dernier en 2024"),
        (
            Trou("1", 2026, 2026, None, 1),
            "aucun projet soutenu en 2026 ; 1 dossier attend une réponse",
        ),
        (
            Trou("1", 2026, 2026, None, 3),
            "aucun projet soutenu en 2026 ; 3 dossiers attendent une réponse",
        ),
        (
            Trou(1, 2026, 2026, None, 0, 1),
            "aucun projet soutenu en 2026 ; 1 projet y passe, de toute la commune ou de tout le "
            "territoire",
        ),
        (
            Trou(1, 2026, 2026, None, 0, 2),
            "aucun projet soutenu en 2026 ; 2 projets y passent, de toute la commune ou de tout le "
            "territoire",
        ),
    ],
)
def test_un_trou_se_dit_avec_ses_annees(trou, phrase):
    assert dire_le_trou(trou) == phrase


@pytest.mark.parametrize(
    ("vise", "publics", "est_oublie"),
    [
        ("jeunes", {"26_64": 20}, True),
        ("jeunes", {"18_25": 1, "26_64": 19}, False),
        ("jeunes", {"12_17": 20}, False),
        # Vingt personnes, dont dix seulement ont un âge connu.
        ("jeunes", {"26_64": 10}, False),
        # Des femmes et des hommes ne disent rien d'un âge.
        ("jeunes", {"f": 10, "h": 10}, False),
        ("jeunes", {}, False),
        ("femmes", {"h": 20}, True),
        ("femmes", {"h": 20, "f": 0}, True),
        ("femmes", {"26_64": 20}, False),
        # Personne ne compte les demandeurs d'emploi.
        ("demandeurs_emploi", {"26_64": 20}, False),
    ],
)
def test_un_public_est_oublie_quand_les_projets_comptent_tout_et_n_en_trouvent_pas(
    vise, publics, est_oublie
):
    lus = [compte(2026, "1-1", publics=publics, personnes=20)]
    assert bool(publics_oublies({"1-1": [vise]}, lus)) is est_oublie


def test_un_projet_muet_fait_taire_sa_fiche():
    comptes = [compte(2026, "1-1", publics={"65": 3}, personnes=3), compte(2026, "1-1")]
    assert publics_oublies({"1-1": ["enfants"]}, comptes) == []


def test_une_fiche_sans_projet_n_oublie_personne():
    assert publics_oublies({"1-1": ["enfants"]}, [compte(2026, "1-2"), refuse(2026, "1-1")]) == []


def test_un_quartier_est_sans_jeunesse_quand_rien_de_ce_qui_y_passe_n_en_compte():
    ages, jeunes = {"65": 3}, {"12_17": 3}
    quartiers = {n: QuartierJuge(frozenset({n}), 2015) for n in (1, 2, 3, 4, 5)}
    comptes = [
        compte(lieux=(ICI,), publics=ages, personnes=3),
        compte(lieux=(LA,), publics=jeunes, personnes=3),
        compte(lieux=((QUARTIER, 3),)),
        compte(lieux=((QUARTIER, 4),), publics=ages, personnes=3),
        # Un projet de toute la commune 4 compte des jeunes.
        compte(lieux=((COMMUNE, 4),), publics=jeunes, personnes=3),
        refuse(2026, lieux=((QUARTIER, 5),), publics=ages, personnes=3),
    ]
    assert quartiers_sans_jeunesse(quartiers, comptes) == [1]
    partout = compte(lieux=(TOUT_LE_TERRITOIRE,))
    assert quartiers_sans_jeunesse(quartiers, [*comptes, partout]) == []
