"""Se parler d'un dossier, dans un vrai navigateur : un financeur demande, le porteur répond au téléphone."""

import re

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_instruction import etudier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

ETAT, CAISSE, PILOTE, PORTEUR = (
    *("Joséphine Mbemba", "Samir Oukaci", "Nathalie Kerbrat", "Dounia Rahmani"),
)
RUE, TAMBOURS = "La rue est à nous le samedi", "Les tambours de la dalle"
TELEPHONE = 320


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : on y pose des questions."""
    dossier = tmp_path_factory.mktemp("echanges")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


@pytest.fixture
def comme(ouvrir):
    def ouvrir_comme(qui: str, largeur: int = 1280, javascript: bool = True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        entrer(page, qui)
        return page

    return ouvrir_comme


def suites(page, titre: str) -> None:
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=titre))
    carte.get_by_role("link", name=re.compile("suites")).first.click()
    page.wait_for_url(re.compile(r"/suites/$"))


def test_un_financeur_demande_et_le_porteur_repond_au_telephone_sans_script(comme):
    page = comme(CAISSE)
    etudier(page, RUE)
    page.get_by_role("link", name="Poser une question").click()
    page.get_by_label("Votre question").fill("Qui ferme la rue le soir ?")
    page.get_by_role("button", name="Poser cette question").click()
    page.get_by_text("Choisissez à qui vous posez cette question.").first.wait_for()
    verifier(page, "une question refusée")
    page.get_by_label("Au porteur").check()
    page.get_by_label("Sur quoi").select_option("moyens:humains")
    page.get_by_role("button", name="Poser cette question").click()
    page.get_by_text("le porteur vient d’être prévenu").wait_for()
    verifier(page, "la question, chez le financeur")

    porteur = comme(PORTEUR, TELEPHONE, javascript=False)
    suites(porteur, RUE)
    question = porteur.get_by_role("listitem").filter(has_text="Qui ferme la rue le soir ?")
    question.get_by_label("Votre réponse").fill("…")
    question.get_by_role("button", name="Répondre").click()
    porteur.get_by_text("Écrivez votre réponse.").wait_for()
    porteur.get_by_label("Votre réponse").fill("Deux parents, à tour de rôle.")
    porteur.get_by_role("button", name="Répondre").click()
    porteur.get_by_text("Deux parents, à tour de rôle.").wait_for()
    # De ce que l'État et la caisse se disent, rien.
    contenu = porteur.content()
    assert "800 euros" not in contenu and "ntre services" not in contenu

    autre = comme(ETAT)
    etudier(autre, RUE)
    autre.get_by_text("Deux parents, à tour de rôle.").wait_for()
    # Un refus se dit à la console du navigateur : 422.
    erreurs = [*page.erreurs, *porteur.erreurs, *autre.erreurs]
    assert [erreur for erreur in erreurs if "422" not in erreur] == []


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_les_pages_se_lisent_et_s_entendent(comme, largeur, tmp_path):
    pages: dict[str, bytes] = {}

    def garder(page, nom):
        verifier(page, nom)
        pages[nom] = page.request.get(page.url).body()
        assert page.erreurs == []

    page = comme(ETAT, largeur)
    etudier(page, TAMBOURS)
    page.get_by_text(re.compile("En retard")).wait_for()
    garder(page, "une question en retard")
    page.get_by_role("link", name="Poser une question").click()
    garder(page, "poser une question")
    page = comme(PILOTE, largeur)
    page.goto(f"{CONTRAT}/pilotage/dossiers/?etat=recevable")
    page.get_by_role("link", name=RUE).click()
    page.get_by_role("heading", name="Entre services, sans le porteur").wait_for()
    page.get_by_text("Ajouter un mot").first.click()
    garder(page, "les échanges, au pilotage")
    page = comme("Prosper Malonda", largeur)
    suites(page, TAMBOURS)
    garder(page, "ce que les financeurs demandent")
    page.goto(page.locator("form[action*='/suites/questions/']").get_attribute("action"))
    garder(page, "répondre")
    if largeur == 1280 and HTML_VALIDATE.exists():
        for rang, contenu in enumerate(pages.values()):
            (tmp_path / f"{rang}.html").write_bytes(contenu)
        assert fautes_de_html(tmp_path, list(pages)) == []
