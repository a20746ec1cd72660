"""Comparer deux éditions dans un vrai navigateur : au clavier, sans JavaScript, à 320 px."""

import subprocess
import sys

import pytest

from tests.fabriques.avenants import ecrire_un_avenant
from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

AVENANT = "2021-03"
PAGES = (
    f"{CONTRAT}/editions/",
    f"{CONTRAT}/comparaison/",
    f"{CONTRAT}/comparaison/?avant={AVENANT}&apres=2015-06",
    f"{CONTRAT}/comparaison/?avant={AVENANT}&apres={AVENANT}",
    f"{CONTRAT}/comparaison/?ou=fiche-2-3#fiche-2-3",
    f"{CONTRAT}/fiches/1-1/",
)


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui, où le contrat livré a aussi un avenant."""
    dossier = tmp_path_factory.mktemp("avenant")
    reglages = reglages | {"PARVIS_VAR": str(dossier)}
    with _servir(reglages) as adresse:
        code = CONTRAT.strip("/")
        avenant = str(ecrire_un_avenant(dossier))
        for commande in (
            ["importer_cadre", avenant, "--contrat", code, "--ecrire"],
            ["publier_edition", code, AVENANT],
        ):
            subprocess.run(
                [sys.executable, "manage.py", *commande],
                env=reglages,
                check=True,
                capture_output=True,
            )
        yield adresse


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    for rang, chemin in enumerate(PAGES):
        page = ouvrir(chemin, largeur)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(chemin).body())
        assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(PAGES)) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_du_sommaire_a_la_difference_au_clavier(ouvrir, javascript):
    page = ouvrir(f"{CONTRAT}/editions/", javascript=javascript)
    page.get_by_role("link", name="Comparer avec la précédente").press("Enter")
    page.get_by_role("heading", name="Ce qui change d’une édition à l’autre").wait_for()
    fiche = page.locator("#fiche-1-1")
    assert fiche.locator("details").get_attribute("open") is not None
    assert fiche.locator("del").filter(has_text="Agglomération").count() == 1
    assert fiche.locator("ins").filter(has_text="Communes").count() == 1
    fiche.locator("summary").press("Enter")
    assert not fiche.get_by_text("Échelle").is_visible()
    fiche.locator("summary").press("Enter")
    fiche.get_by_text("Échelle").wait_for()
    page.get_by_role("link", name="Apprendre le français au travail").press("Enter")
    page.wait_for_url(f"**/editions/{AVENANT}/fiches/1-9/")


def test_choisir_deux_editions_change_l_adresse(ouvrir):
    page = ouvrir(f"{CONTRAT}/comparaison/", javascript=False)
    page.get_by_label("Avant").select_option(AVENANT)
    page.get_by_label("Après").select_option("2015-06")
    page.locator(".comparer").get_by_role("button", name="Comparer").press("Enter")
    page.wait_for_url(f"**/comparaison/?avant={AVENANT}&apres=2015-06")
    page.get_by_text("De l’édition de mars 2021 à l’édition de juin 2015").wait_for()


def test_une_fiche_mene_a_ce_qui_l_a_changee(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/1-1/", 320)
    page.locator(".bloc").get_by_role("link", name="Ce qui a changé").click()
    page.locator("#fiche-1-1 details[open]").wait_for()
    assert page.locator("#fiche-1-1").evaluate("e => e.getBoundingClientRect().top") < 900


def test_une_edition_introuvable_le_dit(ouvrir):
    page = ouvrir(f"{CONTRAT}/comparaison/?avant=1999-01", 320)
    page.get_by_text("Édition introuvable").wait_for()
    verifier(page, "introuvable")


@pytest.mark.parametrize("largeur", [1280, 320])
def test_la_pilote_lit_la_meme_comparaison(ouvrir, largeur):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Nathalie Kerbrat")
    page.goto(f"{CONTRAT}/pilotage/cadre/editions/{AVENANT}/")
    page.get_by_role("heading", name="Ce qui change depuis l’édition de juin 2015").wait_for()
    assert page.locator("#fiche-1-1 del").filter(has_text="Agglomération").count() == 1
    verifier(page, "une édition du pilotage")
    assert page.erreurs == []
