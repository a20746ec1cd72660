"""La couverture d'un contrat : chaque page se lit et s'entend, au clavier, sans JavaScript."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

ICI = f"{CONTRAT}/pilotage/couverture"
PAGES = ("", "lieux/", "publics/", "droit-commun/", "sujets/", "../tableau-de-bord/")


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_de_la_couverture_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Nathalie Kerbrat")
    for rang, suite in enumerate(PAGES):
        page.goto(f"{ICI}/{suite}")
        for repli in page.locator("main details > summary").all()[:3]:
            repli.click()
        verifier(page, suite or "les fiches")
        (tmp_path / f"{rang:02}.html").write_text(page.content(), encoding="utf-8")
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(PAGES)) == []


def test_du_trou_au_dossier_qui_attend_sans_javascript(ouvrir):
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Nathalie Kerbrat").click()
    page.goto(f"{CONTRAT}/pilotage/")
    page.get_by_role("link", name="Couverture", exact=True).click()
    assert "sans projet soutenu" in page.locator("main").inner_text()
    page.get_by_role("link", name="Quartiers", exact=True).last.click()
    page.get_by_role("heading", name="Où se passent les projets").wait_for()
    page.get_by_role("link", name="Gagarine").first.click()
    page.get_by_role("heading", name="Programmation").wait_for()
    assert "La cuisine de Gagarine" in page.locator("main").inner_text()


def test_un_tableau_large_se_parcourt_au_clavier(ouvrir):
    page = ouvrir("/compte/connexion/")
    entrer(page, "Nathalie Kerbrat")
    page.goto(f"{ICI}/publics/")
    cadre = page.get_by_role("region", name="Tableau : Publics et fiches")
    cadre.focus()
    depart = cadre.evaluate("cadre => cadre.scrollTop")
    page.keyboard.press("PageDown")
    page.wait_for_function("cadre => cadre.scrollTop > 0", arg=cadre.element_handle())
    assert depart == 0
