"""L'index : accents, fautes de frappe, sigles, débuts de mots, ordre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.orientation.index import Document, Index

DOCUMENTS = [
    Document("fiche", "1-1", "Ouvrir des crèches", ((6.0, "Ouvrir des crèches"), (1.0, "parents"))),
    Document("fiche", "1-2", "Ouvrir une médiathèque", ((6.0, "Ouvrir une médiathèque"),)),
    Document(
        "fiche", "2-1", "Apprendre le français", ((6.0, "Apprendre le français aux parents"),)
    ),
    Document("dispositif", "caf", "Aide", ((1.0, "Aide de la Caisse d'allocations familiales"),)),
    Document("fiche", "3-1", "Santé", ((6.0, "Centres de santé"), (1.0, "œuvrer avec les élèves"))),
]
SIGLES = {"CAF": "Caisse d'allocations familiales"}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.construire(DOCUMENTS, SIGLES)


def trouves(index: Index, question: str) -> list[str]:
    return [t.document.identifiant for t in index.chercher(question)[0]]


@pytest.mark.parametrize(
    ("question", "attendu"),
    [
        ("crèche", "1-1"),
        ("CRECHES", "1-1"),
        ("creche", "1-1"),
        ("mediateque", "1-2"),
        ("médiathéques", "1-2"),
        ("mdiathèque", "1-2"),
        ("françias", "2-1"),
        ("apprend", "2-1"),
        ("média", "1-2"),
        ("caf", "caf"),
        ("oeuvrer", "3-1"),
        ("élève", "3-1"),
    ],
)
def test_trouve_malgre_accents_et_fautes(index, question, attendu):
    assert trouves(index, question)[0] == attendu


def test_dit_la_correction_faite(index):
    _, corrections = index.chercher("mediateque")
    assert [(c.ecrit, c.lu) for c in corrections] == [("mediateque", "médiathèque")]


def test_un_mot_sans_faute_n_est_pas_corrige(index):
    assert index.chercher("médiathèque")[1] == []


def test_le_titre_pese_plus_que_le_corps(index):
    assert trouves(index, "parents") == ["2-1", "1-1"]


def test_celui_qui_a_tous_les_mots_passe_devant(index):
    trouvailles, _ = index.chercher("ouvrir médiathèque")
    assert trouvailles[0].document.identifiant == "1-2"
    assert [t.est_complete for t in trouvailles] == [True, False]


@pytest.mark.parametrize("question", ["", "   ", "de la", "?!", "zzzzzzzzzzzz", "é" * 5000])
def test_rien_a_trouver_ne_rend_rien(index, question):
    assert trouves(index, question) == []


def test_les_mots_courts_ne_se_corrigent_pas(index):
    assert trouves(index, "caq") == []


def test_une_sorte_demandee_exclut_les_autres(index):
    assert index.chercher("aide", frozenset({"fiche"}))[0] == []


@given(st.text(max_size=300))
def test_aucune_question_ne_fait_tomber_la_recherche(index, question):
    trouvailles, _ = index.chercher(question)
    scores = [t.score for t in trouvailles]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_un_index_vide_repond():
    assert Index.construire([]).chercher("crèche") == ([], [])
