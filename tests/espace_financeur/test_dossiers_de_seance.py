"""Un membre convoqué demande le dossier de sa séance : le sien, qui ne dit que ce qu'il lit."""

import pytest
from django.urls import reverse

from parvis.programmation import tasks  # noqa: F401 — inscrit la nature du travail
from parvis.travaux import execution
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.fabriques import instances, seances
from tests.fabriques.pdf import serre, texte
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
PAGE, DEMANDER = "dossier_de_seance", "demander_le_dossier"
ANNULER, PRENDRE = "annuler_le_dossier", "prendre_le_dossier"
AVIS, NOTE = "Le budget est à préciser", "Porteur fragile"


@decor
def tenue():
    """Ouvre une séance où siègent le service de la caisse et un habitant que nul ne consulte."""
    tenue = seances.seance()
    habitant = tenue.etude.ici.monde.acteurs["elu"]
    tenue.mandats["elu"] = instances.membre(tenue.pilote, tenue.instance, habitant)
    tenue.etude.rendre(tenue.samia, motif=AVIS, note_interne=NOTE)
    return tenue.ouvrir()


def prendre(tenue, qui) -> str:
    """Demande le dossier, le compose, et rend ce qu'il dit."""
    site = Site(tenue.etude, qui)
    assert site.post(DEMANDER, tenue.seance.pk).status_code == 302
    execution.mener(str(Travail.objects.latest("demande_le").identifiant))
    assert "Il est prêt." in lire(site.get(PAGE, tenue.seance.pk))
    return texte(site.get(PRENDRE, tenue.seance.pk).content)


def test_la_seance_y_mene(tenue):
    adresse = reverse(f"espace_financeur:{PAGE}", args=("tilleuls", tenue.seance.pk))
    assert adresse in lire(Site(tenue.etude, "elu").get("seance", tenue.seance.pk))


def test_chacun_n_y_lit_que_ce_qu_il_peut(tenue):
    du_service, de_l_habitant = prendre(tenue, "samia"), prendre(tenue, "elu")
    for dit in (du_service, de_l_habitant):
        assert serre("Le verger") in dit and serre(NOTE) not in dit
    assert serre(AVIS) in du_service and serre(AVIS) not in de_l_habitant


def test_il_s_annule_et_nul_autre_ne_le_prend(tenue):
    samia, elu = Site(tenue.etude, "samia"), Site(tenue.etude, "elu")
    samia.post(DEMANDER, tenue.seance.pk)
    assert "attend son tour" in lire(samia.get(PAGE, tenue.seance.pk))
    assert "Composer le dossier" in lire(elu.get(PAGE, tenue.seance.pk))
    samia.post(ANNULER, tenue.seance.pk)
    assert "Vous l’avez annulé" in lire(samia.get(PAGE, tenue.seance.pk))
    assert samia.get(PRENDRE, tenue.seance.pk).status_code == 404
    prendre(tenue, "samia")
    assert elu.get(PRENDRE, tenue.seance.pk).status_code == 404


def test_qui_ne_siege_pas_n_y_entre_pas(tenue):
    olga = Site(tenue.etude, "olga")
    for nom in (PAGE, PRENDRE):
        assert olga.get(nom, tenue.seance.pk).status_code == 404
    for nom in (DEMANDER, ANNULER):
        assert olga.post(nom, tenue.seance.pk).status_code == 404
