"""Ce que les financeurs demandent, à l'écran du porteur : il y répond, et ne sait rien d'autre."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.instruction.actions import echanges
from parvis.instruction.models import Echange
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire
from tests.fabriques import depots, instruction
from tests.fabriques.echanges import AU_PORTEUR, AUX_SERVICES, au_porteur, aux_services, dans
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db
TITRE = "Ce que vos financeurs vous demandent"


@decor
def etude():
    territoire_du_contrat()
    return instruction.etude(depots.lieux())


@pytest.fixture
def comme(etude):
    return lambda nom: Site(etude.ici.monde, nom)


def test_repondre_de_bout_en_bout(etude, comme):
    site, pk = comme("gestionnaire"), etude.dossier.pk
    assert TITRE not in lire(site.get("suites", pk))
    question = au_porteur(etude.samia, etude.dossier, sur="budget", echeance=dans(10))
    page = lire(site.get("suites", pk))
    for dit in (
        *(TITRE, AU_PORTEUR, "Le budget et les demandes", "Caisse des Tilleuls", "Samia Essai"),
        *("Attendue avant le", "/depose/#section-budget", "1 question, 1 attend votre réponse"),
    ):
        assert dit in page
    assert "Ne plus attendre" not in page and "Poser une question" not in page
    reponse = site.post("repondre_a_une_question", pk, question.pk, texte="Les voisins.")
    assert reponse.url.endswith("/suites/#titre-echanges")
    page = lire(site.get("suites", pk))
    assert "Les voisins." in page and "1 question, plus rien n’est attendu" in page
    echanges.clore_une_question(par=etude.samia, question=question)
    page = lire(site.get("suites", pk))
    assert "1 question close" in page and f'id="reponse-{question.pk}"' not in page


def test_une_reponse_refusee_garde_son_texte(etude, comme):
    question = au_porteur(etude.samia, etude.dossier)
    pk, site = etude.dossier.pk, comme("gestionnaire")
    for texte, motif in (("…", "Écrivez votre réponse."), ("a" * 4001, "il y en a 4001")):
        reponse = site.post("repondre_a_une_question", pk, question.pk, texte=texte)
        assert reponse.status_code == 422
        page = lire(reponse)
        assert motif in page and texte in page and AU_PORTEUR in page
    assert not Echange.objects.filter(est_du_porteur=True).exists()


def test_qui_lit_seulement_lit_la_question_et_n_y_repond_pas(etude, comme):
    question = au_porteur(etude.samia, etude.dossier)
    site, pk = comme("lecteur"), etude.dossier.pk
    page = lire(site.get("suites", pk))
    assert AU_PORTEUR in page and "Votre réponse" not in page
    assert site.get("repondre_a_une_question", pk, question.pk).status_code == 404


def test_rien_ne_dit_au_porteur_que_les_services_se_parlent(etude, comme):
    site, pk = comme("gestionnaire"), etude.dossier.pk
    pages = ("suites", "dossier", "depose", "recepisses")
    avant = {nom: lire(site.get(nom, pk)).count("question") for nom in pages}
    imprime = site.get("dossier_imprime", pk).content
    cachee = aux_services(etude.samia, etude.dossier, sur="budget", echeance=dans(5))
    echanges.repondre(par=etude.olga, question=cachee, texte="Un secret de service.")
    for nom in pages:
        page = lire(site.get(nom, pk))
        assert AUX_SERVICES not in page and "Un secret de service." not in page
        assert TITRE not in page and "entre services" not in page.lower()
        assert page.count("question") == avant[nom], nom
    assert site.get("dossier_imprime", pk).content == imprime
    # Avec une question à lui, il n'en compte qu'une, et l'autre répond comme absente.
    au_porteur(etude.samia, etude.dossier)
    assert "1 question, 1 attend votre réponse" in lire(site.get("suites", pk))
    for devinee in (cachee.pk, 9_999_999):
        assert site.get("repondre_a_une_question", pk, devinee).status_code == 404


def test_les_requetes_ne_suivent_pas_le_nombre_de_questions(etude, comme):
    site, pk = comme("gestionnaire"), etude.dossier.pk

    def cout():
        with CaptureQueriesContext(connection) as requetes:
            site.get("suites", pk)
        return len(requetes)

    # Autant d'actes à l'histoire dès le départ : elle se lit par pages de dix.
    for _ in range(6):
        question = au_porteur(etude.samia, etude.dossier)
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    site.get("suites", pk)
    avant = cout()
    for _ in range(4):
        question = au_porteur(etude.olga, etude.dossier)
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
    assert cout() == avant
