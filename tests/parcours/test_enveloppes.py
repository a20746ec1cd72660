"""Un service tient ses enveloppes, sans JavaScript puis au clavier ; chaque écran se lit et s'entend."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import CAMPAGNE, HTML_VALIDATE, fautes_de_html

ICI = f"{CONTRAT}/enveloppes"


def creer(page, adresse: str, ligne: str, montant: str, etiquette: str) -> str:
    """Crée une enveloppe par son formulaire ; rend l'adresse de sa page."""
    page.goto(adresse)
    page.get_by_label("Ligne de crédit ou dispositif").fill(ligne)
    page.get_by_label(etiquette).fill(montant)
    page.get_by_role("button", name="Créer").click()
    page.get_by_role("heading", name=ligne).wait_for()
    return page.url


def test_creer_se_tromper_deleguer_reporter_sans_javascript(ouvrir, tmp_path):
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Moussa Girard-Kanouté").click()
    page.get_by_role("link", name="Ce que votre service peut donner").click()
    page.goto(f"{ICI}/?exercice={CAMPAGNE + 2}")
    assert "Pas encore d’enveloppe" in page.locator("main").inner_text()
    page.get_by_role("link", name="Créer une enveloppe").click()
    assert page.get_by_label("Exercice").input_value() == str(CAMPAGNE + 2)
    mere = creer(page, page.url, "Insertion", "20 000", "Montant de départ")
    page.get_by_role("link", name="Créer une sous-enveloppe").click()
    fille = creer(page, page.url, "Chantiers jeunes", "5 000", "Montant délégué")

    page.goto(f"{mere}doter/")
    page.get_by_label("Retirer de l’enveloppe").check()
    page.get_by_label("Montant").fill("16 000")
    page.get_by_role("button", name="Noter ce mouvement").click()
    refus = page.get_by_role("alert").inner_text().replace("\xa0", " ")
    assert "Dites pourquoi l’enveloppe diminue." in refus
    assert "il n’en reste que 15 000 €" in refus
    assert page.get_by_label("Montant").input_value() == "16 000"
    page.get_by_label("Montant").fill("1 000")
    page.get_by_label("Acte ou motif").fill("Gel des crédits")
    page.get_by_role("button", name="Noter ce mouvement").click()
    assert "14 000" in page.locator(".reste").first.inner_text().replace("\xa0", " ")
    page.goto(fille)
    assert "Sous-enveloppe prise sur Insertion" in page.locator(".surtitre").inner_text()


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_ecran_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Samir Oukaci")
    annee = f"{ICI}/nouvelle/?exercice={CAMPAGNE}"
    ligne = f"Parentalité {largeur}"
    mere = creer(page, annee, ligne, "60 000", "Montant de départ")
    page.get_by_role("link", name="Créer une sous-enveloppe").click()
    creer(page, page.url, f"Part {largeur}", "100", "Montant délégué")
    demandes = f"{ICI}/demandes/{CAMPAGNE}/"
    page.goto(demandes)
    verifier(page, "les demandes sans enveloppe")
    page.get_by_role("link", name="Choisir l’enveloppe").first.click()
    verifier(page, "choisir l’enveloppe")
    choix = page.url
    page.get_by_label(ligne).check()
    page.get_by_role("button", name="Enregistrer ce choix").click()
    page.get_by_text("La demande se prendra sur").wait_for()
    assert page.get_by_role("link", name="Changer l’enveloppe").count() == 1
    verifier(page, "une enveloppe et sa demande")
    page.goto(choix)
    page.get_by_label("Aucune enveloppe").check()
    page.get_by_role("button", name="Enregistrer ce choix").click()
    page.get_by_text("ne se prend plus").wait_for()
    ecrans = (
        f"{ICI}/?exercice={CAMPAGNE}",
        demandes,
        mere,
        f"{mere}doter/",
        f"{mere}deleguer/",
        f"{mere}reporter/",
        f"{ICI}/nouvelle/",
    )
    for rang, chemin in enumerate(ecrans):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(ecrans)) == []


def test_doter_au_clavier(ouvrir):
    page = ouvrir("/compte/connexion/")
    entrer(page, "Hélène Da Silva Rocha")
    une = creer(page, f"{ICI}/nouvelle/", "Soutien aux quartiers", "1 000", "Montant de départ")
    page.goto(f"{une}doter/")
    page.get_by_label("Ajouter à l’enveloppe").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("250,50")
    page.keyboard.press("Enter")
    page.get_by_text("Le mouvement est noté.").wait_for()
    assert "1 250,50" in page.locator(".reste").first.inner_text().replace("\xa0", " ")
