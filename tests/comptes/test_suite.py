"""Chercher son organisme au milieu d'autre chose, puis y revenir."""

import html
from urllib.parse import quote

import pytest

from parvis.comptes.models import Rattachement
from tests.fabriques.comptes import envoi

pytestmark = pytest.mark.django_db
SUITE = "/tilleuls/projets/nouveau/?appel=un-appel&fiche=1-1"
ICI = f"suite={quote(SUITE, safe='/')}"


@pytest.fixture
def inscrit(lieux):
    return lieux.client("inscrit")


def test_la_recherche_garde_la_suite_jusqu_a_la_demande(inscrit, lieux):
    page = html.unescape(inscrit.get(f"/organismes/?{ICI}&q=verger").text)
    rejoindre = f"/organismes/{lieux.verger.pk}/rejoindre/?{ICI}"
    assert f'name="suite" value="{SUITE}"' in page
    assert rejoindre in page and f"&{ICI}" in page
    champs = envoi(lieux.acteurs["inscrit"], role="contributeur", message="Je suis bénévole.")
    reponse = inscrit.post(rejoindre, champs)
    demande = Rattachement.objects.get(utilisateur=lieux.acteurs["inscrit"].utilisateur)
    assert reponse["Location"].startswith(f"/compte/demandes/{demande.pk}/?suite=")
    page = html.unescape(inscrit.get(reponse["Location"]).text)
    assert f'href="{SUITE}"' in page and "Revenir à ce que vous faisiez" in page


def test_la_page_creee_ramene_d_ou_l_on_venait(inscrit, lieux):
    champs = envoi(lieux.acteurs["inscrit"], nom="Le Four commun", nature="association")
    assert inscrit.post(f"/organismes/nouveau/?{ICI}", champs)["Location"] == SUITE


@pytest.mark.parametrize(
    "ailleurs", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"]
)
def test_une_suite_hors_du_site_est_ignoree(inscrit, lieux, ailleurs):
    page = inscrit.get("/organismes/", {"q": "verger", "suite": ailleurs}).text
    assert "ailleurs" not in page and "javascript" not in page.replace("text/javascript", "")
    champs = envoi(lieux.acteurs["inscrit"], nom="Le Four commun", nature="association")
    reponse = inscrit.post(f"/organismes/nouveau/?suite={quote(ailleurs)}", champs)
    assert reponse["Location"].startswith("/organismes/")
