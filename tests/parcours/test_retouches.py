"""Retoucher un brouillon dans un vrai navigateur : rien ne se perd, à deux, sans réseau, sans session."""

import re

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

CADRE = f"{CONTRAT}/pilotage/cadre/"


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours changent le contrat."""
    dossier = tmp_path_factory.mktemp("retouches")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


@pytest.fixture
def pilote(ouvrir):
    def ouvrir_en_pilote(largeur: int = 1280, javascript: bool = True, qui="Nathalie Kerbrat"):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        if javascript:
            entrer(page, qui)
        else:
            page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
            page.get_by_role("button", name=f"Essayer comme {qui}").click()
            page.wait_for_url("**/compte/")
        return page

    return ouvrir_en_pilote


@pytest.fixture
def plan(pilote):
    """Rend l'adresse du plan du brouillon que la démonstration prépare."""
    page = pilote()
    page.goto(CADRE)
    brouillon = page.get_by_role("listitem").filter(has_text="Brouillon")
    brouillon.get_by_role("link", name="Édition").first.click()
    page.get_by_role("link", name="Retoucher ce brouillon").click()
    page.wait_for_url("**/plan/")
    return page.url


def etat(page, texte: str):
    page.locator("[data-etat]", has_text=texte).wait_for(timeout=10_000)


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(pilote, plan, largeur, tmp_path):
    page = pilote(largeur)
    chemins = (
        plan.removesuffix("plan/"),
        plan,
        f"{plan}contrat/",
        f"{plan}fiche-15-2/",
        f"{plan}fiche-2-2/types_d_action/",
        f"{plan}fiche-2-2/operateurs/",
        f"{plan}fiche-2-2/constats/",
        f"{plan}fiche-15-2/descriptif/",
    )
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        for repli in page.locator("main details").all():
            repli.locator("summary").click()
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(chemins)) == []


def test_ecrire_au_clavier_s_enregistre_seul(pilote, plan):
    page = pilote()
    page.goto(f"{plan}fiche-1-1/descriptif/")
    page.get_by_label("Texte").press("Control+End")
    page.keyboard.type(" Et l'on recommence.")
    etat(page, "Enregistré à")  # deux secondes après la dernière frappe
    page.reload()
    assert page.get_by_label("Texte").input_value().endswith(" Et l'on recommence.")
    page.locator("summary", has_text="Version 2").press("Enter")
    page.locator("ins").filter(has_text="Et l’on recommence.").wait_for()


def test_ce_que_l_on_sait_s_enregistre_en_quittant_le_champ(pilote):
    page = pilote()
    page.goto(f"{CONTRAT}/pilotage/dispositifs/?q=PLIE")
    page.get_by_role("link", name="PLIE").first.click()
    champ = page.get_by_label("Ce que c’est")
    champ.press("Control+End")
    page.keyboard.type(" Une phrase")
    etat(page, "Pas encore enregistré.")
    page.wait_for_timeout(2500)  # plus que la pause où une section s'enregistre
    assert page.locator("[data-etat]").inner_text() == "Pas encore enregistré."
    page.keyboard.type(" entière.")
    page.keyboard.press("Tab")
    etat(page, "Enregistré à")
    lien = page.get_by_label("Adresse d’une page qui l’explique")
    lien.press("Control+A")
    page.keyboard.type("https://plan.example/")
    page.keyboard.press("Tab")
    etat(page, "Enregistré à")
    page.reload()
    assert page.get_by_label("Ce que c’est").input_value().endswith(" Une phrase entière.")
    assert lien.input_value() == "https://plan.example/"
    page.get_by_role("heading", name="1 version").wait_for()


def test_ajouter_ranger_retirer_une_ligne_au_clavier(pilote, plan):
    page = pilote(320)
    page.goto(f"{plan}fiche-1-2/financeurs/")
    noms = page.locator("input[name$=-nom]")
    avant = noms.evaluate_all("champs => champs.map((champ) => champ.value)")
    page.get_by_role("button", name="Ajouter une ligne").press("Enter")
    page.keyboard.type("Fondation du Bel Avenir")
    page.keyboard.press("Tab")  # quitter le champ enregistre
    etat(page, "Enregistré à")
    page.get_by_role("button", name="Monter").last.press("Enter")
    page.get_by_role("button", name="Retirer").last.press("Enter")
    etat(page, "Enregistré à")
    page.reload()
    apres = noms.evaluate_all("champs => champs.map((champ) => champ.value)")
    assert apres == [*avant[:-1], "Fondation du Bel Avenir"]


