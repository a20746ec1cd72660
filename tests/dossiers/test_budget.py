"""Le budget d'un exercice : totaux, équilibre, parts, ce qui l'empêche et ce qui étonne."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.budget import (
    DemandeAuBudget,
    LigneDeBudget,
    avertissements,
    bilan,
    comparer,
    en_pour_cent,
    motifs_budget,
)
from parvis.dossiers.rules.comptes import CompteInconnu, plan_de_comptes

N = "\u00a0"
PLAN = plan_de_comptes()


def lignes(**montants):
    """Des lignes par code : `lignes(_60=100, excprev=20)`."""
    return [LigneDeBudget(code.lstrip("_"), Decimal(str(m))) for code, m in montants.items()]


def demande(financeur, montant, *, nature="numeraire", exercice=2026, compte=""):
    return DemandeAuBudget(
        financeur, "Appel de l’année", nature, Decimal(str(montant)), exercice, compte
    )


def le_budget_de_controle():
    """Un budget équilibré, aux montants connus : 141 112 € sans valorisation, 257 112 € avec."""
    charges = lignes(_60=9174, _61=7010, _62=15714, _64=105444, _65=3687, _66=83)
    reste = lignes(insufprevisionnel=22687, _864=116000, _870=116000)
    demandes = [
        demande("Préfecture", 50000, compte="74etat"),
        demande("Préfecture", 16935, compte="74etat"),
        demande("Région", 23000, compte="74region"),
        demande("Département", 9000, compte="74dep"),
        demande("Commune", 9100, compte="74com"),
        demande("Caisse d’allocations familiales", 1890, compte="74orgasoc"),
        demande("Agence de services et de paiement", 8500, compte="74agenceserv"),
    ]
    return bilan(charges + reste, demandes, PLAN)


# Les totaux.


def test_le_budget_de_controle_s_equilibre_avec_et_sans_valorisation():
    vu = le_budget_de_controle()
    assert vu.charges == vu.produits == Decimal(141112)
    assert vu.charges_avec_valorisation == vu.produits_avec_valorisation == Decimal(257112)
    assert vu.emplois_en_nature == vu.contributions_en_nature == Decimal(116000)
    assert (vu.poste("74"), vu.poste("RESSPROPRES")) == (Decimal(118425), Decimal(22687))
    assert vu.par_compte["74etat"] == Decimal(66935)
    assert (vu.ecart, vu.phrase, vu.est_equilibre) == (0, "équilibré", True)
    assert motifs_budget(vu) == []


def test_les_postes_sont_tous_la_dans_l_ordre_du_formulaire():
    vu = le_budget_de_controle()
    assert [poste.code for poste in vu.postes] == [poste.code for poste in PLAN.postes()]
    assert vu.poste("63") == 0


def test_une_ligne_compte_dans_son_poste():
    vu = bilan(lignes(_601="10.10", _604="20.20", _60x="0.70", _60=1), [], PLAN)
    assert vu.poste("60") == vu.charges == Decimal("32.00")


@pytest.mark.parametrize(
    ("produits", "phrase"),
    [
        (750, f"il manque 1{N}250{N}€ de produits"),
        (2300, f"il y a 300{N}€ de produits de trop"),
        ("1999.5", f"il manque 0,50{N}€ de produits"),
        (2000, "équilibré"),
    ],
)
def test_l_ecart_se_dit(produits, phrase):
    vu = bilan(lignes(_60=2000), [demande("Commune", produits)], PLAN)
    assert vu.phrase == phrase
    assert vu.ecart == Decimal(str(produits)) - 2000


def test_un_compte_hors_du_plan_se_refuse():
    with pytest.raises(CompteInconnu):
        bilan(lignes(_999=1), [], PLAN)
    with pytest.raises(CompteInconnu):
        bilan([], [demande("Commune", 1, compte="74licorne")], PLAN)


def test_sans_plan_le_dernier_formulaire_sert():
    assert bilan(lignes(_60=1), []).formulaire == PLAN.formulaire


@given(
    st.lists(
        st.tuples(
            st.sampled_from([c.code for c in PLAN.comptes]),
            st.integers(0, 10**11).map(lambda c: Decimal(c).scaleb(-2)),
        ),
        max_size=12,
    )
)
def test_rien_ne_se_perd_entre_les_lignes_et_les_totaux(tires):
    vu = bilan([LigneDeBudget(*paire) for paire in tires], [], PLAN)
    total = vu.charges_avec_valorisation + vu.produits_avec_valorisation
    assert total == sum(poste.montant for poste in vu.postes) == sum(m for _, m in tires)
    assert vu.ecart == vu.produits - vu.charges


# Les parts.


def test_la_part_d_un_financeur_reunit_ses_demandes():
    parts = {part.financeur: part for part in le_budget_de_controle().financeurs}
    assert list(parts) == [
        "Préfecture",
        "Région",
        "Département",
        "Commune",
        "Caisse d’allocations familiales",
        "Agence de services et de paiement",
    ]
    assert (parts["Préfecture"].montant, parts["Préfecture"].part) == (66935, Decimal("47.4"))
    assert parts["Région"].part == Decimal("16.3")


def test_une_part_s_arrondit_au_dixieme_le_demi_vers_le_haut():
    vu = bilan([], [demande("A", "12.25"), demande("B", "87.75")], PLAN)
    assert [part.part for part in vu.financeurs] == [Decimal("12.3"), Decimal("87.8")]
    assert (en_pour_cent(Decimal("12.3")), en_pour_cent(Decimal("80.0"))) == (
        f"12,3{N}%",
        f"80{N}%",
    )


def test_une_demande_en_nature_compte_a_part():
    vu = bilan(
        lignes(_60=100, _861=40), [demande("A", 100), demande("A", 40, nature="nature")], PLAN
    )
    assert (vu.produits, vu.contributions_en_nature) == (100, 40)
    assert vu.par_compte["871"] == 40
    (part,) = vu.financeurs
    assert (part.montant, part.en_nature, part.part) == (100, 40, Decimal("100.0"))
    assert vu.est_equilibre


def test_sans_produit_il_n_y_a_pas_de_part():
    vu = bilan(lignes(_60=100), [demande("A", 10, nature="nature")], PLAN)
    assert vu.financeurs[0].part is None
    assert vu.part_des_fonds_propres is None


def test_les_fonds_propres_sont_ce_que_la_structure_trouve_elle_meme():
    produits = lignes(_70x=100, _73x=200, _756=50, _76=10, insufprevisionnel=40, _870=900)
    vu = bilan(produits, [demande("Commune", 600)], PLAN)
    assert (vu.produits, vu.fonds_propres) == (1000, 200)
    assert vu.part_des_fonds_propres == Decimal("20.0")


# Ce qui empêche de déposer.


@pytest.mark.parametrize(
    ("vu", "morceaux"),
    [
        (bilan([], [], PLAN), ["est vide", "CERFA n° 12156*06"]),
        (bilan(lignes(_60=0), [demande("A", 0)], PLAN), ["est vide"]),
        (bilan([], [demande("A", 5)], PLAN), ["aucune dépense", "n° 2000-321", "article 9-1"]),
        (
            bilan(lignes(_60=2000), [demande("A", 750)], PLAN),
            [f"il manque 1{N}250{N}€ de produits", "CERFA n° 12156*06"],
        ),
        (
            bilan(lignes(_60=5, _864=30, _870=20), [demande("A", 5)], PLAN),
            [f"86 (30{N}€)", f"87 (20{N}€)", "CERFA n° 12156*06", "ANC n° 2018-06"],
        ),
        (
            bilan([*lignes(_60=5), LigneDeBudget("74com", Decimal(5), "Ville voisine")], [], PLAN),
            ["Ville voisine", "nommez à qui", "poste 74"],
        ),
    ],
)
def test_un_seul_motif_dit_ce_qui_empeche_et_d_ou_cela_vient(vu, morceaux):
    (motif,) = motifs_budget(vu)
    assert [morceau for morceau in morceaux if morceau not in motif] == []
    assert motif.endswith(".")


def test_tous_les_motifs_sont_dits():
    assert len(motifs_budget(bilan(lignes(_60=5, _74=2, _864=1), [], PLAN))) == 3


def test_une_subvention_a_zero_n_empeche_pas():
    vu = bilan(lignes(_60=5, _74com=0), [demande("A", 5)], PLAN)
    assert motifs_budget(vu) == []


# Ce qui étonne.


@pytest.mark.parametrize(
    ("vu", "morceau"),
    [
        (le_budget_de_controle(), f"que par l’autofinancement : 22{N}687{N}€"),
        (bilan(lignes(_60=4, excprev=1), [demande("A", 3), demande("B", 2)], PLAN), "excédent : 1"),
        (bilan(lignes(_60=4, excprev=1, insufprevisionnel=5), [], PLAN), "gardez l’un des deux"),
        (bilan(lignes(_60=1000, _70=199), [demande("A", 801)], PLAN), f"A paierait 80,1{N}%"),
        (bilan(lignes(chgfixe=5, _70=5), [], PLAN), "postes 60 à 69"),
        (bilan(lignes(_641=5, _70=5), [], PLAN), "aucune charge sociale"),
        (bilan(lignes(_645=5, _70=5), [], PLAN), "aucun salaire"),
        (
            bilan(lignes(_60=4), [demande("A", 2), demande("B", 2, exercice=2027)], PLAN),
            "plusieurs années : 2026, 2027",
        ),
    ],
)
def test_un_seul_avertissement_et_il_n_empeche_pas(vu, morceau):
    remarques = [r for r in avertissements(vu) if morceau in r]
    assert len(remarques) == 1
    assert motifs_budget(vu) == []


def test_un_budget_sans_histoire_n_a_pas_d_avertissement():
    vu = bilan(lignes(_60=30, _641=50, _645=20, _70=20), [demande("A", 50), demande("B", 30)], PLAN)
    assert (motifs_budget(vu), avertissements(vu)) == ([], [])


def test_quatre_vingts_pour_cent_tout_juste_ne_se_remarquent_pas():
    assert avertissements(bilan(lignes(_60=10, _70=2), [demande("A", 8)], PLAN)) == []


def test_l_autofinancement_d_un_budget_desequilibre_ne_se_remarque_pas_encore():
    assert avertissements(bilan(lignes(_60=10, insufprevisionnel=2), [], PLAN)) == []


# D'une année à l'autre.


def test_comparer_dit_chaque_poste_qui_n_est_pas_vide():
    avant = bilan(lignes(_60=80, _61=10, _62=5), [demande("A", 95)], PLAN)
    apres = bilan(lignes(_60=90, _61=10, _64=20), [demande("A", 63)], PLAN)
    vues = {e.code: (e.avant, e.maintenant, e.ecart, e.phrase) for e in comparer(avant, apres)}
    assert vues == {
        "60": (80, 90, 10, f"+ 12,5{N}%"),
        "61": (10, 10, 0, "pareil"),
        "62": (5, 0, -5, "n’y est plus"),
        "64": (0, 20, 20, "nouveau"),
        "74": (95, 63, -32, f"- 33,7{N}%"),
    }
    assert list(vues) == ["60", "61", "62", "64", "74"]
    assert {e.code: e.pourcentage for e in comparer(avant, apres)}["64"] is None
    assert comparer(bilan([], [], PLAN), bilan([], [], PLAN)) == ()
