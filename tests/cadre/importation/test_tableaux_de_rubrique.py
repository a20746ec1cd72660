"""Un tableau dont l'en-tête nomme les colonnes se lit au mot, dans tout document."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte

TETE = """Ville de Brume
Contrat de ville 2024-2030
Territoire : Pays de Brume – les hauts
Prolongé jusqu'au 1er mars 2031
# Axe 1 : Vivre
Correspond au pilier national « Cohésion sociale ».
Une introduction.
## Objectif 1 : Loger
### Action 1-1 : Bâtir
"""


def _lire(*rangees: str, tete: str = TETE, suite: str = ""):
    return lire_texte(tete + "\n".join(rangees) + "\n" + suite)


def test_chaque_case_vaut_ce_que_dit_sa_colonne():
    (fiche,) = _lire(
        "Rubrique\tAction 1-1",
        "Descriptif\tBâtir des logements.",
        "Partenaires financeurs\tPartenaire\tAu sein de\tCondition\tDegré",
        "\tLycée et collège, CAF\tÉtat\t–\tÀ titre indicatif",
        "\tCaisse (dite « caisse »)\t–\ttravaux : toiture\tPosition attendue",
        "Dispositifs existants\tResponsable\tDispositif\tPrécisions",
        "\tCAF\tLa CAF finance des projets\t-",
    ).fiches
    assert [(p.nom, p.parent, p.condition, p.degre) for p in fiche.financeurs] == [
        ("Lycée et collège, CAF", "État", None, "indicatif"),
        ("Caisse (dite « caisse »)", None, "travaux : toiture", "en_attente"),
    ]
    assert [(d.nom, d.porteur, d.detail) for d in fiche.dispositifs] == [
        ("La CAF finance des projets", "CAF", None)
    ]
    assert [r.code for r in fiche.rubriques] == ["descriptif"]


def test_ce_qu_un_document_met_en_tableau_ne_se_devine_plus_ailleurs():
    contrat = _lire(
        "Descriptif\tPour les jeunes, 300 logements.",
        "Publics visés\tPublic\tMots du contrat",
        "\tEnfants\tles petits",
        "\tLicornes\tles licornes",
        "### Action 1-2 : Loger les jeunes",
        "Descriptif\tPour les jeunes, 200 logements.",
    )
    premiere, seconde = contrat.fiches
    assert [(p.code, p.preuve) for p in premiere.publics] == [("enfants", "les petits")]
    assert seconde.publics == ()
    assert [c.valeur for c in seconde.constats] == [200]


@pytest.mark.parametrize(
    "rangees",
    [
        ("Partenaires financeurs\tPartenaire\tMontant", "\tCAF\t3"),
        ("Partenaires financeurs\tCondition\tDegré", "\tCAF\tPossible"),
        ("Zorglub\tPartenaire\tDegré", "\tCAF\tPossible"),
        ("Partenaires financeurs\tPartenaire",),
    ],
)
def test_un_tableau_que_le_vocabulaire_ne_dit_pas_se_lit_comme_avant(rangees):
    (fiche,) = _lire("Descriptif\tBâtir.", *rangees).fiches
    assert all(p.degre is None for p in fiche.financeurs)


def test_la_page_de_titre_se_lit():
    contrat = _lire("Descriptif\tBâtir.")
    assert contrat.territoire == "Pays de Brume – les hauts"
    assert contrat.prolonge_au == "2031-03-01"
    assert (contrat.piliers[0].national, contrat.piliers[0].introduction) == (
        "Cohésion sociale",
        "Une introduction.",
    )


def test_une_annexe_n_est_plus_de_la_derniere_fiche():
    contrat = _lire(
        "Descriptif\tBâtir.",
        suite="# Annexes\n\nUn texte sans rapport.\n\n"
        "Partenaire\tÀ savoir\tA pris fin le\nCAF\tUne caisse.\t31 décembre 2025\n",
    )
    assert contrat.fiches[0].descriptif == "Bâtir."
    (connu,) = contrat.partenaires_connus
    assert (connu.nom, connu.a_savoir, connu.fin_le) == ("CAF", "Une caisse.", "2025-12-31")
