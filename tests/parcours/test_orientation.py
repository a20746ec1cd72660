"""« Que voulez-vous faire ? » dans un vrai navigateur : en tapant, au clavier, sans script, imprimé."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer

QUESTION = "une garderie le soir pour les mamans qui cherchent du taf"


@pytest.mark.parametrize("largeur", [1280, 320])
def test_les_pistes_viennent_en_tapant_et_s_annoncent(ouvrir, largeur):
    page = ouvrir(f"{CONTRAT}/", largeur)
    page.get_by_role("textbox", name="Que voulez-vous faire").press_sequentially(QUESTION, delay=5)
    piste = page.locator(".piste").first
    piste.wait_for()
    dit = " ".join(piste.inner_text().split())
    assert "2-3" in dit and "Vous écrivez « garderie »" in dit
    annonce = page.locator("#annonce-pistes")
    assert annonce.get_attribute("role") == "status"
    assert "La première" in annonce.inner_text()
    # La place du curseur n'a pas bougé : on continue d'écrire.
    assert page.evaluate("document.activeElement.id") == "demande-mots"
    verifier(page, "accueil, avec des pistes")
    # L'accueil reste l'accueil ; le bouton mène à une page qui a son adresse, et son retour.
    assert page.url.endswith(f"{CONTRAT}/")
    page.get_by_role("button", name="Trouver mes fiches").click()
    page.wait_for_url("**/orientation/?q=**")
    assert page.get_by_role("textbox", name="Que voulez-vous faire").input_value() == QUESTION
    page.locator(".piste").first.wait_for()
    page.get_by_role("textbox", name="Que voulez-vous faire").fill("un permis de conduire")
    page.wait_for_url("**q=un*permis**")
    page.get_by_text("2-2").first.wait_for()
    assert "un permis de conduire" in page.title()
    page.go_back()
    assert page.url.endswith(f"{CONTRAT}/")
    assert page.erreurs == []


def test_au_clavier_une_reponse_change_l_ordre_et_se_retire(ouvrir):
    page = ouvrir(f"{CONTRAT}/orientation/?q=apprendre+le+fran%C3%A7ais+pour+travailler")
    reponses = page.locator(".departage a")
    assert reponses.count() >= 2
    numeros = set()
    for rang in range(reponses.count()):
        reponses.nth(rang).press("Enter")
        page.get_by_label("Ce que vous avez précisé").wait_for()
        numeros.add(page.locator(".piste__numero").first.inner_text())
        page.get_by_role("link", name="Ne plus préciser").first.press("Enter")
        page.locator(".departage").wait_for()
    assert len(numeros) == reponses.count()
    assert page.erreurs == []


def test_sans_script_le_meme_formulaire_repond(ouvrir):
    page = ouvrir(f"{CONTRAT}/", javascript=False)
    page.get_by_role("textbox", name="Que voulez-vous faire").fill(QUESTION)
    page.get_by_role("button", name="Trouver mes fiches").click()
    assert page.locator(".piste__numero").first.inner_text() == "2-3"
    page.get_by_role("heading", name="En réunissant ces fiches").wait_for()


def test_un_choix_se_garde_dans_l_adresse(ouvrir):
    page = ouvrir(f"{CONTRAT}/orientation/?q=un+atelier+de+cuisine")
    page.get_by_text("Préciser où, pour qui").click()
    page.get_by_label("Pour qui", exact=True).select_option(label="Personnes âgées")
    page.wait_for_url("**public=seniors**")
    page.reload()
    assert page.get_by_label("Pour qui", exact=True).input_value() == "seniors"


def test_une_page_imprimee_garde_les_pistes_et_laisse_les_boutons(ouvrir):
    page = ouvrir(f"{CONTRAT}/orientation/?q=une+garderie+le+soir")
    page.emulate_media(media="print")
    page.locator(".piste").first.wait_for()
    assert not page.get_by_role("button", name="Trouver mes fiches").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("largeur", [1280, 320])
def test_la_pilote_ajoute_un_mot_et_en_voit_l_effet(ouvrir, largeur):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Nathalie Kerbrat")
    page.goto(f"{CONTRAT}/pilotage/mots/")
    mot = f"la Zimba{largeur}"
    page.get_by_label("Quand quelqu’un écrit").fill(mot)
    page.get_by_label("Il faut comprendre").fill("garde d'enfants")
    page.get_by_role("button", name="Voir ce qu’il changerait").click()
    page.get_by_text("Ce mot change la réponse.").wait_for()
    verifier(page, "effet d'un mot")
    page.get_by_role("button", name="Ajouter ce mot").click()
    page.get_by_text(f"« {mot} » est ajouté").wait_for()
    verifier(page, "mots")
    page.get_by_role("link", name=mot).click()
    assert page.locator(".piste__numero").first.inner_text() == "2-3"
    assert page.erreurs == []
