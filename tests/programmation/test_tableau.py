"""Les calculs du tableau de programmation : des suites de demandes tirées au sort, recomptées à la main."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDemande, NatureDeDemande
from parvis.programmation.rules.tableau import (
    AILLEURS,
    SEUIL_DE_CONVENTION,
    ZERO,
    Certitude,
    Ligne,
    Part,
    Somme,
    certitude,
    completer,
    franchissements,
    promis,
    taux,
    totaux,
    trou_du_budget,
)
from parvis.programmation.templatetags.programmation import euros
from parvis.socle.choix import Critere, choisir
from parvis.socle.montants import ecrire_montant

DEMANDEE, ACCORDEE, REFUSEE = (
    EtatDeDemande.DEMANDEE,
    EtatDeDemande.ACCORDEE,
    EtatDeDemande.REFUSEE,
)
NATURE = NatureDeDemande.NATURE


def part(demande=1000, propose=None, vote=None, **autres):
    dit = None if propose is None else Decimal(propose)
    voulu = {"pk": 1, "colonne": 7, "financeur": 7, "est_a_nous": False, "ligne": ""}
    voulu |= {"nature": NatureDeDemande.NUMERAIRE, "etat": DEMANDEE if vote is None else ACCORDEE}
    argent = {"demande": Decimal(demande), "propose": dit}
    return Part(**(voulu | argent | {"vote": None if vote is None else Decimal(vote)} | autres))


montants = st.integers(0, 10**9).map(lambda centimes: Decimal(centimes).scaleb(-2))
parts = st.builds(
    Part,
    pk=st.integers(1, 10**6),
    colonne=st.sampled_from([AILLEURS, 1, 2, 3]),
    financeur=st.sampled_from([None, 1, 2, 3]),
    est_a_nous=st.booleans(),
    nature=st.sampled_from(list(NatureDeDemande)),
    etat=st.sampled_from([e for e in EtatDeDemande if e != EtatDeDemande.PREPAREE]),
    ligne=st.just("Politique de la ville"),
    demande=montants,
    propose=st.none() | montants,
    arbitre=st.none() | montants,
    vote=st.none() | montants,
)


@st.composite
def lignes(tirer):
    rendues = []
    for pk in range(tirer(st.integers(0, 8))):
        quartiers = tirer(st.lists(st.integers(1, 4), unique=True, max_size=3))
        ligne = Ligne(pk, pk, 2026, "recevable", pk, "Un projet", 1, tirer(st.integers(1, 3)), 1)
        ligne.quartiers, ligne.parts = quartiers, tirer(st.lists(parts, max_size=5))
        rendues.append(completer(ligne))
    return rendues


def brut(lues, mot, poids=lambda ligne: 1):
    """Recompte sans rien des règles : chaque demande en argent, une par une."""
    return sum(
        (
            poids(ligne) * (getattr(p, mot) or ZERO)
            for ligne in lues
            for p in ligne.parts
            if p.nature == "numeraire"
        ),
        ZERO,
    )


@given(lignes())
def test_les_totaux_de_chaque_axe_sont_la_somme_des_demandes(lues):
    un_seul = {ligne.pk: (ligne.porteur,) for ligne in lues}
    plusieurs = {ligne.pk: ligne.quartiers or (0,) for ligne in lues}
    for cles in (un_seul, plusieurs):
        sommes = totaux(lues, cles).values()
        for mot in ("demande", "propose", "vote"):
            attendu = brut(lues, mot, lambda ligne, cles=cles: len(cles[ligne.pk]))
            assert sum((getattr(tout, mot) or ZERO for tout, _ in sommes), ZERO) == attendu
        assert sum(tout.nombre for tout, _ in sommes) == sum(len(cles[un.pk]) for un in lues)


@given(lignes())
def test_les_cases_d_une_ligne_font_son_total_et_le_service_sa_part(lues):
    for ligne in lues:
        for mot in ("demande", "propose", "vote"):
            cases = sum((getattr(case, mot) or ZERO for case in ligne.cases.values()), ZERO)
            assert cases == (getattr(ligne.tout, mot) or ZERO) == brut([ligne], mot)
        siennes = [p for p in ligne.parts if p.est_a_nous and p.est_en_argent]
        assert ligne.service.demande == sum((p.demande for p in siennes), ZERO)
        assert sum(case.en_nature for case in ligne.cases.values()) == sum(
            p.demande for p in ligne.parts if not p.est_en_argent
        )


@given(st.lists(parts, max_size=6))
def test_ce_qui_manque_au_budget_n_est_jamais_negatif_et_se_comble_en_votant_tout(tirees):
    assert trou_du_budget(tirees) >= 0
    votees = [p._replace(etat=ACCORDEE, vote=p.demande) for p in tirees]
    assert trou_du_budget(votees) == 0
    refusees = [p._replace(etat=REFUSEE, vote=None) for p in tirees]
    assert trou_du_budget(refusees) == sum((p.demande for p in tirees if p.est_en_argent), ZERO)


@pytest.mark.parametrize(
    ("tirees", "manque"),
    [
        ([part(1000)], 0),
        ([part(1000, propose=400)], 600),
        ([part(1000, propose=400, vote=900)], 100),
        ([part(1000, etat=REFUSEE), part(500)], 1000),
        # Ce qu'un financeur donne de plus comble ce qu'un autre donne de moins.
        ([part(1000, vote=1200), part(500, propose=300)], 0),
        ([part(1000, nature=NATURE, etat=REFUSEE)], 0),
    ],
)
def test_ce_qui_est_refuse_ou_propose_plus_bas_manque_au_budget(tirees, manque):
    assert trou_du_budget(tirees) == manque


@pytest.mark.parametrize(
    ("tirees", "mot"),
    [
        ([part()], Certitude.DEMANDE),
        ([part(propose=0)], Certitude.DEMANDE),
        ([part(propose=10), part()], Certitude.PROPOSE),
        ([part(propose=10), part(vote=5)], Certitude.VOTE_EN_PARTIE),
        ([part(vote=5), part(etat=REFUSEE)], Certitude.VOTE),
        ([part(etat=REFUSEE)], Certitude.RIEN),
        ([part(nature=NATURE, vote=5)], Certitude.RIEN),
        ([], Certitude.RIEN),
    ],
)
def test_la_certitude_tient_en_un_mot(tirees, mot):
    assert certitude(tirees) == mot


@pytest.mark.parametrize(
    ("vote", "demande", "attendu"),
    [(None, 100, None), (50, 0, None), (0, 100, 0), (1, 3, 33), (125, 1000, 13), (3, 2, 150)],
)
def test_le_taux_s_arrondit_au_plus_proche(vote, demande, attendu):
    voulu = None if vote is None else Decimal(vote)
    assert taux(voulu, Decimal(demande)) == attendu


def test_le_seuil_d_une_convention_se_passe_strictement():
    juste, un_centime = SEUIL_DE_CONVENTION, SEUIL_DE_CONVENTION + Decimal("0.01")
    sommes = {(1, 7): (juste, juste), (2, 7): (juste, un_centime), (3, 7): (un_centime, juste)}
    passes = franchissements(sommes)
    assert [(f.titulaire, f.est_vote) for f in passes] == [(2, False), (3, True)]


def test_ce_qui_compte_pour_le_seuil():
    assert promis(part(1000, propose=400)) == (0, 400)
    assert promis(part(1000, propose=400, vote=300)) == (300, 300)
    assert promis(part(1000, propose=400, etat=REFUSEE)) == (0, 0)
    assert promis(part(1000, vote=500, nature=NATURE)) == (500, 500)
    assert promis(part(1000)) == (0, 0)


@given(
    lignes(),
    st.dictionaries(st.sampled_from(["porteur", "quartier"]), st.sampled_from(["1", "2", "9"])),
)
def test_chaque_choix_laisse_le_nombre_de_lignes_qu_il_annonce(lues, choix):
    criteres = [
        Critere(
            "porteur", "", {"1": "Un", "2": "Deux", "3": "Trois"}, lambda un: (str(un.porteur),)
        ),
        Critere(
            "quartier",
            "",
            {str(q): "" for q in range(1, 5)},
            lambda un: [str(q) for q in un.quartiers],
        ),
    ]
    _, facettes = choisir(lues, criteres, choix)
    for facette in facettes:
        for option in facette.options:
            laissees, _ = choisir(lues, criteres, choix | {facette.nom: option.valeur})
            assert len(laissees) == option.nombre


def test_une_somme_ne_dit_pas_ce_qu_aucune_ne_dit():
    somme = Somme()
    somme.ajouter(Somme(1, Decimal(10)))
    assert (somme.propose, somme.vote, somme.taux) == (None, None, None)
    somme.ajouter(Somme(1, Decimal(10), Decimal(0), vote=Decimal(5)))
    assert (somme.nombre, somme.propose, somme.vote, somme.taux) == (2, 0, 5, 25)


@given(st.integers(-(10**11), 10**11).map(lambda centimes: Decimal(centimes).scaleb(-2)))
def test_un_montant_vite_ecrit_est_celui_de_partout(montant):
    assert euros(montant) == ecrire_montant(montant, court=True)
