"""Les comptes du budget : ceux du formulaire, dans son ordre, chacun expliqué."""

from dataclasses import FrozenInstanceError

import pytest

from parvis.dossiers.rules.comptes import (
    CompteInconnu,
    compte_du_financeur,
    millesimes,
    plan_de_comptes,
)
from parvis.organismes.enums import Nature

PLAN = plan_de_comptes()
# Poste par poste, les lignes du CERFA n° 12156*06.
CHARGES = {
    "60": "601 604 60x",
    "61": "613 615 616 618",
    "62": "622 623 625 62x",
    "63": "631 635",
    "64": "641 645 647",
    "65": "65x",
    "66": "66x",
    "67": "67x",
    "68": "68x",
    "69": "69x",
    "CHARGINDIRECT": "chgfixe fraisfin autchgindirect excprev",
    "86": "860 861 862 864",
}
PRODUITS = {
    "70": "70x",
    "73": "73x",
    "74": "74etat 74region 74dep 74epci 74com 74orgasoc 74fe 74agenceserv 74x 74aidespriv",
    "75": "756 758 750",
    "76": "76x",
    "77": "77x",
    "78": "78x",
    "79": "79x",
    "RESSPROPRES": "insufprevisionnel",
    "87": "870 871 875",
}


@pytest.mark.parametrize(("sens", "attendus"), [("charge", CHARGES), ("produit", PRODUITS)])
def test_le_plan_a_les_comptes_du_formulaire_dans_son_ordre(sens, attendus):
    trouves = {
        poste.code: " ".join(ligne.code for ligne in PLAN.lignes(poste.code))
        for poste in PLAN.postes(sens)
    }
    assert list(trouves.items()) == list(attendus.items())


def test_chaque_code_est_unique_et_chaque_ligne_suit_son_poste():
    codes = [compte.code for compte in PLAN.comptes]
    assert len(codes) == len(set(codes)) == 74
    for compte in PLAN.comptes:
        poste = PLAN.compte(compte.poste)
        assert (poste.est_poste, poste.sens, poste.bloc) == (True, compte.sens, compte.bloc)


@pytest.mark.parametrize("compte", PLAN.comptes, ids=lambda compte: compte.code)
def test_chaque_compte_dit_quoi_un_exemple_et_l_erreur_courante(compte):
    quoi, exemple, erreur = compte.explication.split("\n")
    assert quoi.endswith(".")
    assert exemple.startswith("Exemple : ")
    assert erreur.startswith("Erreur courante : ")
    assert max(map(len, (quoi, exemple, erreur))) <= 110
    assert "'" not in compte.explication + compte.libelle


def test_deux_explications_ne_sont_jamais_les_memes():
    assert len({compte.explication for compte in PLAN.comptes}) == len(PLAN.comptes)


def test_la_valorisation_se_compte_a_part():
    assert [p.code for p in PLAN.postes(bloc="valorisation")] == ["86", "87"]
    assert [p.code for p in PLAN.postes("produit", "valorisation")] == ["87"]


def test_les_fermetures_et_les_ressources_propres_sont_marquees():
    assert [c.code for c in PLAN.fermetures] == ["excprev", "insufprevisionnel"]
    propres = [p.code for p in PLAN.postes() if p.est_ressource_propre]
    assert propres == ["70", "75", "76", "77", "78", "79", "RESSPROPRES"]
    assert PLAN.compte_en_nature.code == "871"


def test_les_lignes_74_sont_les_demandes_et_elles_seules():
    assert {c.poste for c in PLAN.comptes if c.est_demande} == {"74"}


def test_chaque_nature_d_organisme_a_une_ligne_et_une_seule():
    rangees = [nature for compte in PLAN.comptes for nature in compte.natures]
    assert sorted(rangees) == sorted(Nature.values)
    assert all(PLAN.compte(compte_du_financeur(nature)).est_demande for nature in Nature)


@pytest.mark.parametrize(
    ("nature", "code"),
    [
        (Nature.ETAT, "74etat"),
        (Nature.REGION, "74region"),
        (Nature.DEPARTEMENT, "74dep"),
        (Nature.EPCI, "74epci"),
        (Nature.COMMUNE, "74com"),
        (Nature.PROTECTION_SOCIALE, "74orgasoc"),
        (Nature.ETABLISSEMENT_PUBLIC, "74x"),
        (Nature.FONDATION, "74aidespriv"),
    ],
)
def test_un_financeur_a_sa_ligne(nature, code):
    assert compte_du_financeur(nature) == code


def test_ce_qui_n_existe_pas_le_dit():
    with pytest.raises(CompteInconnu, match="999"):
        PLAN.compte("999")
    with pytest.raises(CompteInconnu):
        PLAN.lignes("999")
    with pytest.raises(CompteInconnu, match="licorne"):
        compte_du_financeur("licorne")
    for millesime in ("1900", "../12156-06", "*"):
        with pytest.raises(CompteInconnu):
            plan_de_comptes(millesime)


def test_un_plan_se_lit_une_fois_et_ne_change_pas():
    assert millesimes() == ["12156-06"]
    assert plan_de_comptes("12156-06").millesime == PLAN.millesime == "12156-06"
    assert "601" in PLAN
    assert "999" not in PLAN
    with pytest.raises(FrozenInstanceError):
        PLAN.compte("601").libelle = "Autre"
