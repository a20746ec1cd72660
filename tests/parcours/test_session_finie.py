"""La session se perd entre deux frappes : ce qui était écrit arrive quand même, mot pour mot."""

import pytest

from tests.parcours.adresses_d_essai import CHAMPS
from tests.parcours.test_compte import code_recu

QUI = "awa.diarra@demonstration.example"
# Ce qu'un formulaire renvoyé pourrait abîmer.
DELICATS = [
    "\nune ligne vide d'abord",
    "deux\n\nparagraphes",
    "l'« été » à 50 % & <b>gras</b>",
    '"guillemets" et \\ barre',
    "é̂ composé, 👩🏽‍🌾 et ﬁn",
    "  espaces autour  ",
    "</textarea><script>alert(1)</script>",
]


def textes(feuille: str) -> dict[str, str]:
    return {
        nom: f"{DELICATS[rang % len(DELICATS)]} {feuille} {rang}" for rang, nom in enumerate(CHAMPS)
    }


def entrer(page) -> None:
    page.get_by_label("Adresse de courriel").first.fill(QUI)
    page.get_by_role("button", name="Recevoir un code par courriel").click()
    page.get_by_label("Code").fill(code_recu(page, QUI))
    page.get_by_role("button", name="Continuer").click()


def essayer(page) -> None:
    """Entre d'un geste : on ne demande pas plus de trois codes par minute pour une adresse."""
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Awa Diarra").click()


def lus(page) -> dict[str, str]:
    return {nom: page.locator(f"#{nom}").input_value() for nom in CHAMPS}


@pytest.fixture
def deux_navigateurs(navigateur, site_d_essai):
    """Rend deux navigateurs séparés : l'un avec JavaScript, l'autre sans."""
    contextes = [
        navigateur.new_context(base_url=site_d_essai, locale="fr-FR", java_script_enabled=avec)
        for avec in (True, False)
    ]
    yield [contexte.new_page() for contexte in contextes]
    for contexte in contextes:
        contexte.close()


def test_cinquante_champs_deux_navigateurs_et_le_temoin_perdu(deux_navigateurs):
    for rang, page in enumerate(deux_navigateurs):
        page.goto(f"/essai/feuille-{rang}/")
        essayer(page)
        page.wait_for_url(f"**/essai/feuille-{rang}/")
    # Les deux écrivent en même temps ; le témoin de session disparaît au milieu d'un mot.
    for rang, page in enumerate(deux_navigateurs):
        for place, (nom, texte) in enumerate(textes(f"f{rang}").items()):
            champ = page.locator(f"#{nom}")
            if place == 25:
                champ.fill(texte[:-1])
                page.context.clear_cookies()
                champ.press("End")
                champ.press("Control+End")
                champ.press_sequentially(texte[-1])
            else:
                champ.fill(texte)
    for page in deux_navigateurs:
        page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_url("**/compte/connexion/**")
    for rang, page in enumerate(deux_navigateurs):
        entrer(page)
        if rang == 1:
            page.get_by_role("button", name="Envoyer maintenant").click()
        page.wait_for_url(f"**/essai/feuille-{rang}/")
    for rang, page in enumerate(deux_navigateurs):
        assert lus(page) == textes(f"f{rang}")
        page.goto("/compte/")
        assert page.get_by_text("Un texte vous attend").count() == 0
