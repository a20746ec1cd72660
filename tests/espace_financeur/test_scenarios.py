"""Les scénarios à l'écran d'un service : en faire, les comparer, en appliquer un."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.programmation.models import Scenario
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.fabriques import instruction
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
REGLE = {
    "nom": "Moitié pour tous",
    "partage": "taux",
    "taux": "50",
    "priorite": "avis",
    "arrondi": "100",
}


@decor
def etude():
    return instruction.etude()


@pytest.fixture
def site(etude):
    return Site(etude, "samia")


def faire(site, etude, **autres):
    champs = REGLE | {"exercice": str(etude.dossier.exercice)} | autres
    return site.post("faire_un_scenario", **champs)


def test_du_tableau_au_scenario_applique(etude, site):
    assert "Essayer des scénarios" in lire(site.get("programmation"))
    assert "Faites-en deux ou trois" in lire(site.get("scenarios"))
    faire(site, etude)
    faire(site, etude, nom="Tout au premier", partage="ordre", taux="", total="300")
    page = lire(site.get("scenarios", exercice=etude.dossier.exercice))
    assert (
        "Moitié pour tous" in page and "Tout au premier" in page and "Proposé aujourd’hui" in page
    )
    moitie = Scenario.objects.get(nom="Moitié pour tous")
    voulu = moitie.lignes.get().montant
    assert "1 montant proposé par votre service changera" in lire(
        site.get("appliquer_le_scenario", moitie.pk)
    )
    site.post("appliquer_le_scenario", moitie.pk)
    assert etude.demande(etude.samia).montant_propose == voulu
    assert "Appliqué le" in lire(site.get("scenarios"))
    assert site.post("appliquer_le_scenario", moitie.pk).status_code == 422
    site.post("jeter_le_scenario", moitie.pk)
    assert Scenario.objects.count() == 1


def test_ce_qui_est_faux_revient_ecrit(etude, site):
    page = faire(site, etude, partage="egal", total="")
    assert page.status_code == 422 and "Écrivez la somme à partager." in lire(page)
    page = faire(site, etude, taux="150")
    assert page.status_code == 422 and 'value="150"' in lire(page)
    page = faire(site, etude, exercice="2001")
    assert page.status_code == 422 and "n’attend votre proposition" in lire(page)
    assert not Scenario.objects.exists()


def test_le_scenario_d_un_autre_n_existe_pas(etude, site):
    faire(site, etude)
    autre, pk = Site(etude, "olga"), Scenario.objects.get().pk
    assert "Moitié" not in lire(autre.get("scenarios"))
    assert autre.get("appliquer_le_scenario", pk).status_code == 404
    assert autre.post("jeter_le_scenario", pk).status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_des_scenarios(etude, site):
    comptes = []
    for nom in ("A", "B", "C", "D"):
        faire(site, etude, nom=nom)
        with CaptureQueriesContext(connection) as requetes:
            site.get("scenarios", exercice=etude.dossier.exercice)
        comptes.append(len(requetes))
    assert comptes[1] == comptes[3] <= 45
