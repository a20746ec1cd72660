"""Le pilote demande le dossier d'une séance, le suit, l'annule, l'enregistre ; nul autre n'y entre."""

import pytest
from django.urls import reverse

from parvis.programmation import tasks  # noqa: F401 — inscrit la nature du travail
from parvis.travaux import actions as travaux
from parvis.travaux import execution
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.fabriques import seances
from tests.fabriques.comptes import envoi
from tests.fabriques.pdf import texte
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
PAGE, DEMANDER = "dossier_de_seance", "demander_le_dossier"
ANNULER, PRENDRE = "annuler_le_dossier", "prendre_le_dossier"


@decor
def tenue():
    return seances.seance()


def adresse(nom, tenue, contrat="tilleuls"):
    return reverse(f"pilotage:{nom}", args=(contrat, tenue.seance.pk))


@pytest.fixture
def client(tenue):
    return tenue.etude.ici.monde.client("pilote")


@pytest.fixture
def poster(tenue, client):
    def _poster(nom):
        return client.post(adresse(nom, tenue), envoi(tenue.pilote), follow=True)

    return _poster


def mener():
    execution.mener(str(Travail.objects.latest("demande_le").identifiant))


def test_demander_suivre_enregistrer(tenue, client, poster):
    page = lire(client.get(adresse(PAGE, tenue)))
    assert "Composer le dossier" in page and "1 dossier à l’ordre du jour" in page
    page = lire(poster(DEMANDER))
    assert "Le dossier attend son tour." in page and "<progress" in page
    assert f'href="{adresse(PAGE, tenue)}">Voir où il en est' in page
    mener()
    page = lire(client.get(adresse(PAGE, tenue)))
    assert "Il est prêt." in page and f'href="{adresse(PRENDRE, tenue)}"' in page
    reponse = client.get(adresse(PRENDRE, tenue))
    assert reponse.headers["Cache-Control"] == "private, no-store"
    assert "dossier-de-seance-comite-des-financeurs-" in reponse.headers["Content-Disposition"]
    assert "Leverger" in texte(reponse.content)


def test_le_fragment_suit_l_avancement_puis_relit_la_page(tenue, client, poster):
    poster(DEMANDER)
    travail = travaux.prendre(travail=Travail.objects.get(), executant="moi")
    travaux.avancer(travail=travail, executant="moi", fait=1)
    fragment = client.get(adresse(PAGE, tenue), headers={"HX-Request": "true"})
    assert "Le dossier se compose : 50 %." in lire(fragment)
    assert "<html" not in lire(fragment) and "HX-Refresh" not in fragment.headers
    travaux.echouer(travail=travail, executant="moi", erreur="Raté.")
    fini = client.get(adresse(PAGE, tenue), headers={"HX-Request": "true"})
    assert fini.headers["HX-Refresh"] == "true"
    page = lire(client.get(adresse(PAGE, tenue)))
    assert "n’a pas pu être composé" in page and "Composer de nouveau" in page


def test_annuler_puis_recommencer(tenue, client, poster):
    poster(DEMANDER)
    page = lire(poster(ANNULER))
    assert "Vous l’avez annulé : rien n’est gardé." in page
    assert client.get(adresse(PRENDRE, tenue)).status_code == 404
    assert "Le dossier attend son tour." in lire(poster(DEMANDER))


def test_rien_a_l_ordre_du_jour(tenue, client, poster):
    tenue.seance.points.all().delete()
    assert "Rien n’est encore à l’ordre du jour." in lire(client.get(adresse(PAGE, tenue)))
    assert "il n’y a pas de dossier de séance à composer" in lire(poster(DEMANDER))


@pytest.mark.parametrize("qui", ["voisine", "gestionnaire", "elu", "administrateur", "samia"])
def test_nul_autre_que_le_pilote_n_y_entre(tenue, poster, qui):
    poster(DEMANDER)
    mener()
    client = tenue.etude.ici.monde.client(qui)
    acteur = tenue.etude.ici.acteur(qui)
    for contrat in ("tilleuls", "voisin"):
        for nom in (PAGE, PRENDRE):
            assert client.get(adresse(nom, tenue, contrat)).status_code == 404
        for nom in (DEMANDER, ANNULER):
            reponse = client.post(adresse(nom, tenue, contrat), envoi(acteur))
            assert reponse.status_code == 404


def test_un_autre_pilote_du_meme_contrat_demande_le_sien(tenue, poster):
    poster(DEMANDER)
    mener()
    monde = tenue.etude.ici.monde
    monde.ajouter("paul", monde.agglo, "pilote", contrat="tilleuls")
    paul = monde.client("paul")
    assert "Composer le dossier" in lire(paul.get(adresse(PAGE, tenue)))
    assert paul.get(adresse(PRENDRE, tenue)).status_code == 404
