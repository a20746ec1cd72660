"""Les échanges à l'écran d'un financeur : demander, répondre, clore, et qui n'en lit rien."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.comptes.enums import Role
from parvis.instruction.actions import consultations, echanges
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Echange
from tests.espace_porteur.conftest import lire
from tests.fabriques.comptes import entrer, envoi, organisme
from tests.fabriques.echanges import AU_PORTEUR, AUX_SERVICES, au_porteur, aux_services, dans

pytestmark = pytest.mark.django_db


class Site:
    """Le navigateur de qui étudie, et les pages d'un dossier."""

    def __init__(self, etude, qui):
        self.qui, self.client, self.dossier = qui, entrer(qui.utilisateur), etude.dossier

    def adresse(self, nom, *suite):
        return reverse(f"espace_financeur:{nom}", args=("tilleuls", self.dossier.pk, *suite))

    def get(self, nom, *suite):
        return self.client.get(self.adresse(nom, *suite))

    def post(self, nom, *suite, **champs):
        return self.client.post(self.adresse(nom, *suite), envoi(self.qui, **champs))


@pytest.fixture
def samia(etude):
    return Site(etude, etude.samia)


def test_poser_une_question_depuis_la_page_du_dossier(etude, samia):
    page = lire(samia.get("dossier"))
    assert "Aucune question encore" in page and samia.adresse("poser_une_question") in page
    form = lire(samia.get("poser_une_question"))
    for dit in ("Au porteur : tous les services", "le porteur n’en lit rien", "Tout le dossier"):
        assert dit in form
    assert '<option value="projet:besoin">' in form
    reponse = samia.post(
        "poser_une_question",
        sorte="avec_le_porteur",
        sur="projet:besoin",
        texte=AU_PORTEUR,
        echeance=dans(10).isoformat(),
    )
    assert reponse.url == f"{samia.adresse('dossier')}#titre-echanges"
    page = lire(samia.get("dossier"))
    for dit in (AU_PORTEUR, "#section-projet", "Attendue avant le", "Ne plus attendre de réponse"):
        assert dit in page
    assert "1 question au porteur, 1 attend sa réponse avant le" in page


def test_une_question_refusee_garde_ce_qui_est_ecrit(samia):
    for champs, motif in (
        ({"sorte": "avec_le_porteur", "echeance": "2020-01-01"}, "La réponse s’attend après"),
        ({"sorte": "public"}, "n’en fait pas partie"),
        ({}, "Choisissez à qui vous posez"),
    ):
        reponse = samia.post("poser_une_question", texte="Et le mois d’août ?", **champs)
        assert reponse.status_code == 422
        page = lire(reponse)
        assert motif in page and "Et le mois d’août ?" in page
    assert not Echange.objects.exists()


def test_repondre_a_un_autre_service_puis_clore(etude, samia):
    question = aux_services(etude.olga, etude.dossier)
    page = lire(samia.get("dossier"))
    assert "Entre services, sans le porteur" in page and "Votre réponse" in page
    assert "Clore cette question" not in page
    assert AUX_SERVICES in lire(samia.get("repondre_a_une_question", question.pk))
    assert samia.post("repondre_a_une_question", question.pk, texte="Un peu.").status_code == 302
    assert "Un peu." in lire(samia.get("dossier"))
    assert samia.post("clore_une_question", question.pk).status_code == 404
    olga = Site(etude, etude.olga)
    assert "Clore cette question" in lire(olga.get("dossier"))
    olga.post("clore_une_question", question.pk)
    page = lire(samia.get("dossier"))
    assert (
        "1 question close" in page and "Votre réponse" not in page and "Ajouter un mot" not in page
    )


def test_une_question_close_pendant_que_l_on_ecrit_garde_le_texte(etude, samia):
    question = aux_services(etude.olga, etude.dossier)
    echanges.clore_une_question(par=etude.olga, question=question)
    reponse = samia.post("repondre_a_une_question", question.pk, texte="Justement, j’allais dire.")
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "Cette question est close" in page and "Justement, j’allais dire." in page
    assert "<textarea" not in lire(samia.get("repondre_a_une_question", question.pk))


def test_le_retard_se_voit(etude, samia):
    question = au_porteur(etude.samia, etude.dossier, echeance=dans(3))
    Echange.objects.filter(pk=question.pk).update(echeance_le=dans(-3))
    page = lire(samia.get("dossier"))
    assert "En retard : attendue avant le" in page and "depuis le" in page


def test_un_texte_piege_reste_un_texte(etude, samia):
    au_porteur(etude.samia, etude.dossier, texte="<script>alert(1)</script> ?")
    assert b"<script>alert(1)" not in samia.get("dossier").content


def test_qui_est_consulte_n_en_lit_rien(etude):
    bourg = organisme("Bourg-la-Forêt", "commune")
    lea = etude.ici.monde.ajouter("lea", bourg, Role.INSTRUCTEUR)
    consultations.consulter(
        par=etude.pilote, dossiers=[etude.dossier], qualite=Qualite.COMMUNE, organisme=bourg
    )
    question = au_porteur(etude.samia, etude.dossier)
    aux_services(etude.samia, etude.dossier)
    site = Site(etude, lea)
    page = lire(site.get("dossier"))
    for tu in (AU_PORTEUR, AUX_SERVICES, "Échanges", "Poser une question"):
        assert tu not in page
    assert site.get("poser_une_question").status_code == 404
    assert site.get("repondre_a_une_question", question.pk).status_code == 404


def test_la_page_ne_coute_pas_plus_avec_dix_questions(etude, samia):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            samia.get("dossier")
        return len(requetes)

    au_porteur(etude.samia, etude.dossier)
    aux_services(etude.olga, etude.dossier)
    samia.get("dossier")
    avant = cout()
    for _ in range(5):
        question = au_porteur(etude.olga, etude.dossier)
        echanges.repondre(par=etude.ici.porte, question=question, texte="Oui.")
        aux_services(etude.samia, etude.dossier)
    assert cout() == avant
