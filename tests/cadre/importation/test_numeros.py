"""Numéros d'enjeux et de fiches : les formes que les contrats impriment, et celles qui n'en sont pas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.importation.numeros import numero_du_parent, numero_nu, rang_final
from parvis.cadre.importation.titres import titre_du_texte
from parvis.cadre.rules import NUMERO

APRES_UN_MOT = [
    ("Fiche action n°3 : Le bus", "3", "Le bus"),
    ("Fiche action N° 1-2 – Le bus", "1-2", "Le bus"),
    ("Fiche action 1 - 2 : Le bus", "1-2", "Le bus"),
    ("Action 1.2.3 Le bus", "1.2.3", "Le bus"),
    ("Action I.A.1 — Le bus", "I.A.1", "Le bus"),
    ("Action II-B-12 : Le bus", "II-B-12", "Le bus"),
    ("Action I.4 : Le bus", "I.4", "Le bus"),
    ("Action A.3 bis : Le bus", "A.3bis", "Le bus"),
    ("Action 2bis – Le bus", "2bis", "Le bus"),
    ("Action 4 ter : Le bus", "4ter", "Le bus"),
    ("Fiche n°2024-01 : Le bus", "2024-1", "Le bus"),
    ("Fiche 01-2024 : Le bus", "1-2024", "Le bus"),
    ("Fiche action n°1203 : Le bus", "1203", "Le bus"),
    ("Fiche action EMP-05 : Le bus", "EMP-5", "Le bus"),
    ("Fiche action EMP05 – Le bus", "EMP5", "Le bus"),
    ("Fiche action CDV.1.2 : Le bus", "CDV.1.2", "Le bus"),
    ("Fiche action AP1-OS2-3 : Le bus", "AP1-OS2-3", "Le bus"),
    ("Action A1 : Le bus", "A1", "Le bus"),
    ("Action 1.1.a : Le bus", "1.1.a", "Le bus"),
    ("Action 3a : Le bus", "3a", "Le bus"),
    ("Action 1.A – Le bus", "1.A", "Le bus"),
    ("Objectif I.A : Lever les freins", "I.A", "Lever les freins"),
    ("Axe IV – Le logement", "IV", "Le logement"),
    ("Orientation B : Lever les freins", "B", "Lever les freins"),
]  # fmt: skip
PAS_DE_NUMERO = [
    "Projet 2024-2030 : le quartier change",
    "Action COVID-19 auprès des familles",
    "L'action 1 du programme vise à rassembler.",
    "Action C.L.A.S. des écoles",
    "Projet d'avenir",
    "Action V.A.E. pour tous",
]
SANS_MOT = [
    ("1.1.a Épicerie sociale", "1.1.a", "Épicerie sociale"),
    ("1.2 Lever les freins", "1.2", "Lever les freins"),
    ("A.1 Garage solidaire", "A.1", "Garage solidaire"),
    ("I.A.1 – Garage solidaire", "I.A.1", "Garage solidaire"),
    ("EMP-05 : Garage solidaire", "EMP-5", "Garage solidaire"),
    ("2024-01 Garage solidaire", "2024-1", "Garage solidaire"),
    ("A.3 bis Garage solidaire", "A.3bis", "Garage solidaire"),
    ("II. Garage solidaire", "II", "Garage solidaire"),
    ("B) Garage solidaire", "B", "Garage solidaire"),
    ("n°12 Garage solidaire", "12", "Garage solidaire"),
    ("2024 : bilan d'étape", "", "2024 : bilan d'étape"),
    ("2024-2030 : une ambition", "", "2024-2030 : une ambition"),
    ("1000 logements rénovés", "", "1000 logements rénovés"),
    ("COVID-19 et quartiers", "", "COVID-19 et quartiers"),
    ("À l'école", "", "À l'école"),
    ("V.A.E. pour tous", "", "V.A.E. pour tous"),
    ("3e lieu", "", "3e lieu"),
]  # fmt: skip


@pytest.mark.parametrize(("imprime", "numero", "texte"), APRES_UN_MOT)
def test_numero_apres_un_mot_de_niveau(imprime, numero, texte):
    for brut in (imprime, f"#### {imprime}", f"**{imprime}**"):
        titre = titre_du_texte(brut)
        assert titre is not None
        assert (titre.numero, titre.texte) == (numero, texte)


@pytest.mark.parametrize("imprime", PAS_DE_NUMERO)
def test_ce_qui_n_est_pas_un_numero(imprime):
    titre = titre_du_texte(imprime)
    assert titre is None or not titre.numero


@pytest.mark.parametrize(("imprime", "numero", "texte"), SANS_MOT)
def test_numero_sans_mot(imprime, numero, texte):
    assert numero_nu(imprime) == (numero, texte)


@pytest.mark.parametrize(
    ("numero", "parent", "rang"),
    [("1-2", 1, 2), ("1.2.3", "1.2", 3), ("A1", "A", 1), ("I.A.3", "I.A", 3), ("7", None, 7),
     ("1.1.b", "1.1", 2), ("A.3bis", "A", None), ("EMP-5", "EMP", 5)],
)  # fmt: skip
def test_parent_et_rang(numero, parent, rang):
    assert (numero_du_parent(numero), rang_final(numero)) == (parent, rang)


CHIFFRES = st.integers(1, 99).map(str)
LETTRES = st.sampled_from("ABCDEFGHJK")
ROMAINS = st.sampled_from(["I", "II", "III", "IV", "V", "VI"])
SIGLES = st.sampled_from(["EMP", "CDV", "LOG", "SANTE", "CS"])
CHAINES = st.tuples(
    st.one_of(CHIFFRES, LETTRES, ROMAINS, SIGLES), st.lists(CHIFFRES, min_size=1, max_size=3)
)


@settings(max_examples=120, deadline=None)
@given(CHAINES, st.sampled_from(".-"), st.sampled_from([" : ", " – ", " - "]))
def test_toute_chaine_de_maillons_fait_une_fiche(chaine, lien, suite):
    """Quelle que soit la chaîne, le numéro est celui imprimé, et le brouillon l'accepte."""
    tete, reste = chaine
    numero = lien.join([tete, *reste])
    titre = titre_du_texte(f"#### Fiche action n° {numero}{suite}Planter des arbres")
    assert titre is not None
    assert (titre.numero, titre.texte) == (numero, "Planter des arbres")
    assert NUMERO.fullmatch(titre.numero)


