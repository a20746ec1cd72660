"""Ce qu'une section de bilan accepte, ce qui lui manque, et ce que l'on en lit une fois rendue."""

from datetime import date
from decimal import Decimal

import pytest

from parvis.evaluation import sections as s
from parvis.evaluation.sections.imprime import parties_du_bilan, taux

JOUR = date(2026, 11, 27)
PREVU = {
    "debut_le": "01/03/2026",
    "fin_le": "30/11/2026",
    "lieux": [{"cle": "q1", "nom": "Balzac"}, {"cle": "ailleurs", "nom": "Ailleurs"}],
    "publics": {"nombre": "60"},
    "indicateurs": [{"nom": "Familles venues", "unite": "familles", "source": "", "cible": "40"}],
    "plan": "12156-06",
    "lignes": [
        {"compte": "60", "libelle": "Arbres", "montant": "4000.00"},
        {"compte": "70", "libelle": "", "montant": "1000.00"},
        {"compte": "860", "libelle": "Voisins", "montant": "500.00"},
        {"compte": "870", "libelle": "Voisins", "montant": "500.00"},
    ],
    "demandes": [
        {
            "demande": 1, "financeur": "Caisse", "compte": "", "ligne": "Ville", "nature": "numeraire",
            "montant": "3000.00", "vote": "2000.00", "verse": None,
        },
        {
            "demande": 2, "financeur": "Commune", "compte": "", "ligne": "Salle", "nature": "nature",
            "montant": "300.00", "vote": None, "verse": None,
        },
    ],
}  # fmt: skip


def lire(code: str, valeur: dict[str, str], *, sorte: str = "definitif", issue: str = "realise"):
    contexte = s.Contexte(PREVU, sorte, issue, JOUR)
    section = s.sections_du_bilan(PREVU, sorte, issue, s.neuves_de(valeur))[code]
    return s.lire(section, valeur, contexte, est_touchee=True)


def phrases(lue) -> list[str]:
    return [motif.phrase for motif in lue.motifs]


@pytest.mark.parametrize(
    ("sorte", "issue", "codes"),
    [
        ("definitif", "", "realisation habitants indicateurs budget recit pieces"),
        ("definitif", "realise", "realisation habitants indicateurs budget recit pieces"),
        ("definitif", "pas_realise", "realisation budget"),
        ("definitif", "plus_de_temps", "realisation"),
        ("intermediaire", "en_cours", "realisation habitants indicateurs budget recit pieces"),
        ("intermediaire", "pas_commence", "realisation"),
    ],
)
def test_l_issue_dit_ce_qu_il_y_a_a_ecrire(sorte, issue, codes):
    assert list(s.sections_du_bilan(PREVU, sorte, issue)) == codes.split()


def test_sans_indicateur_choisi_rien_a_compter():
    assert "indicateurs" not in s.sections_du_bilan(PREVU | {"indicateurs": []}, "definitif")


def test_ce_qui_s_est_passe_s_explique_quand_ce_n_est_pas_comme_prevu():
    complete = {"issue": "realise", "debut_le": "01/03/2026", "fin_le": "20/11/2026"}
    assert lire("realisation", complete).etat == "complete"
    dit = complete | {"issue": "en_partie"}
    assert phrases(lire("realisation", dit, issue="en_partie")) == [
        "Dites pourquoi, en quelques phrases."
    ]
    assert lire("realisation", dit | {"explication": "Il pleuvait."}).etat == "complete"
    assert lire("realisation", {"issue": "realise"}).motifs[0].champ == "debut_le"


@pytest.mark.parametrize(
    ("valeur", "phrase"),
    [
        ({"debut_le": "01/03/2026", "fin_le": "01/02/2026"}, "finirait avant de commencer"),
        ({"debut_le": "01/03/2026", "fin_le": "01/02/2027"}, "demandez plus de temps"),
        ({"debut_le": "demain", "fin_le": "20/11/2026"}, "est une date"),
    ],
)
def test_des_dates_impossibles_se_disent(valeur, phrase):
    lue = lire("realisation", {"issue": "realise"} | valeur)
    assert lue.etat == "a_corriger" and any(phrase in dite for dite in phrases(lue))


