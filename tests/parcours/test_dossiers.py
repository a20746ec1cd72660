"""Écrire un dossier dans un vrai navigateur : au clavier, à deux, sans session, sans JavaScript."""

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

AWA, NOEMIE = "Awa Diarra", "Noémie Zerbib"
PRET, A_PEINE = "Les devoirs sur les marches", "Le journal du trottoir"
SECTIONS = (
    "organisation projet fiches publics lieux calendrier moyens partenaires droit_commun "
    "indicateurs questions"
).split()


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours changent les dossiers."""
    dossier = tmp_path_factory.mktemp("dossiers")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


def essayer(page, qui: str) -> None:
    """Entre d'un geste, avec ou sans JavaScript."""
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name=f"Essayer comme {qui}").click()


@pytest.fixture
def porteur(ouvrir):
    def ouvrir_en_porteur(largeur: int = 1280, javascript: bool = True, qui: str = AWA):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        essayer(page, qui)
        page.wait_for_url("**/compte/")
        return page

    return ouvrir_en_porteur


def aller(page, projet: str, section: str = "") -> str:
    """Ouvre le dossier d'un projet, ou l'une de ses sections ; rend son adresse."""
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=projet))
    carte.locator("a[href*='/dossiers/']").first.click()
    page.wait_for_url("**/dossiers/**")
    adresse = page.url.partition("/dossiers/")[0] + f"/dossiers/{page.url.split('/')[5]}/"
    page.goto(f"{adresse}{section}/" if section else adresse)
    return adresse