def _contrat(*fiches: str) -> str:
    tete = "# Contrat de ville de Rocbourg 2024-2030\n\n## Axe 1 : Emploi\n\n### Orientation A : Aller vers\n"
    corps = [
        f"#### {fiche}\n\n**Financeurs :** Région\n\n**Calendrier :** 2025\n" for fiche in fiches
    ]
    return "\n".join([tete, *corps])


def test_chaque_fiche_s_ouvre_quelle_que_soit_la_forme_de_son_numero():
    formes = ("n°2024-01", "n°2024-02", "A.3 bis", "I.4", "EMP-05", "1.1.a", "7 ter")
    lu = lire_texte(_contrat(*(f"Fiche action {forme} : Titre {forme}" for forme in formes)))
    assert [f.titre for f in lu.fiches] == [f"Titre {forme}" for forme in formes]
    assert not [a for a in lu.anomalies if a.nature in ("numero_double", "titre_non_reconnu")]


def test_un_titre_de_fiche_qui_n_ouvre_rien_se_signale():
    lu = lire_texte(_contrat("Fiche action 1 : Le bus", "Fiche action pour les jeunes du Mail"))
    (anomalie,) = [a for a in lu.anomalies if a.nature == "titre_non_reconnu"]
    assert "Fiche action pour les jeunes du Mail" in anomalie.texte
    assert anomalie.ligne


def test_une_rubrique_qui_commence_par_le_mot_de_la_fiche_ne_se_signale_pas():
    texte = _contrat("Action 1 : Le bus", "Action 2 : Le vélo").replace("Fiche action", "Action")
    texte += "\n#### Actions à mettre en œuvre\n\n- Réparer des vélos\n"
    assert not [a for a in lire_texte(texte).anomalies if a.nature == "titre_non_reconnu"]


@pytest.mark.parametrize(
    ("imprime", "texte"),
    [
        ("## Thématique « Santé »", "Santé"),
        ("## Thématique : « Santé »", "Santé"),
        ("## Axe 1 : Vivre « ensemble »", "Vivre « ensemble »"),
        ("## Axe 1 : Vivre ensemble »", "Vivre ensemble"),
        ("» Axe 1 : Vivre ensemble", "Vivre ensemble"),
    ],
)
def test_guillemets_d_un_titre(imprime, texte):
    assert titre_du_texte(imprime).texte == texte


def test_la_colonne_d_un_index_n_ouvre_pas_de_fiche():
    rangees = ("| Dispositif | Responsables | Fiches |", "|---|---|---|", "| Aide | CAF | 1 |")
    index = "\n".join(("# Index des dispositifs", "", *rangees))
    lu = lire_texte(f"{_contrat('Fiche action 1 : Le bus')}\n{index}")
    assert [(f.numero, f.titre) for f in lu.fiches] == [("1", "Le bus")]
