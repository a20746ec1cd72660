"""Noter un dossier dans un vrai navigateur : au clavier, sans JavaScript, à l'étroit."""

import re

import pytest

from tests.parcours.clavier import aller, choisir, ecrire
from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_instruction import (
    BAILLEUR,
    ETAT,
    RUE,
    TAMBOURS,
    TELEPHONE,
    comme,
    etudier,
)
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

__all__ = ["comme"]


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours notent des dossiers."""
    dossier = tmp_path_factory.mktemp("grille")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


def test_un_dossier_se_note_au_clavier_et_le_cofinanceur_n_en_lit_rien(comme):
    page = comme(ETAT, TELEPHONE)
    etudier(page, TAMBOURS)
    aller(page, "Changer les notes")
    verifier(page, "noter, au téléphone")
    choisir(page, "Pour l’essentiel", "Pleinement")
    ecrire(page, "Pourquoi : Ce que le projet apporte à sa fiche", "Bien dit.")
    aller(page, "Enregistrer la grille")
    page.get_by_text("La grille est enregistrée").wait_for()
    page.get_by_text("Grille : 63 sur 100, 4 critères sur 7 notés").click()
    page.get_by_text("Bien dit.").wait_for()
    verifier(page, "la grille remplie, au téléphone")
    autre = comme(BAILLEUR)
    etudier(autre, TAMBOURS)
    assert "Bien dit." not in autre.content() and "63 sur 100" not in autre.content()
    assert page.erreurs == autre.erreurs == []


def test_un_dossier_se_note_sans_javascript(comme):
    page = comme(ETAT, javascript=False)
    etudier(page, RUE)
    page.get_by_role("link", name="Changer les notes").click()
    page.get_by_role("radio", name="Solide").check()
    page.get_by_label("Pourquoi : La capacité de qui porte le projet").fill("Dix ans de métier.")
    page.get_by_role("button", name="Enregistrer la grille").click()
    page.get_by_text("La grille est enregistrée").wait_for()
    assert "Dix ans de métier." in page.content()


def test_les_pages_de_la_grille_se_lisent_et_s_entendent(comme, tmp_path):
    page = comme(ETAT)
    pages: dict[str, bytes] = {}

    def garder(nom):
        verifier(page, nom)
        pages[nom] = page.request.get(page.url).body()

    page.goto(f"{CONTRAT}/instruction/dossiers/?tri=note")
    garder("la file par note")
    etudier(page, TAMBOURS)
    garder("un dossier noté en partie")
    page.get_by_role("link", name="Changer les notes").click()
    garder("noter")
    pilote = comme("Nathalie Kerbrat", TELEPHONE)
    pilote.goto(f"{CONTRAT}/pilotage/appels/")
    pilote.get_by_role("link", name=re.compile("Appel à projets du contrat de ville")).first.click()
    pilote.get_by_role("link", name="Grille").click()
    verifier(pilote, "la grille d’un brouillon, au téléphone")
    pilote.get_by_role("link", name="La faisabilité").click()
    verifier(pilote, "un critère, au téléphone")
    if HTML_VALIDATE.exists():
        for rang, contenu in enumerate(pages.values()):
            (tmp_path / f"{rang}.html").write_bytes(contenu)
        assert fautes_de_html(tmp_path, list(pages)) == []
    assert page.erreurs == pilote.erreurs == []
