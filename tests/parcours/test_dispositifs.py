"""Vérifier les dispositifs d'un contrat, dans un vrai navigateur : au clavier, sans JavaScript, à 320 px."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

LISTE = f"{CONTRAT}/pilotage/dispositifs/"
A_VERIFIER = f"{LISTE}?etat=a_verifier"
PILOTE = "Nathalie Kerbrat"


def page_du_premier(page, adresse: str = A_VERIFIER) -> str:
    """Ouvre le premier dispositif d'une liste ; rend son adresse."""
    page.goto(adresse)
    page.locator(".lignes__titre a").first.click()
    page.get_by_role("heading", name="Ce que l’on en sait").wait_for()
    return page.url


def page_d_un_partenaire(page) -> str:
    page.goto(f"{CONTRAT}/pilotage/partenaires/")
    page.locator(".lignes__titre a").first.click()
    page.get_by_role("link", name="Corriger ce que l’on en sait").click()
    page.wait_for_url("**/modifier/")
    return page.url


def a_verifier(page) -> int:
    """Rend le nombre de dispositifs à vérifier, lu dans le filtre."""
    texte = page.locator("#filtre-etat option[value=a_verifier]").inner_text()
    return int(texte.partition("(")[2].rstrip(")"))


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, PILOTE)
    chemins = (A_VERIFIER, page_du_premier(page), page_d_un_partenaire(page))
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(chemins)) == []


def test_tout_se_fait_au_clavier(ouvrir):
    page = ouvrir("/compte/connexion/")
    entrer(page, PILOTE)
    page.goto(A_VERIFIER)
    restent = a_verifier(page)
    bouton = page.get_by_role("button", name="Rien n’a changé").first
    bouton.focus()
    page.keyboard.press("Enter")
    page.get_by_text("est vérifié aujourd’hui").wait_for()
    assert page.url.endswith("?etat=a_verifier")
    assert a_verifier(page) == restent - 1
    page_du_premier(page)
    # La longue liste des responsables se parcourt et se coche sans souris.
    cases = page.get_by_role("group", name="Qui le tient").get_by_role("checkbox")
    cases.last.focus()
    avant = cases.last.is_checked()
    page.keyboard.press("Space")
    assert cases.last.is_checked() is not avant
    page.get_by_label("Ce qui lui succède").focus()
    page.keyboard.type("Un autre dispositif")
    page.keyboard.press("Enter")
    page.get_by_text("dites aussi quand il a pris fin").wait_for()
    verifier(page, "le refus")
    assert page.get_by_label("Ce qui lui succède").input_value() == "Un autre dispositif"


def test_deux_pilotes_ecrivent_en_meme_temps(ouvrir):
    premier, second = ouvrir("/compte/connexion/"), ouvrir("/compte/connexion/", 320)
    entrer(premier, PILOTE)
    entrer(second, "Mehdi Aït Larbi")
    adresse = page_du_premier(premier, f"{LISTE}?q=citeslab")
    second.goto(adresse)
    premier.get_by_label("Ce que c’est").fill("Écrit par la première.")
    premier.get_by_role("button", name="Enregistrer").click()
    premier.get_by_text("C’est enregistré.").wait_for()
    second.get_by_label("Ce que c’est").fill("Écrit par le second.")
    second.get_by_role("button", name="Enregistrer").click()
    tableau = second.get_by_role("region", name="Les deux versions")
    tableau.wait_for()
    assert "Écrit par la première." in tableau.inner_text()
    assert second.get_by_label("Ce que c’est").input_value() == "Écrit par le second."
    verifier(second, "le conflit")
    second.get_by_role("button", name="Enregistrer").click()
    second.get_by_text("C’est enregistré.").wait_for()


def test_sans_javascript_on_corrige_et_on_verifie(ouvrir):
    page = ouvrir("/compte/connexion/", javascript=False)
    page.locator("summary", has_text="Contrat").first.click()
    page.get_by_role("button", name=f"Essayer comme {PILOTE}").click()
    page.wait_for_url("**/compte/")
    page_du_premier(page)
    page.get_by_label("A pris fin le").fill("2020-12-31")
    page.get_by_label("Ce qui lui succède").fill("Un autre dispositif")
    page.get_by_label("J’ai vérifié aujourd’hui").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    page.get_by_text("À jour").wait_for()
