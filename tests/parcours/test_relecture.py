"""Relire un contrat déposé, dans un vrai navigateur : au clavier, sans JavaScript, à 320 px."""

import pytest
from playwright.sync_api import expect

from tests.cadre.importation.conftest import CONTRATS
from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

CADRE = f"{CONTRAT}/pilotage/cadre/"
DOCUMENT = CONTRATS / "pays-de-lorme.md"


def deposer(page, document=DOCUMENT) -> str:
    """Dépose un document et attend qu'il soit lu ; rend l'adresse de sa lecture."""
    page.goto(CADRE)
    page.set_input_files("input[type=file]", document)
    page.get_by_role("button", name="Lire ce document").click()
    page.wait_for_url("**/lectures/*/")
    lu = page.get_by_role("heading", name="Ce que Parvis a lu")
    for _ in range(40):
        if lu.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    lu.wait_for()
    return page.url


@pytest.fixture
def pilote(ouvrir):
    def ouvrir_en_pilote(largeur: int = 1280, javascript: bool = True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        if javascript:
            entrer(page, "Nathalie Kerbrat")
        else:
            page.locator("summary", has_text="Contrat").first.click() if page.locator(
                "summary", has_text="Contrat"
            ).count() else None
            page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
            page.get_by_role("button", name="Essayer comme Nathalie Kerbrat").click()
            page.wait_for_url("**/compte/")
        return page

    return ouvrir_en_pilote


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_de_la_relecture_se_lit_et_s_entend(pilote, largeur, tmp_path):
    page = pilote(largeur)
    lecture = deposer(page)
    chemins = (CADRE, lecture, f"{lecture}questions/", f"{lecture}en-regard/1.1.1/")
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(chemins)) == []


def nombre_de_questions(page) -> int:
    texte = page.locator("h1").inner_text()
    return int(texte.split()[0]) if texte[0].isdigit() else 0


def test_repondre_a_tout_au_clavier_puis_ecrire_le_brouillon(pilote):
    page = pilote()
    lecture = deposer(page, CONTRATS / "vallee-de-l-aubance.txt")
    page.goto(f"{lecture}questions/")
    restent = nombre_de_questions(page)
    assert restent > 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(
        "document.activeElement.closest('[data-question]') === "
        "document.querySelectorAll('[data-question]')[1]"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("e")
    page.keyboard.type(" bis")
    page.keyboard.press("Enter")
    questions = page.locator("[data-question]")
    expect(questions).to_have_count(restent - 1)
    for touche in "ra" + "a" * (restent - 3):
        restent = questions.count()
        page.keyboard.press(touche)
        expect(questions).to_have_count(restent - 1)
    page.get_by_text("Tout a une réponse").wait_for()
    page.goto(lecture)
    page.get_by_role("button", name="Écrire le brouillon").click()
    page.locator("summary", has_text="Publier cette édition").wait_for()
    verifier(page, "le brouillon")
    assert page.erreurs == []


def test_toucher_un_element_eclaire_sa_ligne(pilote):
    page = pilote()
    page.goto(f"{deposer(page)}en-regard/1.1.1/")
    page.get_by_role("link", name="CCAS").or_(
        page.get_by_role("link", name="Éducation nationale")
    ).first.click()
    eclairee = page.locator(".ligne:target")
    eclairee.wait_for()
    assert "Éducation nationale" in eclairee.inner_text()


def test_sans_javascript_on_depose_repond_et_ecrit(pilote):
    page = pilote(javascript=False)
    lecture = deposer(page, CONTRATS / "plan-d-actions-de-montclerc.csv")
    page.goto(f"{lecture}questions/")
    restent = page.locator("[data-question]").count()
    page.locator("[data-question]").first.get_by_role("button").first.click()
    assert page.locator("[data-question]").count() == restent - 1
    page.goto(lecture)
    page.get_by_role("button", name="Écrire le brouillon").click()
    page.locator("summary", has_text="Publier cette édition").wait_for()
