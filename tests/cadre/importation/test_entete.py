"""La date d'un document et les volets qu'il dit sans fiche."""

import pytest

from parvis.cadre.importation.entete import lire_entete, lire_hors_contrat
from parvis.cadre.importation.fragments import Bloc


def entete(*textes: str):
    blocs = [Bloc("paragraphe", texte=texte, ligne=rang) for rang, texte in enumerate(textes, 1)]
    return lire_entete(blocs, "\n".join(textes))


@pytest.mark.parametrize(
    ("ligne", "edition"),
    [
        ("Juin 2015", "2015-06"),
        ("AOÛT 2016", "2016-08"),
        ("Édition de février 2024", "2024-02"),
        ("Signé en juin 2015", ""),
        ("2015", ""),
    ],
)
def test_la_date_du_document_donne_le_code_de_l_edition(ligne, edition):
    assert entete("Contrat de ville 2015-2020", ligne).edition == edition


def test_un_volet_sans_fiche_est_retenu_avec_la_phrase_qui_dit_ou_il_est_traite():
    preambule = (
        "Voici nos fiches.\n\nLe volet « tranquillité » ne comporte pas de fiche : "
        "il relève du conseil local. Le volet « santé » comprend trois fiches."
    )
    (sujet,) = lire_hors_contrat(preambule)
    assert sujet.titre == "Tranquillité"
    assert "conseil local" in sujet.explication


def test_un_preambule_sans_volet_ecarte_ne_donne_rien():
    assert lire_hors_contrat("Tous les volets ont leurs fiches.") == ()


@pytest.mark.parametrize(
    ("titre", "territoire"),
    [
        ("Contrat de ville de Petitbourg 2024-2030", "Petitbourg"),
        ("Contrat de ville de la Métropole d'Aurette (2024-2030)", "Métropole d'Aurette"),
        ("Contrat de ville 2024-2030 du Pays de Brandes", "Pays de Brandes"),
        ("CONTRAT DE VILLE 2024-2030 DE MONTREVAL-SUR-ORGE", "MONTREVAL-SUR-ORGE"),
        ("Contrat de ville « Quartiers 2030 » de l'Étang-Salé – Convention cadre", "Étang-Salé"),
        (
            "Convention cadre du contrat de ville de Sainte-Vaubourg : fiches actions",
            "Sainte-Vaubourg",
        ),
        ("Contrat de ville de nouvelle génération", ""),
        ("Contrat de ville 2024-2030", ""),
    ],
)
def test_le_titre_nomme_le_territoire(titre, territoire):
    assert entete(titre).territoire == territoire


def test_une_ligne_en_italique_nomme_le_territoire():
    lu = entete("Contrat de ville 2015-2020", "*Communauté de communes du Pays de Brandes*")
    assert lu.territoire == "Communauté de communes du Pays de Brandes"
