"""Ce qu'une lecture demande : peu de questions, groupées, et des réponses qui corrigent la lecture."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.importation.question import QUESTIONS_MAX
from parvis.cadre.importation.questions import questions
from parvis.cadre.importation.reponses import appliquer
from parvis.cadre.importation.structure import depuis_dict, en_dict
from tests.fabriques.lectures import DOCUMENT


@pytest.fixture(scope="module")
def lu():
    return lire_texte(DOCUMENT)


def _question(lu, nature):
    return next(q for q in questions(lu) if q.nature == nature)


def test_chaque_doute_est_une_question(lu):
    assert {q.nature for q in questions(lu)} == {
        "graphie", "partenaire", "decoupage", "puces", "responsable", "renvoi", "type",
    }  # fmt: skip


def test_un_meme_nom_ne_se_demande_qu_une_fois(lu):
    question = _question(lu, "partenaire")
    assert (question.nombre, question.fiches) == (2, ("1-1",))


def test_tout_accepter_ne_laisse_rien_a_demander(lu):
    propositions = {e.cle: e.proposition for q in questions(lu) for e in q.elements}
    assert questions(lu, propositions) == []


@pytest.mark.parametrize(
    ("nature", "valeur", "attendu"),
    [
        ("graphie", "ADEME", ["Communes", "ADEME"]),
        ("graphie", "", ["Communes", "ADEM"]),
        ("graphie", "Département", ["Communes", "Conseil départemental"]),
    ],
)
def test_reponse_sur_une_graphie(lu, nature, valeur, attendu):
    corrige = appliquer(lu, {_question(lu, nature).cle: valeur})
    assert [p.nom for p in corrige.fiches[1].financeurs] == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        ("Communes ; Agglomération", ["Communes", "Agglomération"]),
        ("Communes ; Région", ["Communes", "Conseil régional"]),
        ("", ["Communes Agglomération"]),
    ],
)
def test_reponse_sur_des_noms_colles(lu, valeur, attendu):
    corrige = appliquer(lu, {_question(lu, "decoupage").cle: valeur})
    assert [p.nom for p in corrige.fiches[0].financeurs][:-1] == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"), [("", 1), ("PEDT ; PRE", 2), ("Projet éducatif ; PRE ; CLAS", 3)]
)
def test_reponse_sur_une_puce_double(lu, valeur, attendu):
    corrige = appliquer(lu, {_question(lu, "puces").cle: valeur})
    assert len(corrige.fiches[1].dispositifs) == attendu


def test_reponse_sur_un_renvoi(lu):
    clef = _question(lu, "renvoi").cle
    (renvoi,) = appliquer(lu, {clef: "fiche 1-1"}).fiches[1].renvois
    assert (renvoi.cible, renvoi.anomalie) == ("fiche 1-1", None)
    assert appliquer(lu, {clef: ""}).fiches[1].renvois == ()


def test_un_mot_corrige_l_est_partout_et_lui_seul(lu):
    corrige = appliquer(lu, {"faute:arbres": "arbustes"})
    assert "planter des arbustes" in corrige.fiches[0].descriptif
    assert corrige.fiches[0].titre == "Planter des arbustes"
    assert appliquer(lu, {"faute:arb": "x"}) == lu


def test_publics_d_une_rubrique_que_rien_ne_reconnait():
    texte = DOCUMENT.replace(
        "Partenaires opérateurs\t<p>Habitants</p>",
        "Publics visés\tToutes et tous\nPartenaires opérateurs\t<p>Habitants</p>",
    )
    lu = lire_texte(texte)
    question = _question(lu, "public")
    corrige = appliquer(lu, {question.cle: "jeunes ; seniors"})
    assert [p.code for p in corrige.fiches[1].publics] == ["jeunes", "seniors"]
    assert appliquer(lu, {question.cle: ""}).fiches[1].publics == ()


@pytest.mark.parametrize(
    ("texte", "demande"),
    [
        ("Collégiens de 11 à 16 ans", False),
        ("Parents d'élèves", False),
        ("Retraités", False),
        ("Habitants sans médecin traitant", False),
        ("personnes de plus de 70 ans", False),
        ("De 0 à 99 ans, de tous âges", True),
        ("Tout public", True),
    ],
)
def test_un_public_reconnu_dans_sa_rubrique_ne_se_demande_pas(texte, demande):
    rubrique = f"Publics visés\t{texte}\nPartenaires opérateurs\t<p>Habitants</p>"
    lu = lire_texte(DOCUMENT.replace("Partenaires opérateurs\t<p>Habitants</p>", rubrique))
    assert ("public" in {q.nature for q in questions(lu)}) is demande
    assert bool(lu.fiches[1].publics) is not demande


def _deux_cents_fiches(corps: str) -> str:
    return DOCUMENT[: DOCUMENT.index("Fiche opérationnelle n°1-1")] + "\n".join(
        f"Fiche opérationnelle n°1-{rang} : Projet numéro {rang}\t\n{corps.format(rang=rang)}"
        for rang in range(1, 201)
    )


def test_ni_les_publics_ni_les_renvois_ne_depassent_soixante_questions():
    corps = (
        "Descriptif et objectifs des projets attendus\t<p>Il s'agit d'ouvrir (voir fiche n°{rang}-99).</p>\n"
        "Publics visés\tToutes et tous, {rang}\nPartenaires financeurs\t<p>Communes</p>"
    )
    lu = lire_texte(_deux_cents_fiches(corps))
    posees = questions(lu)
    assert len(posees) <= QUESTIONS_MAX
    assert sum(len(q.elements) for q in posees if q.nature == "public") == 200
    assert questions(lu, [e.cle for q in posees for e in q.elements]) == []


def test_un_meme_doute_dans_plusieurs_fiches_se_demande_une_fois():
    corps = (
        "Descriptif et objectifs des projets attendus\t<p>Il s'agit d'ouvrir un lieu.</p>\n"
        "Publics visés\tTout public\n"
        "Dispositifs pouvant soutenir les projets\t<p>Label Zéphyr ; PRE (Ville)</p>"
    )
    lu = lire_texte(_deux_cents_fiches(corps))
    public, responsable = _question(lu, "public"), _question(lu, "responsable")
    assert (public.nombre, responsable.nombre) == (200, 200)
    assert not public.propose and not responsable.propose
    corrige = appliquer(lu, {public.cle: "jeunes", responsable.cle: "CAF"})
    assert {p.code for f in corrige.fiches for p in f.publics} == {"jeunes"}
    porteurs = {d.porteur for f in corrige.fiches for d in f.dispositifs}
    assert porteurs == {"Caisse d'allocations familiales", "Communes"}


def test_une_reponse_donnee_a_une_seule_fiche_vaut_encore(lu):
    (element,) = _question(lu, "responsable").elements
    corrige = appliquer(lu, {"responsable:1-1:charte de jardinage deja en place": "CAF"})
    assert element.fiches == ("1-1",)
    assert corrige.fiches[0].dispositifs[0].porteur == "Caisse d'allocations familiales"


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=8))
def test_des_reponses_quelconques_ne_font_rien_tomber(reponses):
    lu = lire_texte(DOCUMENT)
    cles = [e.cle for q in questions(lu) for e in q.elements]
    melees = dict(zip(cles, reponses.values(), strict=False)) | reponses
    corrige = appliquer(lu, melees)
    assert [f.numero for f in corrige.fiches] == ["1-1", "1-2"]


def test_beaucoup_de_noms_inconnus_font_une_question():
    noms = "".join(f"<p>Zorglub numéro {rang}</p>" for rang in range(90))
    lu = lire_texte(DOCUMENT.replace("<p>Habitants</p>", noms))
    posees = questions(lu)
    assert len(posees) <= QUESTIONS_MAX
    assert max(len(q.elements) for q in posees) >= 90


def test_beaucoup_de_questions_se_reunissent():
    corps = DOCUMENT[DOCUMENT.index("Fiche opérationnelle n°1-1") :]
    suites = [
        corps.replace("n°1-1", f"n°1-{2 * rang + 1}").replace("n°1-2", f"n°1-{2 * rang + 2}")
        for rang in range(1, 80)
    ]
    lu = lire_texte(DOCUMENT + "".join(suites))
    posees = questions(lu)
    assert len(posees) <= QUESTIONS_MAX
    accepte = {e.cle: e.proposition for q in posees for e in q.elements}
    assert questions(lu, accepte) == []


@pytest.mark.parametrize("document", ["tilleuls", "livre"])
def test_un_contrat_lu_va_et_vient_en_types_simples(document, request):
    contrat = request.getfixturevalue(document)
    assert depuis_dict(en_dict(contrat)) == replace(contrat)


@pytest.mark.reference
def test_reference_au_plus_soixante_questions(reference):
    posees = questions(reference)
    assert 0 < len(posees) <= QUESTIONS_MAX
    accepte = {e.cle: e.proposition for q in posees for e in q.elements}
    assert questions(appliquer(reference, accepte), accepte) == []
