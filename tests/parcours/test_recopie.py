"""Recopier un dossier sur le portail de l'État, avec et sans script ; le pilote en reprend l'export."""

import re
from pathlib import Path

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PILOTE, PORTE, PROJET = "Nathalie Kerbrat", "Raphaël Benhaïm", "Le bal des voisins"
TELEPHONE = 320
EXPORT = (
    Path(__file__).parents[2]
    / "donnees/demonstration/documents/export-invente-du-portail-de-l-etat.csv"
)
INTITULE = "Besoin auquel répond le projet"


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours cochent, et reprennent un export."""
    dossier = tmp_path_factory.mktemp("recopie")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


def recopier(page) -> None:
    """Va, de la liste des projets, au portail de l'État de ce dossier."""
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=PROJET))
    carte.get_by_role("link", name=PROJET).first.click()
    page.get_by_role("link", name="Suivre l’argent").click()
    page.get_by_role("link", name=re.compile("^Recopier pour Préfecture")).click()
    page.wait_for_url(re.compile(r"/recopier/dauphin/$"))


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_copier_cocher_et_retrouver_sa_place(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, PORTE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    recopier(page)
    verifier(page, "recopier")
    if largeur == 1280 and HTML_VALIDATE.exists():
        (tmp_path / "0.html").write_bytes(page.request.get(page.url).body())
        assert fautes_de_html(tmp_path, ["recopier"]) == []

    dit = page.get_by_role("status")
    page.get_by_role("button", name=f"Copier « {INTITULE} »").click()
    page.get_by_text(f"Copié : {INTITULE}.").wait_for()
    texte = page.get_by_label(INTITULE, exact=True).input_value()
    assert page.evaluate("navigator.clipboard.readText()") == texte
    case = page.get_by_role("checkbox", name=f"Recopié : {INTITULE}")
    avant = int(re.search(r"\d+", page.locator("[data-recopie-compte]").inner_text())[0])
    case.check()
    dit.filter(has_text=f"Recopié : {avant + 1} sur").wait_for()
    # La page se ferme, et se rouvre où l'on en était.
    page.reload()
    assert case.is_checked()
    case.uncheck()
    dit.filter(has_text=f"Décoché : {avant} sur").wait_for()
    page.reload()
    assert not case.is_checked()

    # Le portail montre une limite plus courte : ce qui dépasse se dit, avec une coupe nette.
    champ = page.locator("#champ-projet-besoin")
    champ.get_by_text("Une autre limite").click()
    champ.get_by_label("Signes que permet le portail").fill("60")
    champ.locator(".recopie__limite").get_by_role("button", name="Garder").click()
    champ.get_by_text("de trop.").wait_for()
    coupe = champ.get_by_label("Une coupe nette, qui tient").input_value()
    assert texte.startswith(coupe) and len(coupe) <= 60
    verifier(page, "recopier, un texte trop long")
    assert page.erreurs == []


def test_sans_javascript_la_case_se_garde_par_son_bouton(ouvrir):
    page = ouvrir("/compte/connexion/", javascript=False)
    entrer(page, PORTE)
    recopier(page)
    champ = page.locator("#champ-calendrier-debut-le")
    assert not champ.get_by_role("button", name=re.compile("^Copier")).is_visible()
    assert champ.get_by_label("Date de début", exact=True).get_attribute("readonly") is not None
    champ.get_by_role("checkbox").check()
    champ.get_by_role("button", name=re.compile("^Garder")).click()
    champ.get_by_text("par Raphaël Benhaïm").wait_for()
    assert champ.get_by_role("checkbox").is_checked()


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_le_pilote_relit_un_export_puis_l_ecrit(ouvrir, largeur):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, PILOTE)
    page.goto(f"{CONTRAT}/pilotage/dossiers/")
    page.get_by_role("link", name="Reprendre un export du portail de l’État").click()
    verifier(page, "déposer un export")
    page.get_by_label("L’export du portail").set_input_files(EXPORT)
    page.get_by_role("button", name="Voir ce qui change").click()
    page.get_by_role("heading", level=1, name="à jour").wait_for()
    verifier(page, "l'export relu")
    page.get_by_text("1 ligne laissée de côté").wait_for()
    ecrire = page.get_by_role("button", name="Écrire ce qui change")
    # La première largeur l'écrit ; à la seconde, il est déjà repris.
    if ecrire.count():
        ecrire.click()
        page.get_by_text("1 demande mise à jour").wait_for()
    page.goto(f"{CONTRAT}/pilotage/dossiers/")
    page.get_by_role("link", name=PROJET).click()
    page.get_by_text("repris d’un export").first.wait_for()
    page.get_by_role("link", name=re.compile("^portail de l’État")).click()
    verifier(page, "recopier, vu du pilote")
    assert page.erreurs == []
