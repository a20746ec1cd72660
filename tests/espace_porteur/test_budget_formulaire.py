"""Ce qu'un formulaire dit d'un budget, quel que soit ce qu'on y tape : rien ne change, rien ne se perd."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.dossiers.queries.budget import FinanceurPropose
from parvis.dossiers.rules.comptes import plan_de_comptes
from parvis.dossiers.sections.budget import avec_l_exercice, en_texte, exercice_de, juger_le_budget
from parvis.espace_porteur.forms.budget import envoi_de, lire_l_envoi
from parvis.espace_porteur.forms.feuille import ouvrir_la_feuille
from tests.fabriques import budgets

CAF = FinanceurPropose("7", "La caisse", "74orgasoc", True, lignes=("Parentalité",))
REGION = FinanceurPropose("9", "La Région", "74region", False, "https://region.example/")
PLAN = plan_de_comptes()
COMPTES = [c.code for c in PLAN.comptes if not c.est_demande]

SAISIES = st.one_of(
    st.sampled_from(["", "12*2*25", "1 250,50", "3 x 4,50", "15 % de 2 000", "12*", "peut-être"]),
    st.decimals(0, 99_999, places=2).map(lambda d: str(d).replace(".", ",")),
    st.text(max_size=12),
)
LIGNES = st.lists(
    st.tuples(st.sampled_from([*COMPTES, "", "999"]), st.text(max_size=8), SAISIES), max_size=8
)
DEMANDES = st.lists(
    st.fixed_dictionaries(
        {
            "financeur": st.sampled_from(["7", "9", "autre", "", "12"]),
            "nom": st.text(max_size=8),
            "nature": st.sampled_from(["numeraire", "nature", "rien"]),
            "guichet": st.sampled_from(["plateforme", "ailleurs"]),
            "saisie": SAISIES,
        }
    ),
    max_size=5,
)


@given(LIGNES, DEMANDES)
@settings(max_examples=400)
def test_avec_ou_sans_script_l_envoi_dit_la_meme_chose(lignes, demandes):
    champs = budgets.champs(lignes, demandes)
    assert lire_l_envoi(champs).part([CAF, REGION]) == lire_l_envoi(
        budgets.en_un_champ(champs)
    ).part([CAF, REGION])


@given(LIGNES, DEMANDES)
@settings(max_examples=400)
def test_ce_qui_se_garde_se_relit_et_se_garde_pareil(lignes, demandes):
    part = lire_l_envoi(budgets.champs(lignes, demandes)).part([CAF, REGION])
    assert envoi_de(part).part([CAF, REGION]) == part


@given(LIGNES, DEMANDES)
@settings(max_examples=400)
def test_la_somme_des_cases_est_celle_du_bilan(lignes, demandes):
    """Chaque case montrée compte une fois, et une seule ; une case illisible compte pour rien."""
    feuille = ouvrir_la_feuille(lire_l_envoi(budgets.champs(lignes, demandes)), 2027, [CAF, REGION])
    sans_compte = {case.cle for case in feuille.sans_compte}
    a_l_ecran = sum(
        (
            montant or Decimal(0)
            for cle, (montant, _) in feuille.cases.items()
            if cle not in sans_compte
        ),
        Decimal(0),
    )
    bilan = feuille.lu.bilan
    assert a_l_ecran == bilan.charges_avec_valorisation + bilan.produits_avec_valorisation


@given(LIGNES, DEMANDES)
@settings(max_examples=200)
def test_chaque_ligne_tapee_est_a_l_ecran(lignes, demandes):
    envoi = lire_l_envoi(budgets.champs(lignes, demandes))
    feuille = ouvrir_la_feuille(envoi, 2027, [CAF, REGION])
    dites = {
        cle
        for cle, ligne in envoi.lignes.items()
        if ligne["libelle"].split() or ligne["saisie"].split()
    }
    assert {cle for cle in dites if cle not in feuille.cases} <= {
        cle for cle in dites if not _reste(envoi.lignes[cle])
    }
    assert {demande.cle for demande in feuille.demandes} == set(envoi.demandes)


def _reste(ligne: dict[str, str]) -> bool:
    """Dit s'il reste quelque chose d'une ligne, ses signes invisibles ôtés."""
    return bool(envoi_de({"lignes": [ligne]}).part([])["lignes"])


def test_un_financeur_de_l_appel_impose_son_compte_et_son_guichet():
    part = lire_l_envoi(
        budgets.champs(
            [],
            [{"financeur": "7", "nom": "oublié", "saisie": "1"}, {"financeur": "9", "saisie": "2"}],
        )
    ).part([CAF, REGION])
    caf, region = part["demandes"]
    assert (caf["compte"], caf["guichet"], "nom" in caf) == ("74orgasoc", "plateforme", False)
    assert (region["guichet"], region["lien"]) == ("ailleurs", "https://region.example/")


@pytest.mark.parametrize(
    ("demandes", "manque"),
    [
        ([], "Demandez quelque chose à au moins un financeur de cet appel."),
        ([{"financeur": "7"}], "La caisse : dites combien vous demandez."),
        ([{"financeur": "7", "saisie": "0"}], "La caisse : le montant demandé est nul."),
    ],
)
def test_ce_qui_manque_pour_deposer(demandes, manque):
    part = lire_l_envoi(budgets.champs([("601", "Toiles", "10")], demandes)).part([CAF, REGION])
    valeur = avec_l_exercice({}, 2027, part)
    fautes, manques = juger_le_budget(valeur, (2027,), {"7": "La caisse"}, {7})
    assert not fautes
    assert manque in [f.phrase for f in manques]


def test_ce_qui_ne_se_lit_pas_est_une_faute_et_pas_un_manque():
    part = lire_l_envoi(
        budgets.champs([("601", "Toiles", "beaucoup")], [{"financeur": "7", "saisie": "12*"}])
    ).part([CAF])
    valeur = avec_l_exercice({}, 2027, part)
    fautes, manques = juger_le_budget(valeur, (2027,), {"7": "La caisse"}, {7})
    assert [f.phrase for f in fautes] == [
        "« Toiles » : « beaucoup » ne se calcule pas.",
        "La caisse : « 12* » ne se calcule pas.",
    ]
    assert not any("combien" in f.phrase for f in manques)


def test_une_demande_sans_financeur_se_dit():
    part = lire_l_envoi(budgets.champs([], [{"financeur": "", "saisie": "100"}])).part([CAF])
    valeur = avec_l_exercice({}, 2027, part)
    fautes, _ = juger_le_budget(valeur, (2027,), {"7": "La caisse"}, {7})
    assert "Une demande ne nomme pas son financeur : dites à qui elle va." in [
        f.phrase for f in fautes
    ]


def test_un_exercice_se_remplace_sans_toucher_aux_autres():
    valeur = avec_l_exercice({}, 2027, {"lignes": [{"saisie": "1"}], "demandes": []})
    deux = avec_l_exercice(valeur, 2028, {"lignes": [{"saisie": "2"}], "demandes": []})
    assert exercice_de(deux, 2027) == exercice_de(valeur, 2027)
    assert avec_l_exercice(deux, 2028, {"lignes": [], "demandes": []}) == valeur
    assert avec_l_exercice(valeur, 2027, {"lignes": [], "demandes": []}) == {}


def test_un_budget_se_lit_en_texte():
    champs = budgets.champs(
        [("601", "Toiles", "12*5"), ("999", "Mystère", "")],
        [{"financeur": "7", "ligne": "Parentalité", "nature": "nature", "saisie": "5"}],
    )
    part = lire_l_envoi(champs).part([CAF])
    assert en_texte(avec_l_exercice({}, 2027, part), {"7": "La caisse"}).split("\n") == [
        "Achats matières et fournitures, Toiles : 12*5",
        "999, Mystère : sans montant",
        "Demande à La caisse, Parentalité, en nature : 5",
    ]
