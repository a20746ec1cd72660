"""Ce que l'orientation vaut sur les deux moitiés, et ce que chaque part du thésaurus y apporte."""

from dataclasses import replace
from pathlib import Path

import pytest

from parvis.cadre.actions import importer_cadre, publier_edition
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.construction import thesaurus_livre
from parvis.orientation.moteur.evaluation import QuestionEtiquetee, lire_les_questions, mesurer
from parvis.orientation.moteur.langue import lire_les_mots
from parvis.orientation.moteur.lecture import Question
from parvis.orientation.moteur.reponse import orienter
from parvis.orientation.moteur.thesaurus import Thesaurus
from parvis.orientation.queries.orientation import contrat_livre, moteur_de
from tests.fabriques.cadre import MACHINE

DONNEES = Path(__file__).parent / "donnees"


def questions(moitie: str) -> list[QuestionEtiquetee]:
    return lire_les_questions(DONNEES / f"{moitie}-moitie.jsonl")


def repondre(moteur: Moteur):
    return lambda texte: [piste.numero for piste in orienter(moteur, texte).pistes]


@pytest.mark.parametrize("moitie", ["premiere", "seconde"])
def test_repond_juste_et_sait_dire_non(livre, moitie):
    mesures = {m.sorte: m for m in mesurer(questions(moitie), repondre(livre))}
    toutes = mesures.pop("toutes, hors du contrat exclues")
    assert toutes.nombre >= 300 and set(mesures) == {"titre", "courant", "sms", "cerfa", "hors"}
    assert toutes.hit1 >= 0.85 and toutes.hit3 >= 0.93 and toutes.non <= 0.03
    assert mesures["courant"].hit1 >= 0.75
    assert mesures["hors"].non >= 0.85


def test_les_deux_moities_n_ont_pas_une_question_commune():
    une, autre = ({q.texte.casefold() for q in questions(m)} for m in ("premiere", "seconde"))
    assert not une & autre


def test_chaque_raison_de_chaque_question_cite_les_deux_textes(livre):
    par_numero = {fiche.numero: fiche for fiche in livre.fiches}
    for question in (*questions("premiere"), *questions("seconde")):
        for piste in orienter(livre, question.texte).pistes:
            assert piste.raisons, (question.identifiant, piste.numero)
            passages = {(p.rubrique, p.texte) for p in par_numero[piste.numero].passages}
            for raison in piste.raisons:
                assert raison.ecrit and raison.ecrit in question.texte
                assert raison.dit and raison.phrase[raison.debut : raison.fin] == raison.dit
                assert any(r == raison.rubrique and raison.phrase in t for r, t in passages)


def test_chaque_reponse_a_une_question_change_l_ordre(livre):
    departagees = 0
    for question in questions("seconde"):
        if not (departage := orienter(livre, question.texte).departage):
            continue
        departagees += 1
        assert len({numero for _, numero in departage.reponses}) == len(departage.reponses) >= 2
        for precision, numero in departage.reponses:
            apres = orienter(livre, question.texte, [precision])
            assert apres.pistes[0].numero == numero, (question.texte, precision)
    assert departagees >= 20


def _note(moteur: Moteur) -> float:
    """Rend ce que valent les réponses à la seconde moitié : rang inverse, ou un non où il en faut un."""
    mesures = mesurer(questions("seconde"), repondre(moteur))
    hors = next(m for m in mesures if m.sorte == "hors")
    return (mesures[-1].inverses + hors.vides) / (mesures[-1].nombre + hors.nombre)


@pytest.mark.lent
@pytest.mark.parametrize("decoupe", ["de suite", "un sur dix"])
def test_chaque_dixieme_du_thesaurus_sert(livre, decoupe):
    entier = thesaurus_livre()
    entrees = [
        (n.code, entree)
        for n in entier.notions.values()
        if not n.code.startswith("sigle-")
        for entree, _ in n.entrees
    ]
    reference = _note(livre)
    pas = -(-len(entrees) // 10)
    for rang in range(10):
        otees = set(entrees[rang::10] if decoupe == "un sur dix" else entrees[rang * pas :][:pas])
        notions = [
            replace(
                n,
                mots=tuple(e for e in n.mots if (n.code, e) not in otees),
                indices=tuple(e for e in n.indices if (n.code, e) not in otees),
            )
            for n in livre.thesaurus.notions.values()
        ]
        sans = Thesaurus(notions, livre.thesaurus.abreviations)
        note = _note(Moteur(livre.fiches, sans, issues=livre.issues))
        assert note < reference, f"le dixième {rang + 1} n'apporte rien : {note} ≥ {reference}"


def test_aucune_entree_n_est_muette(livre):
    """Chaque entrée se déclenche sur une phrase de nos corpus, ou dans une fiche du contrat livré."""
    thesaurus = thesaurus_livre()
    phrases = (DONNEES / "phrases.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(phrases)) >= 3000
    entendues = set()
    for texte in (*phrases, *(q.texte for q in questions("premiere"))):
        mots, _ = livre.lecteur.lire_les_mots(texte, Question(texte), livre.reglages)
        entendues |= {(r.notion, r.entree) for r in thesaurus.reconnaitre(mots)}
    for fiche in livre.fiches:
        for passage in fiche.passages:
            dites = thesaurus.reconnaitre(lire_les_mots(passage.texte))
            entendues |= {(r.notion, r.entree) for r in dites}
    muettes = [
        (notion.code, entree)
        for notion in thesaurus.notions.values()
        if not notion.code.startswith("sigle-")
        for entree, _ in notion.entrees
        if (notion.code, entree) not in entendues
    ]
    assert muettes == []


@pytest.mark.django_db
def test_la_base_range_comme_le_fichier(livre):
    """Le même contrat, écrit en base, répond dans le même ordre, sur les deux moteurs."""
    lu = contrat_livre()
    edition = importer_cadre(par=MACHINE, contrat="livre", lu=lu, source="livre.yaml").edition
    en_base = moteur_de(publier_edition(par=MACHINE, edition=edition))
    for question in questions("seconde")[::4]:
        assert repondre(en_base)(question.texte) == repondre(livre)(question.texte)
