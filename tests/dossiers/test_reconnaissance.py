"""Reconnaître un compte à son numéro, ou à la façon dont on l'appelle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.comptes import plan_de_comptes
from parvis.dossiers.rules.reconnaissance import par_libelle, par_numero

PLAN = plan_de_comptes()


def codes(libelle, **options):
    return [compte.code for compte in par_libelle(libelle, PLAN, **options)]


@pytest.mark.parametrize(
    ("numero", "code"),
    [
        ("60", "60"),
        ("601", "601"),
        ("6132", "613"),
        ("641", "641"),
        ("64111", "641"),
        ("6063", "60x"),
        ("612", "613"),
        ("633", "631"),
        ("648", "647"),
        ("621", "62x"),
        ("611", "61"),
        ("63", "63"),
        ("706", "70x"),
        ("7541", "758"),
        ("757", "750"),
        ("789", "78x"),
        ("741", "74"),
        ("74etat", "74etat"),
        ("60x", "60x"),
        ("863", "86"),
    ],
)
def test_un_numero_du_plan_comptable_a_son_compte(numero, code):
    assert par_numero(numero, PLAN).code == code


@pytest.mark.parametrize("numero", ["", "6", "512", "71", "80", "99", "salaires", "2026"])
def test_un_numero_hors_du_budget_n_en_a_pas(numero):
    assert par_numero(numero, PLAN) is None


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Salaires", "641"),
        ("Salaire brut de l'animatrice", "641"),
        ("Charges sociales", "645"),
        ("Charges de personnel", "64"),
        ("Location de salle", "613"),
        ("LOCATIONS", "613"),
        ("Assurances", "616"),
        ("Fournitures", "601"),
        ("Fournitures de bureau", "60x"),
        ("Achats", "60"),
        ("Services extérieurs", "61"),
        ("Autres services extérieurs", "62"),
        ("Communication (flyers, affiches)", "623"),
        ("Frais de déplacement des bénévoles", "625"),
        ("Téléphone / internet", "62x"),
        ("Taxe sur les salaires", "631"),
        ("Cotisations sociales", "645"),
        ("Cotisations", "756"),
        ("Commune(s)", "74com"),
        ("Ville d’Ivry", "74com"),
        ("CAF 94", "74orgasoc"),
        ("Préfecture - BOP 147", "74etat"),
        ("Conseil(s) régional(aux)", "74region"),
        ("Établissement public territorial", "74epci"),
        ("Fondation de France", "74aidespriv"),
        ("Participation des familles", "70x"),
        ("Excédent prévisionnel", "excprev"),
        ("Autofinancement", "insufprevisionnel"),
        ("Personnel bénévole", "864"),
        ("Dons", "758"),
        ("Dons en nature", "875"),
    ],
)
def test_un_libelle_ordinaire_a_son_compte(libelle, code):
    assert codes(libelle) == [code]


@pytest.mark.parametrize(
    ("libelle", "code"),
    [("Asurance", "616"), ("Deplacment", "625"), ("Honnoraires", "622"), ("Subvetion", "74")],
)
def test_une_faute_de_frappe_n_empeche_pas(libelle, code):
    assert codes(libelle) == [code]


@pytest.mark.parametrize("libelle", ["", "de la", "zzz", "bxs", "Truc machin"])
def test_un_libelle_inconnu_ne_se_devine_pas(libelle):
    assert codes(libelle) == []


def test_un_libelle_des_deux_cotes_demande_de_quel_cote_on_est():
    assert codes("Prestations de services") == ["604", "70x"]
    assert codes("Prestations de services", sens="charge") == ["604"]
    assert codes("Prestations de services", sens="produit") == ["70x"]
    assert codes("Bénévolat") == ["864", "870"]
    assert codes("Prestations", sens="charge") == ["604"]
    assert codes("Prestations", poste="86") == ["862"]


@pytest.mark.parametrize("compte", PLAN.comptes, ids=lambda compte: compte.code)
def test_chaque_compte_se_reconnait_a_son_libelle(compte):
    # « Prestations », au poste 86, ne se distingue pas d'un achat de prestations.
    poste = "86" if compte.code == "862" else None
    (trouve,) = par_libelle(compte.libelle, PLAN, sens=compte.sens, poste=poste)
    # Un poste qui a une ligne de son nom se reconnaît par elle.
    homonyme = (trouve.poste, trouve.libelle) == (compte.code, compte.libelle)
    assert trouve == compte or homonyme


@given(st.text(max_size=80))
def test_un_texte_quelconque_se_reconnait_ou_pas(texte):
    assert all(compte in PLAN.comptes for compte in par_libelle(texte, PLAN))
