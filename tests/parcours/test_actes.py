"""Un service écrit ses mentions, prépare, signe et remet ses actes ; le porteur lit le sien."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

ICI = f"{CONTRAT}/instruction"


def texte(page) -> str:
    """Rend ce que dit la page, espaces insécables compris."""
    lu = page.locator("main").inner_text()
    return lu.replace("\xa0", " ").replace("\u202f", " ")


def la_decision(page) -> str:
    """Rend l'adresse de la seule décision publiée du service."""
    page.goto(f"{ICI}/decisions/")
    page.get_by_role("link", name="Décision du conseil d’administration n° 31").click()
    return page.url


def test_du_vote_a_la_remise_au_clavier(ouvrir):
    page = ouvrir("/compte/connexion/")
    entrer(page, "Olivier Pham")
    page.goto(f"{ICI}/actes/modeles/mentions/")
    page.get_by_label("Qui signe").fill("Mme Régine Duval")
    page.get_by_label("À quel titre").fill("directrice générale")
    page.get_by_label("Acompte, en pour cent").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    page.get_by_text("Vos prochains actes porteront ces mentions.").wait_for()
    la_decision(page)
    page.get_by_role("link", name="Les actes de cette décision").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Actes à prendre").wait_for()
    assert "Le seuil n’est pas dépassé" in texte(page)
    page.get_by_role("button", name="Préparer les actes cochés").focus()
    page.keyboard.press("Enter")
    # La page se recharge quand le dernier document est composé.
    acte = page.get_by_role("link", name="Lettre de notification n°").first
    acte.wait_for()
    page.locator("tbody .etat", has_text="À signer").wait_for(timeout=60_000)
    acte.click()
    assert "après l’acceptation du compte rendu financier" in texte(page)
    with page.expect_download() as recu:
        page.get_by_role("link", name="Le document (PDF").click()
    assert recu.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Noter la signature").click()
    page.get_by_label("Signé le").fill("2020-01-01")
    page.get_by_label("Signé par").press("Enter")
    refus = page.get_by_role("alert").inner_text().replace("\xa0", " ")
    assert "d’avant la décision" in refus
    page.get_by_label("Signé le").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_label("Signé par").press("Enter")
    page.get_by_text("l’argent est engagé").first.wait_for()
    page.get_by_role("link", name="Noter la notification").click()
    page.get_by_label("Par la plateforme").check()
    page.get_by_label("Par la plateforme").press("Enter")
    page.get_by_text("La notification est notée").wait_for()


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_ecran_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Joséphine Mbemba")
    page.goto(f"{ICI}/actes/?etat=a_signer")
    page.get_by_role("link", name="Arrêté attributif n°").first.click()
    un = page.url
    page.goto(f"{ICI}/decisions/")
    page.get_by_role("link", name="Arrêté n° 0417").click()
    decision = page.url
    ecrans = (
        f"{ICI}/actes/",
        un,
        f"{un}texte/",
        f"{un}signer/",
        f"{un}annuler/",
        f"{ICI}/actes/modeles/",
        f"{ICI}/actes/modeles/convention/",
        f"{ICI}/actes/modeles/mentions/",
        f"{decision}actes/",
    )
    for rang, chemin in enumerate(ecrans):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    page.goto(f"{ICI}/actes/")
    page.get_by_text("Notifier les actes cochés").click()
    page.get_by_role("button", name="Noter la notification").click()
    page.get_by_role("alert").wait_for()
    verifier(page, "une notification refusée")
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(ecrans)) == []


def test_un_texte_s_ecrit_et_se_publie_sans_javascript(ouvrir):
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Moussa Girard-Kanouté").click()
    page.goto(f"{ICI}/actes/modeles/refus/")
    ecrit = page.get_by_label("Texte", exact=True)
    fourni = ecrit.input_value()
    ecrit.fill("Nous ne pouvons pas soutenir {projets}.")
    page.get_by_role("button", name="Publier ce texte").click()
    refus = page.get_by_role("alert").inner_text()
    assert "{motif}" in refus
    assert "{tribunal}" in refus
    assert ecrit.input_value() == "Nous ne pouvons pas soutenir {projets}."
    ecrit.fill(f"{fourni}\n\nLe Département vous remercie de votre engagement.")
    with page.expect_download() as recu:
        page.get_by_role("button", name="Voir l’aperçu (PDF)").click()
    assert recu.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Publier ce texte").click()
    assert "Version 1" in texte(page)


def test_le_porteur_lit_l_acte_qui_lui_est_notifie(ouvrir):
    page = ouvrir("/compte/connexion/", 320)
    entrer(page, "Moussa Girard-Kanouté")
    page.goto(f"{ICI}/actes/?etat=notifie&sorte=convention")
    assert "Santé en chemin" in texte(page)
    page.get_by_role("link", name="Convention n°").first.click()
    raison = texte(page)
    assert "20 000 € par ailleurs" in raison
    assert "soit 24 000 €" in raison
