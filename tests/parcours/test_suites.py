"""Recevoir un dossier, et y répondre : le pilote au bureau, la bénévole au téléphone."""

import re

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PILOTE, BENEVOLE = "Nathalie Kerbrat", "Patricia Gomes-Faye"
A_EXAMINER = "Essayer un métier"
TELEPHONE = 320


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours tranchent des dossiers."""
    dossier = tmp_path_factory.mktemp("suites")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


@pytest.fixture
def comme(ouvrir):
    def ouvrir_comme(qui: str, largeur: int = 1280):
        page = ouvrir("/compte/connexion/", largeur)
        entrer(page, qui)
        return page

    return ouvrir_comme


def dossier_du_pilote(page, titre: str) -> None:
    page.goto(f"{CONTRAT}/pilotage/dossiers/")
    page.get_by_role("link", name=titre).click()
    page.wait_for_url(re.compile(r"/pilotage/dossiers/\d+/$"))


def suites_du_porteur(page, titre: str) -> None:
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=titre))
    carte.get_by_role("link", name=re.compile("complément|suites")).first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/suites/$"))


def test_un_complement_demande_repondu_au_telephone_puis_accepte(comme):
    pilote = comme(PILOTE)
    dossier_du_pilote(pilote, A_EXAMINER)
    pilote.get_by_role("link", name="Demander un complément").click()
    pilote.get_by_label("Ce qui est à compléter").select_option(label="Le calendrier")
    pilote.get_by_label("Ce que vous demandez").fill("Dites les jours et les heures des essais.")
    pilote.get_by_role("button", name="Demander ce complément").click()
    pilote.get_by_text("Le complément est demandé").wait_for()
    verifier(pilote, "le dossier à compléter")

    benevole = comme(BENEVOLE, TELEPHONE)
    suites_du_porteur(benevole, A_EXAMINER)
    verifier(benevole, "ce qui est à compléter, au téléphone")
    benevole.get_by_role("link", name=re.compile("Compléter « Le calendrier »")).click()
    benevole.get_by_label("Jours et heures").fill("Le mercredi, de 9 h à 12 h.")
    benevole.get_by_role("button", name="Enregistrer").click()
    benevole.get_by_text("Enregistré à").first.wait_for()
    # Rien n'en paraît encore au pilote.
    pilote.reload()
    assert "Le mercredi, de 9 h à 12 h." not in pilote.content()
    suites_du_porteur(benevole, A_EXAMINER)
    benevole.get_by_label(re.compile("Un mot avec votre réponse")).fill("C’est dit.")
    benevole.get_by_role("button", name="Renvoyer le dossier complété").click()
    benevole.get_by_text("Votre dossier est complété").wait_for()
    verifier(benevole, "le dossier rendu, au téléphone")

    pilote.reload()
    pilote.get_by_text("Ce qui a changé depuis la version 1").wait_for()
    assert pilote.locator("ins", has_text="mercredi").count() == 1
    pilote.get_by_role("link", name="Dire ce qu’il devient").click()
    pilote.get_by_role("radio", name=re.compile("^Recevable")).check()
    pilote.get_by_role("button", name="Le dire au porteur").click()
    pilote.get_by_text("C’est dit : recevable").wait_for()
    verifier(pilote, "le dossier recevable")

    benevole.reload()
    benevole.get_by_text("Ce n’est pas encore un accord").wait_for()
    assert pilote.erreurs == benevole.erreurs == []


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_les_pages_du_pilote_se_lisent_et_s_entendent(comme, largeur, tmp_path):
    page = comme(PILOTE, largeur)
    pages: dict[str, bytes] = {}

    def garder(nom):
        verifier(page, nom)
        pages[nom] = page.request.get(page.url).body()

    page.goto(f"{CONTRAT}/pilotage/dossiers/")
    garder("la file")
    for titre in ("Les contes du palier", "La fanfare des cours"):
        dossier_du_pilote(page, titre)
        garder(titre)
    for suite in ("completer", "decider"):
        dossier_du_pilote(page, "La table du mardi")
        page.goto(f"{page.url}{suite}/")
        garder(suite)
    if largeur == 1280 and HTML_VALIDATE.exists():
        for rang, contenu in enumerate(pages.values()):
            (tmp_path / f"{rang}.html").write_bytes(contenu)
        assert fautes_de_html(tmp_path, list(pages)) == []
    assert page.erreurs == []


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_le_suivi_se_lit_et_le_lien_s_ouvre_sans_compte(comme, ouvrir, largeur):
    page = comme("Awa Diarra", largeur)
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="Les contes du palier")
    )
    carte.locator("a[href*='/projets/']").first.click()
    page.get_by_role("link", name=re.compile("Suivre l’argent")).click()
    verifier(page, "le suivi")
    page.get_by_label("Pour qui").fill(f"La trésorière, {largeur}")
    page.get_by_role("button", name="Créer un lien").click()
    lien = page.locator(".lien-neuf").inner_text()
    lecture = ouvrir(lien[lien.index("/lecture/") :], largeur)
    verifier(lecture, "la lecture")
    assert "Awa Diarra" not in lecture.content()
    assert lecture.erreurs == []
