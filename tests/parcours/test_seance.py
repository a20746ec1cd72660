"""Une grande séance dans un vrai navigateur : préparée, tenue au clavier, publiée, puis votée."""

import subprocess
import sys
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.fabriques.grandeur import DEMANDES, DOSSIERS, VOTANTS
from tests.parcours.conftest import CONTRAT, Site
from tests.parcours.controles import verifier

GRANDE = "from tests.fabriques.grande_seance import preparer; preparer()"
INSTANCES = f"{CONTRAT}/pilotage/instances/"
# La dernière lettre, la dernière demande : au plus trois touches chacune.
TOUCHES_AU_PLUS = 3


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui, où la grande séance peut se tenir."""
    regles = reglages | {"PARVIS_VAR": str(tmp_path_factory.mktemp("seance"))}
    neuf = Site(regles)
    commande = [sys.executable, "manage.py", "shell", "-v", "0", "-c", GRANDE]
    subprocess.run(commande, env=regles, check=True)
    try:
        neuf.demarrer()
        yield neuf.adresse
    finally:
        neuf.arreter()


@pytest.fixture
def comme(ouvrir):
    def ouvrir_en(qui, chemin, largeur=1280, javascript=True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
        page.get_by_role("button", name=f"Essayer comme {qui}").click()
        page.wait_for_url("**/compte/")
        page.goto(chemin)
        return page

    return ouvrir_en


def euros(texte: str) -> int:
    return int("".join(signe for signe in texte if signe.isdigit()))


def preparer(page) -> str:
    """Prépare la séance : l'ordre du jour, un apport, les présences ; rend son adresse."""
    page.get_by_role("link", name="Comité de la grande séance").click()
    page.get_by_role("link", name="La grande séance").click()
    # La page propose l'exercice de l'appel en cours ; cette séance arbitre celui de l'an dernier.
    page.get_by_label("Exercice à arbitrer").fill(str(date.today().year - 1))
    page.get_by_role("button", name="Préparer la séance").click()
    page.get_by_role("button", name=f"Y mettre les {DOSSIERS} dossiers").click()
    expect(page.locator(".message")).to_contain_text(f"{DOSSIERS} dossiers de plus")
    verifier(page, "la préparation")
    adresse = page.url.partition("#")[0]
    page.get_by_text("Noter ce qu’un financeur apporte").click()
    apport = page.locator("form.apport").first
    apport.get_by_label("Apporte à la séance").fill("90 000")
    apport.get_by_role("button").click()
    page.get_by_role("link", name="Noter les présences").click()
    for present in page.get_by_label("Présent", exact=True).all():
        present.check()
    page.get_by_role("button", name="Noter les présences").click()
    page.get_by_text("Les présences sont notées").wait_for()
    page.goto(adresse)
    page.get_by_role("button", name="Ouvrir la séance").click()
    page.wait_for_url("**/ecran/")
    return adresse


def arbitrer(page, touches: str) -> int:
    """Frappe ces touches, puis Entrée ; rend combien la main en a frappé."""
    for touche in touches:
        page.keyboard.press(touche)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return len(touches) + 1


def restent(page) -> int:
    dit = page.locator(".ecran__avancee strong").inner_text()
    return 0 if dit == "Tout est arbitré" else euros(dit.split("demande")[0])


def tenir(page) -> None:
    """Arbitre toute la séance au clavier, sans jamais toucher la souris."""
    verifier(page, "l’écran de séance")
    taille = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.ecran')).fontSize)"
    )
    assert taille >= 28
    rang = 0
    while restent(page):
        rang += 1
        assert rang <= DEMANDES + 5, "La séance n'avance plus."
        avant = restent(page)
        touches = "r2" if rang % 9 == 0 else "j1" if rang % 14 == 0 else "a"
        if touches == "a" and not page.locator("[name=montant]").input_value():
            # L'apport de ce financeur est épuisé : rien n'est écrit d'avance, on refuse.
            touches = "r5"
        assert arbitrer(page, touches) <= TOUCHES_AU_PLUS
        assert restent(page) == avant - 1
        if rang == 20:
            with page.expect_navigation():
                page.keyboard.press("ControlOrMeta+z")
            assert restent(page) == avant
        # L'argent de chacun est toujours à l'écran.
        if rang % 25 == 0:
            assert page.locator(".ecran__bas .table").count() == len(VOTANTS)
            expect(page.locator(".ecran__bas")).to_be_in_viewport()


def voter(comme, qui: str, exercice: int) -> str:
    """Prépare la décision d'un financeur depuis la séance, et la publie ; rend ce qu'elle accorde."""
    page = comme(qui, f"{CONTRAT}/instruction/decisions/nouvelle/")
    page.get_by_label("Exercice").fill(str(exercice))
    page.get_by_label("Sorte d’acte").select_option("deliberation")
    page.get_by_label("Prise le").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_label("Numéro").fill(f"G-{VOTANTS.index(qui)}")
    page.locator("form.formulaire button[type=submit]").click()
    page.get_by_role("button", name="Reprendre ce que la séance propose").click()
    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".etat--fait").first).to_have_text("Publiée")
    page.goto(f"{CONTRAT}/enveloppes/?exercice={exercice}")
    enveloppe = page.locator("tbody tr", has_text="Grande séance")
    return enveloppe.locator("[data-nom='Voté']").inner_text()


def test_deux_cents_demandes_six_financeurs(comme):
    page = comme("Nathalie Kerbrat", INSTANCES)
    adresse = preparer(page)
    assert restent(page) == DEMANDES
    tenir(page)
    assert page.erreurs == []
    arbitres = {
        table.locator(".table__nom").get_attribute("title"): table.inner_text()
        for table in page.locator(".ecran__bas .table").all()
    }
    assert len(arbitres) == len(VOTANTS)
    page.goto(adresse)
    page.get_by_role("button", name="Lever la séance").click()
    verifier(page, "la séance levée")
    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_role("button", name="Publier ce que propose la séance").click()
    expect(page.locator(".etat--fait").first).to_have_text("Publiée")
    surtitre = page.locator(".surtitre").inner_text()
    exercice = euros(surtitre.rpartition("exercice")[2])
    dits = [euros(texte.split("arbitrés")[0].split("€")[-2]) for texte in arbitres.values()]
    votes = [euros(voter(comme, qui, exercice)) for qui in VOTANTS]
    assert sorted(votes) == sorted(dits) and all(votes)