def etat(page, texte: str):
    page.locator("[data-etat]", has_text=texte).wait_for(timeout=10_000)


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(porteur, largeur, tmp_path):
    page = porteur(largeur)
    dossier = aller(page, PRET)
    chemins = (
        "/projets/",
        f"{CONTRAT}/projets/",
        f"{CONTRAT}/projets/nouveau/?fiche=17-2&q=lire+le+soir",
        dossier,
        *(f"{dossier}{section}/" for section in SECTIONS),
    )
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        for repli in page.locator("main details").all():
            repli.locator("summary").click()
        verifier(page, chemin)
        (tmp_path / f"{rang:02}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(chemins)) == []


def test_ecrire_une_section_au_clavier_a_320_pixels(porteur):
    page = porteur(320)
    aller(page, A_PEINE, "publics")
    nombre = page.get_by_label("Nombre de personnes")
    nombre.focus()
    page.keyboard.type("douze")
    page.keyboard.press("Tab")  # quitter le champ enregistre
    etat(page, "1 point à corriger")
    assert nombre.get_attribute("aria-invalid") == "true"
    assert page.locator("[data-fautes]").get_by_role("link").count() == 1
    page.keyboard.type("Des adolescents qui n’écrivent jamais.")
    etat(page, "Enregistré à")  # deux secondes après la dernière frappe
    nombre.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.locator("[data-fautes]").wait_for(state="hidden")
    assert nombre.get_attribute("aria-invalid") is None
    page.reload()
    assert nombre.input_value() == "12"
    assert page.get_by_label("Qui sont-elles ?").input_value().startswith("Des adolescents")
    verifier(page, "publics")


def test_les_lignes_s_ajoutent_et_un_indicateur_vient_d_un_geste(porteur):
    page = porteur()
    aller(page, PRET, "indicateurs")
    page.get_by_role("button", name="Ajouter « Livres empruntés ou donnés »").press("Enter")
    page.get_by_text("Enregistré à").first.wait_for()
    noms = page.locator("input[name$=-nom]")
    assert "Livres empruntés ou donnés" in [champ.input_value() for champ in noms.all()]
    page.get_by_role("button", name="Ajouter un indicateur").press("Enter")
    page.keyboard.type("Lampes réparées")
    page.keyboard.press("Tab")
    etat(page, "Enregistré à")
    page.reload()
    assert noms.last.input_value() == "Lampes réparées"


def test_chercher_une_fiche_et_la_cocher(porteur):
    page = porteur()
    aller(page, A_PEINE, "fiches")
    page.get_by_label("Chercher parmi les fiches").press_sequentially("stereotypes")
    visibles = page.locator("[data-filtrer-case]:visible")
    assert visibles.count() == 1
    visibles.get_by_role("checkbox").first.check()
    etat(page, "Enregistré à")
    visibles.get_by_label("C’est la fiche principale").wait_for()
    page.reload()
    assert page.locator("input[name=fiche]:checked").count() == 1
    assert (
        page.get_by_label("C’est la fiche principale")
        .and_(page.locator(":visible"))
        .first.is_checked()
    )


def test_deux_personnes_sur_la_meme_section(porteur):
    premiere, seconde = porteur(), porteur(qui=NOEMIE)
    for page in (premiere, seconde):
        aller(page, A_PEINE, "calendrier")
    premiere.get_by_label("Jours et heures").fill("Le mercredi d’Awa")
    premiere.keyboard.press("Tab")
    etat(premiere, "Enregistré à")
    seconde.get_by_label("Jours et heures").fill("Le samedi de Noémie")
    seconde.keyboard.press("Tab")
    etat(seconde, "Awa Diarra a changé cette section")
    seconde.get_by_role("button", name="Enregistrer").click()
    seconde.get_by_role("heading", name="De l’autre texte au vôtre").wait_for()
    verifier(seconde, "conflit")
    assert seconde.locator("del").filter(has_text="Awa").count() == 1
    assert seconde.get_by_label("Jours et heures").input_value() == "Le samedi de Noémie"
    seconde.get_by_label("Jours et heures").fill("Le mercredi d’Awa et le samedi de Noémie")
    seconde.get_by_role("button", name="Enregistrer").click()
    seconde.get_by_text("Enregistré à").first.wait_for()
    premiere.reload()
    assert "samedi de Noémie" in premiere.get_by_label("Jours et heures").input_value()


def test_le_temoin_de_session_disparait_entre_deux_frappes(porteur):
    page = porteur()
    aller(page, PRET, "projet")
    champ = page.get_by_label("La place des habitants")
    champ.press("Control+Home")
    page.keyboard.type("Sans ")
    page.context.clear_cookies()
    page.keyboard.type("session. ")
    etat(page, "vous n’êtes plus connecté")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/compte/**")
    essayer(page, AWA)
    page.wait_for_url("**/projet/")
    page.get_by_text("Enregistré à").first.wait_for()
    assert champ.input_value().startswith("Sans session. ")


def test_sans_javascript_le_bouton_suffit(porteur):
    page = porteur(320, javascript=False)
    aller(page, A_PEINE, "droit_commun")
    premiere = page.locator("[data-ligne]").first
    premiere.get_by_label("Qui la donne").fill("La bibliothèque")
    premiere.get_by_label("Quelle aide").fill("Une salle, le mercredi")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Enregistré à").first.wait_for()
    assert page.get_by_label("Quelle aide").first.input_value() == "Une salle, le mercredi"
    assert page.locator("[data-fautes]").is_hidden()
    aller(page, A_PEINE, "lieux")
    page.get_by_label("Un ou plusieurs quartiers").check()
    page.get_by_label("Gagarine").check()
    page.get_by_label("Une autre commune").fill("Lyon")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Ce contrat ne couvre pas").wait_for()
    assert page.get_by_label("Gagarine").is_checked()
    assert page.get_by_label("Une autre commune").input_value() == "Lyon"


def test_du_resultat_d_une_orientation_au_brouillon(porteur):
    page = porteur()
    page.goto(f"{CONTRAT}/orientation/?q=une+garderie+le+soir")
    page.get_by_role("link", name="Préparer un dossier avec ces mots").first.click()
    assert page.get_by_label("Ce que vous voulez faire").input_value() == "une garderie le soir"
    page.get_by_label("Comment s’appelle votre projet").fill("La garderie du soir")
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.get_by_role("heading", name="Vous avez déjà").wait_for()
    verifier(page, "question")
    page.get_by_role("button", name="C’est un autre projet").click()
    page.get_by_role("heading", name="La garderie du soir").wait_for()
    assert "Il n’est pas déposé" in page.locator("main").inner_text()
    page.get_by_text("Jeter ce brouillon").click()
    page.get_by_role("button", name="Le jeter").click()
    page.wait_for_url("**/projets/")