@pytest.mark.parametrize(
    ("fin", "phrase"),
    [("", "Dites quand"), ("01/10/2026", "à venir"), ("jeudi", "est une date"), ("30/06/2027", "")],
)
def test_demander_du_temps_demande_une_date(fin, phrase):
    dit = {"issue": "plus_de_temps", "explication": "La cour ferme.", "nouvelle_fin_le": fin}
    lue = lire("realisation", dit, issue="plus_de_temps")
    assert (len(phrases(lue)) == 1 and phrase in phrases(lue)[0]) if phrase else not phrases(lue)


def test_les_habitants_se_comptent_par_quartier_meme_zero():
    assert "Dites combien" in phrases(lire("habitants", {"methode": "comptees"}))[0]
    lue = lire("habitants", {"methode": "comptees", "q1-6_11-f": "0"})
    assert lue.etat == "complete"
    lue = lire("habitants", {"q1-6_11-f": "12", "q1-6_11-h": "beaucoup", "ailleurs-65-h": "3"})
    assert lue.etat == "a_corriger"
    touches = s.habitants(lue.section, lue.valeur)
    assert (touches.tout.f, touches.tout.h, touches.par_lieu["q1"].tout) == (12, 3, 12)


def test_le_budget_met_le_realise_en_face_du_prevu():
    valeur = {"l0_realise": "12*300", "l1_realise": "900", "d0_realise": "2000", "d1_realise": "300",
              "l2_realise": "500", "l3_realise": "200"}  # fmt: skip
    lu = s.lire_le_budget_realise(PREVU, valeur)
    assert (lu.charges.prevu, lu.charges.realise) == (Decimal(4000), Decimal(3600))
    assert (lu.produits.prevu, lu.produits.realise) == (Decimal(4000), Decimal(2900))
    # Les contributions en nature se comptent à part, la demande en nature avec elles.
    assert lu.total("produit", "valorisation").prevu == Decimal(800)
    # Lu du porteur comme de ses financeurs : la phrase ne s'adresse à personne.
    assert lu.equilibre == "Ce qui est dépensé dépasse de 700\u00a0€ ce qui est reçu."
    assert lu.equilibre_en_nature == ""


def test_seul_un_grand_ecart_s_explique_et_jamais_celui_d_une_subvention():
    valeur = {"l0_realise": "3000", "l1_realise": "900", "l2_realise": "500", "l3_realise": "500",
              "d0_realise": "0", "d1_realise": "0"}  # fmt: skip
    lue = lire("budget", valeur)
    assert phrases(lue) == ["Arbres : expliquez l’écart avec ce qui était prévu."]
    assert lire("budget", valeur | {"l0_explication": "Des dons."}).etat == "complete"


def test_chaque_ligne_prevue_a_son_montant_meme_nul():
    lue = lire("budget", {"l0_realise": "4000"})
    assert [m.champ for m in lue.motifs] == [
        "l1_realise", "l2_realise", "l3_realise", "d0_realise", "d1_realise",
    ]  # fmt: skip
    assert "dépensé" not in phrases(lue)[0] and "reçu" in phrases(lue)[0]


@pytest.mark.parametrize(
    ("sorte", "issue"), [("intermediaire", "en_cours"), ("definitif", "pas_realise")]
)
def test_a_mi_chemin_ou_sans_realisation_rien_n_est_exige_du_budget(sorte, issue):
    assert phrases(lire("budget", {"l0_realise": "10"}, sorte=sorte, issue=issue)) == []


def test_une_case_illisible_se_corrige_et_compte_pour_rien():
    lue = lire("budget", {"l0_realise": "quatre mille"}, sorte="intermediaire", issue="en_cours")
    assert lue.etat == "a_corriger" and "ne se calcule pas" in phrases(lue)[0]
    assert s.lire_le_budget_realise(PREVU, lue.valeur).charges.realise == 0


