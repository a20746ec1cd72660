"""Les parcours d'un lecteur : trouver, filtrer, chercher, citer ; au clavier et sans JavaScript."""

import re

import pytest

from tests.parcours.conftest import CONTRAT


@pytest.mark.parametrize("javascript", [True, False])
def test_en_trois_clics_ce_que_la_caf_peut_financer_pour_les_jeunes_enfants(ouvrir, javascript):
    page = ouvrir(f"{CONTRAT}/", javascript=javascript)
    page.locator("main").get_by_role(
        "link", name=re.compile("allocations familiales")
    ).first.click()
    page.locator("main").get_by_role("link", name=re.compile("Petite enfance")).first.click()
    page.wait_for_url("**/fiches/?*")
    assert "financeur=caisse-d-allocations-familiales" in page.url
    assert "public=petite_enfance" in page.url
    page.locator("main").get_by_role("link", name=re.compile("modes d.accueil d.enfants")).click()
    page.wait_for_url("**/fiches/2-3/")
    assert "2-3" in page.locator("main").inner_text()


def test_la_racine_mene_au_contrat(ouvrir):
    page = ouvrir("/")
    assert page.url.endswith(f"{CONTRAT}/")


def test_les_filtres_changent_la_liste_et_l_adresse_sans_recharger(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/")
    page.evaluate("window.temoin = 1")
    page.get_by_label("Pilier").select_option("sante")
    page.wait_for_url("**pilier=sante**")
    page.get_by_text(re.compile(r"5\s+fiches")).first.wait_for()
    assert page.evaluate("window.temoin") == 1
    page.go_back()
    page.get_by_text(re.compile(r"43\s+fiches")).first.wait_for()


def test_les_filtres_marchent_sans_javascript(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/", javascript=False)
    page.get_by_label("Pilier").select_option("sante")
    page.get_by_role("button", name="Appliquer").click()
    assert "pilier=sante" in page.url
    assert re.search(r"5\s+fiches", page.locator("main").inner_text())


def test_la_recherche_tolere_les_fautes(ouvrir):
    page = ouvrir(f"{CONTRAT}/", javascript=False)
    champ = page.get_by_role("searchbox").first
    champ.fill("mediateque")
    champ.press("Enter")
    principal = page.locator("main").inner_text()
    assert "médiathèque" in principal
    assert "Médiathèques" in principal


def test_au_clavier_seul_on_atteint_le_contenu_et_une_fiche(ouvrir):
    page = ouvrir(f"{CONTRAT}/sommaire/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        cible = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if "/fiches/1-1/" in cible:
            break
    assert "/fiches/1-1/" in cible
    contour = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
    )
    assert contour
    page.keyboard.press("Enter")
    page.wait_for_url("**/fiches/1-1/")


def test_un_sigle_s_explique_sur_place_et_sans_javascript(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/7-1/")
    sigle = page.locator("a.sigle", has_text="PSL").first
    sigle.click()
    page.get_by_text("Plan stratégique local", exact=False).first.wait_for()
    assert page.url.endswith("/fiches/7-1/")
    page.keyboard.press("Escape")
    sans = ouvrir(f"{CONTRAT}/fiches/7-1/", javascript=False)
    sans.locator("a.sigle", has_text="PSL").first.click()
    assert "/lexique/#sigle-psl" in sans.url


def test_l_adresse_permanente_est_celle_que_l_on_cite(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/13-2/")
    assert "/editions/2015-06/fiches/13-2/" in page.locator("main").inner_text().replace("\n", "")


def test_une_fiche_s_imprime_sans_la_navigation(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/2-3/")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    page.locator("h1").wait_for()
    page.locator("h2", has_text="Qui peut financer").wait_for()


def test_un_dispositif_termine_dit_ce_qui_le_remplace(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/1-1/")
    assert "pris fin" in page.locator("main").inner_text().lower()


def test_l_enjeu_sans_fiche_renvoie_a_celles_qui_lui_repondent(ouvrir):
    page = ouvrir(f"{CONTRAT}/enjeux/16/")
    for numero in ("2-3", "5-1", "6-1", "15-1"):
        assert page.locator(f"main a[href$='/fiches/{numero}/']").count()


def test_les_cibles_sont_assez_grandes(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/", 320)
    petites = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=hidden]), nav a')]
            .filter(e => e.offsetParent && !e.closest('.hors-ecran'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, r]) => r.width && (r.height < 24 || r.width < 24))
            .map(([html]) => html)"""
    )
    assert petites == []