def test_deux_personnes_sur_la_meme_section(pilote, plan):
    """La seconde voit les deux textes, le sien entier, et choisit."""
    premiere, seconde = pilote(), pilote(qui="Mehdi Aït Larbi")
    for page in (premiere, seconde):
        page.goto(f"{plan}fiche-2-1/descriptif/")
    premiere.get_by_label("Texte").press("Control+Home")
    premiere.keyboard.type("De Nathalie. ")
    etat(premiere, "Enregistré à")
    seconde.get_by_label("Texte").press("Control+Home")
    seconde.keyboard.type("De Mehdi. ")
    etat(seconde, "Nathalie Kerbrat a changé cette section")
    seconde.get_by_role("button", name="Enregistrer").click()
    seconde.get_by_role("heading", name="De l’autre texte au vôtre").wait_for()
    verifier(seconde, "conflit")
    assert seconde.locator("del").filter(has_text="Nathalie").count() == 1
    assert seconde.get_by_label("Texte").input_value().startswith("De Mehdi. ")
    seconde.get_by_label("Texte").press("Control+Home")
    seconde.keyboard.type("De Nathalie. ")
    seconde.get_by_role("button", name="Enregistrer").click()
    seconde.get_by_text("Enregistré à").first.wait_for()
    premiere.reload()
    assert premiere.get_by_label("Texte").input_value().startswith("De Nathalie. De Mehdi. ")


def test_le_site_ne_repond_plus_puis_revient(pilote, plan):
    page = pilote()
    page.goto(f"{plan}fiche-2-3/descriptif/")
    page.route("**/descriptif/", lambda route: route.abort())
    page.get_by_label("Texte").press("Control+Home")
    page.keyboard.type("Malgré la panne. ")
    etat(page, "le site ne répond pas")
    page.unroute("**/descriptif/")
    page.keyboard.type("Toujours là. ")
    etat(page, "Enregistré à")
    page.reload()
    assert page.get_by_label("Texte").input_value().startswith("Malgré la panne. Toujours là. ")


def test_la_session_finit_pendant_que_l_on_ecrit(pilote, plan):
    page = pilote()
    page.goto(f"{plan}fiche-2-4/descriptif/")
    page.get_by_label("Texte").press("Control+Home")
    page.context.clear_cookies()
    page.keyboard.type("Sans session. ")
    etat(page, "vous n’êtes plus connecté")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/compte/**")
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Nathalie Kerbrat").click()
    page.wait_for_url("**/descriptif/")
    page.get_by_text("Enregistré à").first.wait_for()
    assert page.get_by_label("Texte").input_value().startswith("Sans session. ")


def test_sans_javascript_le_bouton_et_les_places_suffisent(pilote, plan):
    page = pilote(320, javascript=False)
    page.goto(f"{plan}fiche-2-5/types_d_action/")
    lignes = page.locator("[data-ligne]")
    nombre = lignes.count() - 3  # trois lignes vides attendent
    lignes.nth(nombre).get_by_label("Sorte de projet").fill("Parrainer par téléphone.")
    lignes.nth(nombre).get_by_label("Place").fill("1")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Enregistré à").first.wait_for()
    assert "Parrainer par téléphone." in [
        lignes.nth(rang).get_by_label("Sorte de projet").input_value() for rang in (0, 1)
    ]


@pytest.mark.parametrize("largeur", [1280, 320])
def test_publier_l_avenant_montre_ses_declinaisons(pilote, ouvrir, largeur, tmp_path):
    page = pilote(largeur)
    page.goto(f"{CONTRAT}/pilotage/cadre/editions/2015-06/")
    page.get_by_role("button", name=re.compile("^Préparer un")).click()
    page.wait_for_url("**/plan/")
    brouillon = page.url.removesuffix("plan/")
    page.get_by_role("link", name=re.compile("^Fiche 15-2")).click()
    page.get_by_text("Décliner en un lieu").click()
    page.get_by_label("Lieu", exact=True).fill("Vitry-sur-Seine")
    page.get_by_role("button", name="Décliner").click()
    page.get_by_role("link", name="Modifier : Descriptif").click()
    page.get_by_label("Texte").press("Control+Home")
    page.keyboard.type("Ici, au Port-à-l’Anglais. ")
    etat(page, "Enregistré à")
    page.goto(brouillon)
    page.locator("summary", has_text="Publier cette édition").click()
    page.get_by_role("button", name="La publier").click()
    page.get_by_text("Elle est en ligne").wait_for()
    chemins = (
        f"{CONTRAT}/declinaisons/",
        f"{CONTRAT}/declinaisons/vitry-sur-seine/",
        f"{CONTRAT}/fiches/15-2/vitry-sur-seine/",
        f"{CONTRAT}/fiches/15-2/",
    )
    public = ouvrir(chemins[0], largeur)
    for rang, chemin in enumerate(chemins):
        public.goto(chemin)
        verifier(public, chemin)
        (tmp_path / f"{rang}.html").write_bytes(public.request.get(chemin).body())
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(chemins)) == []
    public.get_by_role("link", name="Vitry-sur-Seine").first.click()
    public.locator("ins").filter(has_text="Port-à-l’Anglais").wait_for()
