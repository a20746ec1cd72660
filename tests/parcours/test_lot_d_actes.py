"""Trois cents notifications dans un vrai navigateur : composées, arrêtées en chemin, reprises, remises."""

import csv
import io
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.fabriques.grandeur import ACTES, QUI_SIGNE
from tests.parcours.conftest import Site
from tests.parcours.controles import verifier
from tests.parcours.test_actes import ICI, texte
from tests.parcours.test_espaces import entrer

GRAND_LOT = "from tests.fabriques.grand_lot import preparer; preparer()"
REGISTRE = f"{ICI}/actes/"
# Où l'on arrête, au moins : il reste alors de quoi reprendre.
AVANT_L_ARRET = 20


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui, où trois cents votes attendent leur acte."""
    regles = reglages | {"PARVIS_VAR": str(tmp_path_factory.mktemp("actes"))}
    neuf = Site(regles)
    commande = [sys.executable, "manage.py", "shell", "-v", "0", "-c", GRAND_LOT]
    subprocess.run(commande, env=regles, check=True)
    try:
        neuf.demarrer()
        yield neuf.adresse
    finally:
        neuf.arreter()


def frapper(page, bouton: str) -> None:
    """Choisit un bouton au clavier."""
    page.get_by_role("button", name=bouton).focus()
    page.keyboard.press("Enter")


def registre(page) -> dict[str, list[dict[str, str]]]:
    """Rend tous les actes du registre, par état, tels que le tableau CSV les emporte."""
    recu = page.request.get(f"{REGISTRE}registre.csv").body().decode("utf-8-sig")
    rendus: dict[str, list[dict[str, str]]] = {}
    for ligne in list(csv.DictReader(io.StringIO(recu), delimiter=";"))[:-1]:
        rendus.setdefault(ligne["État"], []).append(ligne)
    return rendus


def faits(page) -> int:
    return int(page.locator("#progression").get_attribute("value"))


def preparer_le_lot(page) -> None:
    page.goto(f"{ICI}/decisions/")
    page.get_by_role("link", name="Décision du conseil d’administration n° 300").click()
    page.get_by_role("link", name="Les actes de cette décision").click()
    frapper(page, "Préparer les actes cochés")
    page.get_by_text(f"{ACTES} actes préparés").wait_for()


def arreter_en_chemin(page) -> list[dict[str, str]]:
    """Arrête le lot une fois qu'il avance ; rend les actes déjà composés."""
    expect(page.locator("#progression")).to_have_attribute("max", str(ACTES), timeout=20_000)
    arreter = page.get_by_role("button", name="Arrêter")
    arreter.focus()
    vus = {faits(page)}
    while max(vus) < AVANT_L_ARRET:
        page.wait_for_timeout(200)
        vus.add(faits(page))
    assert len(vus) > 1
    # L'avancement se remplace sous nos yeux ; la main, elle, n'a pas bougé.
    expect(arreter).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Ce qui est composé le reste").wait_for()
    # La page se relit seule quand l'exécutant s'est arrêté.
    page.get_by_role("button", name="Reprendre la composition").wait_for(timeout=20_000)
    etats = registre(page)
    composes, restent = etats["À signer"], etats["En préparation"]
    assert AVANT_L_ARRET <= len(composes) < ACTES
    assert len(composes) + len(restent) == ACTES
    assert f"{len(restent)} actes attendent leur document" in texte(page)
    return composes


def reprendre(page) -> None:
    """Reprend le lot, en commençant autre chose : la fin ne l'emporte pas."""
    frapper(page, "Reprendre la composition")
    page.locator("#progression").wait_for()
    page.get_by_text("Noter la signature des actes cochés").click()
    page.get_by_label("Signé par").fill("Mme Claire Vasseur, par intérim")
    coche = page.get_by_label("Tous les actes de ce choix")
    coche.check()
    page.get_by_text("Les documents sont composés").wait_for(timeout=90_000)
    assert page.get_by_label("Signé par").input_value() == "Mme Claire Vasseur, par intérim"
    assert coche.is_checked()
    verifier(page, "le lot fini sous une saisie")
    page.get_by_role("link", name="Relire la page").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#composition")).to_have_count(0)


def avancer(page, repli: str, remplir, fait: str) -> None:
    """Mène un pas du circuit sur tout le registre, au clavier."""
    page.get_by_label("Tous les actes de ce choix").check()
    page.get_by_text(repli).focus()
    page.keyboard.press("Enter")
    remplir()
    page.get_by_text(fait).wait_for()


def test_trois_cents_notifications_arretees_puis_reprises(ouvrir):
    page = ouvrir("/compte/connexion/")
    entrer(page, QUI_SIGNE)
    preparer_le_lot(page)
    gardes = arreter_en_chemin(page)
    reprendre(page)
    etats = registre(page)
    assert list(etats) == ["À signer"]
    lot = etats["À signer"]
    annee = lot[0]["Exercice"]
    assert [un["Numéro"] for un in reversed(lot)] == [
        f"{annee}-{rang:03d}" for rang in range(1, ACTES + 1)
    ]
    assert len({un["Organisme"] for un in lot}) == ACTES
    assert all(un in lot for un in gardes)

    def signer() -> None:
        page.get_by_label("Signé le").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
        frapper(page, "Noter la signature")

    def remettre() -> None:
        page.get_by_label("Par la plateforme").check()
        frapper(page, "Noter la notification")

    avancer(page, "Noter la signature des actes cochés", signer, "l’argent est engagé")
    avancer(page, "Notifier les actes cochés", remettre, "La notification est notée")
    assert {etat: len(siens) for etat, siens in registre(page).items()} == {"Notifié": ACTES}
    verifier(page, "le lot remis")
    assert page.erreurs == []