def test_une_ligne_ajoutee_a_son_compte():
    valeur = {"n0_realise": "350", "n0_libelle": "Location d’un camion"}
    lue = lire("budget", valeur, sorte="intermediaire", issue="en_cours")
    assert phrases(lue) == ["« Location d’un camion » : choisissez un compte."]
    lu = s.lire_le_budget_realise(PREVU, valeur | {"n0_compte": "613"})
    assert lu.charges.realise == Decimal(350)
    # Une dépense que rien ne prévoyait s'explique, au-delà du plancher.
    assert [x.cle for x in lu.a_expliquer] == ["n0"]
    assert s.neuves_de({"n99999999999999999999_compte": "x", "nom": "y"}) == 0


def test_ce_qui_est_rendu_se_lit_sans_la_base():
    valeurs = {
        "realisation": {"issue": "realise", "debut_le": "02/03/2026"},
        "habitants": {"q1-6_11-f": "12", "methode": "comptees", "precision": "Des voisines."},
        "indicateurs": {"i0_realise": "38", "i0_source": "Une feuille"},
        "budget": {"l0_realise": "3000", "l0_explication": "Des dons.", "l2_realise": "100"},
        "recit": {"fait": "Six samedis."},
        "pieces": {},
    }
    contenu = {
        "prevu": PREVU,
        "sorte": "definitif",
        "sections": {code: {"valeur": valeur} for code, valeur in valeurs.items()},
        "pieces": [{"sorte": "photo", "legende": "La cour", "nom": "cour.jpg", "poids": "1 Mo"}],
        "reliquat": {
            "prevu": "4000.00",
            "reel": "3000.00",
            "parts": [
                {"financeur": "Caisse", "vote": "2000.00", "verse": "2000.00", "part": "1500.00",
                 "non_depense": "500.00"}
            ],
        },
    }  # fmt: skip
    dit = repr(parties_du_bilan(contenu)).replace("\\xa0", " ")
    for attendu in (
        "Balzac", "Des voisines.", "95 %", "3 000,00 €", "75 %", "Des dons.", "500,00 €", "cour.jpg",
        "jamais plus que ce qu’il a voté", "60 personnes", "devraient être égaux",
    ):  # fmt: skip
        assert attendu in dit
    # Un quartier où personne n'est venu ne fait pas de ligne.
    assert "'Ailleurs'" not in dit


@pytest.mark.parametrize(
    ("cible", "realise", "dit"), [("40", "38", "95\u00a0%"), ("0", "3", ""), ("dix", "3", "")]
)
def test_le_taux_d_un_indicateur(cible, realise, dit):
    assert taux(cible, realise) == dit


def test_le_rendu_porte_toutes_les_lignes_du_formulaire():
    """Bénévolat, prêts, annexe, et la part de chaque subvention accordée dans les produits."""
    budget = {
        "l0_realise": "4000", "l1_realise": "1000", "l2_realise": "450", "l3_realise": "450",
        "d0_realise": "3000", "d1_realise": "300",
        "indirectes": "Au prorata des heures.", "volontaires": "30 h à 15 €.",
        "observations": "La salle est prêtée.",
    }  # fmt: skip
    parties = parties_du_bilan(
        {
            "sorte": "definitif",
            "prevu": PREVU,
            "sections": {
                "realisation": {"valeur": {"issue": "realise"}},
                "budget": {"valeur": budget},
            },
            "reliquat": {
                "prevu": "5000.00",
                "reel": "4000.00",
                "parts": [
                    {"financeur": "Caisse, Ville", "vote": "2000.00", "verse": "2000.00",
                     "part": "1600.00", "non_depense": "400.00"},
                ],
            },
            "pieces": [],
        }
    )  # fmt: skip
    lu = repr(parties).replace("\\xa0", " ")
    assert "représente 50 % du total des produits" in lu
    assert all(texte in lu for texte in ("prorata des heures", "30 h à 15 €", "salle est prêtée"))
    tableaux = {p.nom: p for p in parties if type(p).__name__ == "Tableau"}
    dons = [ligne.cases[0] for ligne in tableaux["Contributions en nature"].lignes]
    assert "Voisins" in dons and dons[-1] == "Total des contributions en nature"
    assert "Commune, Salle" in dons
    assert tableaux["Contributions en nature"].lignes[-1].cases[2].startswith("750")
