"""La carte, les quartiers, une adresse et tout un tableau : à la souris, au clavier, sans JavaScript."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect
from shapely.geometry import Point, shape

from tests.parcours.conftest import CONTRAT, Clavier
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import fautes_de_html

CARTE, ADRESSE, LOTS = f"{CONTRAT}/carte/", f"{CONTRAT}/adresse/", f"{CONTRAT}/adresses/"
COUCHE = f"{CARTE}couches/quartiers-2024.geojson"
IVRY_PORT = "QN09408M"
# Au milieu d'Ivry Port, à plus de cent mètres de son bord.
DEDANS = (48.81661, 2.39652)
TABLEAU = """repère;latitude;longitude
le port;48,81661;2,39652
gagarine;48,81080;2,39169
la mairie;48,80950;2,37800
la tour;48,85837;2,29448
"""
DECOMPTE = {
    "Dans un quartier prioritaire": "2",
    "dont Ivry Port (QN09408M)": "1",
    "dont Gagarine (QN09407I)": "1",
    "Hors d’un quartier prioritaire": "1",
    "À vérifier": "0",
    "Inconnu": "1",
}
METTRE_A_JOUR = "Mettre les listes à jour"
FORMES = "[data-carte] path[data-carte-element]"


def quartiers_de_la_couche(page) -> dict[str, dict]:
    """Rend les quartiers que la couche donne à la carte, par code."""
    return {objet["id"]: objet for objet in page.request.get(COUCHE).json()["features"]}


def attendre_la_carte(page):
    """Attend que la carte soit tracée ; rend ses quartiers."""
    formes = page.locator(FORMES)
    # Le premier peut être hors de la vue.
    formes.first.wait_for(state="attached")
    return formes


def forme(page, code: str):
    return page.locator(f"[data-carte] path[data-carte-element='{code}']")


@pytest.mark.parametrize("largeur", [1280, 320])
def test_la_carte_se_dessine_et_chaque_quartier_a_un_nom(ouvrir, largeur):
    page = ouvrir(CARTE, largeur)
    formes = attendre_la_carte(page)
    attendus = quartiers_de_la_couche(page)
    assert len(attendus) == 10
    codes = formes.evaluate_all("toutes => toutes.map(une => une.dataset.carteElement)")
    assert sorted(codes) == sorted(attendus)
    carte = page.locator("[data-carte]")
    for code, objet in attendus.items():
        dit = ", ".join([objet["properties"]["nom"], objet["properties"]["sous_titre"]])
        bouton = carte.get_by_role("button", name=dit, exact=True)
        expect(bouton).to_have_count(1)
        assert bouton.get_attribute("data-carte-element") == code
        boite = bouton.bounding_box()
        assert boite and boite["width"] > 1 and boite["height"] > 1
    # L'image du serveur a laissé sa place.
    expect(carte.locator("svg a")).to_have_count(10)
    assert not any(lien.is_visible() for lien in carte.locator("svg a").all())
    verifier(page, "carte")
    assert page.erreurs == []


@pytest.mark.parametrize("largeur", [1280, 320])
def test_un_quartier_montre_ses_chiffres_et_echap_le_ferme(ouvrir, largeur):
    page = ouvrir(CARTE, largeur)
    attendre_la_carte(page)
    forme(page, IVRY_PORT).click()
    panneau = page.get_by_role("region", name="Le quartier choisi")
    expect(panneau.get_by_role("heading", name="Ivry Port")).to_be_focused()
    expect(forme(page, IVRY_PORT)).to_have_attribute("aria-expanded", "true")
    for libelle, valeur in quartiers_de_la_couche(page)[IVRY_PORT]["properties"]["lignes"]:
        expect(panneau).to_contain_text(libelle)
        expect(panneau).to_contain_text(valeur)
    verifier(page, "carte, un quartier choisi")
    # Échap ferme et rend la main ; de là, les flèches passent au voisin, seul arrêt de tabulation.
    page.keyboard.press("Escape")
    expect(panneau).to_be_hidden()
    expect(forme(page, IVRY_PORT)).to_be_focused()
    expect(forme(page, IVRY_PORT)).to_have_attribute("aria-expanded", "false")
    assert Clavier(page).frapper("ArrowDown")["nom"] not in ("", "Ivry Port")
    expect(page.locator(f"{FORMES}[tabindex='0']")).to_have_count(1)
    forme(page, IVRY_PORT).press("Enter")
    panneau.get_by_role("link", name="Ouvrir la page du quartier").click()
    page.wait_for_url(f"**/quartiers/{IVRY_PORT}/")
    assert page.erreurs == []


@pytest.mark.parametrize("largeur", [1280, 320])
@pytest.mark.parametrize("depart", ["devant", "en haut"])
def test_au_clavier_lire_un_quartier_et_sortir_en_moins_de_dix_touches(ouvrir, largeur, depart):
    page = ouvrir(CARTE, largeur)
    attendre_la_carte(page)
    clavier = Clavier(page)
    if depart == "devant":
        # La dernière chose que l'on atteint avant la carte.
        page.get_by_role("button", name=METTRE_A_JOUR).focus()
    else:
        # Le lien d'évitement qui mène à la carte s'il y en a un, sinon celui du contenu.
        evitements = page.locator("body > a[href^='#']").evaluate_all(
            "tous => tous.map(un => Boolean(document.querySelector("
            "`${un.hash}[data-carte], ${un.hash}:has(> [data-carte]), [data-carte] ${un.hash}`)))"
        )
        for _ in range(evitements.index(True) + 1 if any(evitements) else 1):
            clavier.frapper("Tab")
        clavier.frapper("Enter")
    clavier.tabuler_jusqu_a(lambda ici: ici["nom"])
    assert clavier.frapper("m")["nom"] == "Monmousseau"
    clavier.frapper("Enter")
    panneau = page.get_by_role("region", name="Le quartier choisi")
    expect(panneau.get_by_role("heading", name="Monmousseau")).to_be_focused()
    expect(panneau).to_contain_text("10 ha")
    clavier.tabuler_jusqu_a(lambda ici: not ici["surLaCarte"])
    assert clavier.frappes < 10, f"{clavier.frappes} touches"
    assert page.erreurs == []


def test_une_couche_se_coche_et_l_adresse_la_suit(ouvrir):
    page = ouvrir(CARTE)
    formes = attendre_la_carte(page)
    case = page.get_by_role("checkbox", name="Fiches qui parlent d’un lieu")
    case.check()
    page.wait_for_function("location.search.includes('couche=fiches-locales')")
    page.get_by_role("status").filter(has_text="est sur la carte").wait_for()
    assert formes.count() > 10
    avec = page.url
    assert "couche=quartiers-2024" in avec and "couche=communes" in avec
    case.uncheck()
    expect(formes).to_have_count(10)
    assert "fiches-locales" not in page.url
    # La carte suit d'elle-même ; les listes, au bouton.
    page.get_by_role("checkbox", name="Quartiers prioritaires 2015").check()
    page.get_by_role("button", name=METTRE_A_JOUR).click()
    expect(page.get_by_role("heading", name="Quartiers prioritaires 2015")).to_be_visible()
    assert "couche=quartiers-2015" in page.url
    formes = attendre_la_carte(page)
    page.get_by_role("checkbox", name="Quartiers prioritaires 2015").uncheck()
    page.get_by_role("checkbox", name="Quartiers prioritaires 2024").uncheck()
    expect(formes).to_have_count(0)
    # L'adresse gardée rouvre la même carte.
    page.goto(avec)
    attendre_la_carte(page)
    assert case.is_checked()
    expect(page.get_by_role("heading", name="Fiches qui parlent d’un lieu")).to_be_visible()
    assert page.erreurs == []


def test_un_lieu_que_plusieurs_couches_montrent_n_a_qu_un_nom(ouvrir):
    page = ouvrir(f"{CARTE}?couche=quartiers-2024&couche=appels&couche=projets&couche=communes")
    attendre_la_carte(page)
    noms = page.locator("[data-carte] .carte__nom:not(.est-cache)")
    expect(noms.filter(has_text="Gagarine")).to_have_count(1)
    lus = noms.all_inner_texts()
    assert len(lus) == len(set(lus)) > 5
    assert page.erreurs == []


def test_sans_script_l_image_mene_aux_quartiers_et_le_tableau_dit_les_memes(ouvrir):
    page = ouvrir(CARTE, javascript=False)
    attendus = {
        objet["properties"]["nom"]: objet["properties"]["adresse"]
        for objet in quartiers_de_la_couche(page).values()
    }
    liens = page.locator("[data-carte] svg a")
    dessines = {
        lien.get_attribute("aria-label"): lien.get_attribute("href") for lien in liens.all()
    }
    assert dessines == attendus
    lignes = page.get_by_role("region", name="Quartiers prioritaires 2024").get_by_role("rowheader")
    en_tableau = {
        lien.inner_text().replace("\xa0", " "): lien.get_attribute("href")
        for lien in lignes.get_by_role("link").all()
    }
    assert en_tableau == attendus
    assert all(page.request.get(adresse).ok for adresse in attendus.values())
    liens.and_(page.get_by_role("link", name="Ivry Port")).click()
    expect(page.locator("h1")).to_have_text("Ivry Port")
    page.go_back()
    liens.and_(page.get_by_role("link", name="Gagarine")).press("Enter")
    expect(page.locator("h1")).to_have_text("Gagarine")


def test_sans_script_les_couches_se_choisissent(ouvrir):
    page = ouvrir(CARTE, 320, javascript=False)
    page.get_by_role("checkbox", name="Communes").uncheck()
    page.get_by_role("checkbox", name="Quartiers prioritaires 2015").check()
    page.get_by_role("button", name=METTRE_A_JOUR).click()
    assert "couche=quartiers-2015" in page.url and "communes" not in page.url
    assert page.get_by_role("checkbox", name="Quartiers prioritaires 2015").is_checked()
    assert not page.get_by_role("checkbox", name="Communes").is_checked()
    expect(page.get_by_role("heading", name="Quartiers prioritaires 2015")).to_be_visible()
    expect(page.get_by_role("heading", name="Communes")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for case in page.get_by_role("checkbox").all():
        case.uncheck()
    page.get_by_role("button", name=METTRE_A_JOUR).click()
    expect(page.get_by_text("Aucune couche n’est choisie")).to_be_visible()


def lire_le_oui(page) -> None:
    """Envoie le point, et lit la réponse de la dernière génération."""
    page.get_by_role("button", name="Situer ce point").click()
    page.wait_for_url("**lat=*")
    reponse = page.locator("main li", has=page.get_by_text("Aujourd’hui : quartiers de 2024")).first
    expect(reponse.get_by_text("Oui", exact=True)).to_be_visible()
    expect(reponse.get_by_role("link", name="Ivry Port")).to_have_attribute(
        "href", f"{CONTRAT}/quartiers/{IVRY_PORT}/"
    )


@pytest.mark.parametrize("largeur", [1280, 320])
def test_un_point_se_place_sur_la_carte_et_se_situe(ouvrir, largeur):
    page = ouvrir(ADRESSE, largeur)
    attendre_la_carte(page)
    contour = shape(quartiers_de_la_couche(page)[IVRY_PORT]["geometry"])
    assert contour.contains(Point(*reversed(DEDANS)))
    # Un clic au milieu d'Ivry Port, sur la carte même.
    forme(page, IVRY_PORT).scroll_into_view_if_needed()
    boite = forme(page, IVRY_PORT).bounding_box()
    page.mouse.click(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)
    page.get_by_role("status").filter(has_text="Point placé").wait_for()
    lat, lon = (page.get_by_label(nom).input_value() for nom in ("Latitude", "Longitude"))
    assert contour.contains(Point(float(lon), float(lat)))
    assert page.url.endswith("/adresse/")
    lire_le_oui(page)
    attendre_la_carte(page)
    page.evaluate("window.print = () => { window.imprimee = true; }")
    page.get_by_role("button", name="Imprimer cette réponse").click()
    assert page.evaluate("window.imprimee")
    verifier(page, "adresse, avec sa réponse")
    assert page.erreurs == []


def test_au_clavier_un_point_se_place_depuis_un_quartier(ouvrir):
    page = ouvrir(ADRESSE)
    attendre_la_carte(page)
    forme(page, IVRY_PORT).press("Enter")
    page.get_by_role("button", name="Placer le point ici").press("Enter")
    page.get_by_role("status").filter(has_text="Point placé").wait_for()
    lire_le_oui(page)
    assert page.erreurs == []


def test_sans_script_un_point_s_ecrit_et_la_reponse_s_imprime(ouvrir):
    page = ouvrir(ADRESSE, 320, javascript=False)
    page.get_by_label("Latitude").fill(str(DEDANS[0]).replace(".", ","))
    page.get_by_label("Longitude").fill(str(DEDANS[1]).replace(".", ","))
    lire_le_oui(page)
    # Sans script, pas de bouton qui ne ferait rien.
    expect(page.get_by_role("button", name="Imprimer cette réponse")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("Oui", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Situer ce point")).to_be_hidden()


def deposer(page):
    """Dépose le tableau et attend qu'il soit situé ; rend le bouton qui le télécharge."""
    entrer(page, "Awa Diarra")
    page.goto(LOTS)
    fichier = {"name": "relevé-du-port.csv", "mimeType": "text/csv", "buffer": TABLEAU.encode()}
    page.get_by_label("Le tableau (CSV ou XLSX)").set_input_files(fichier)
    assert page.get_by_role("checkbox", name="Quartiers 2024").is_checked()
    page.get_by_role("button", name="Déposer le tableau").click()
    page.wait_for_url(re.compile(r"/adresses/[0-9a-f-]{36}/$"))
    bouton = page.get_by_role("button", name="Télécharger, et effacer du site")
    for _ in range(0 if page.evaluate("Boolean(window.htmx)") else 40):
        if bouton.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    bouton.wait_for(timeout=30_000)
    return bouton


@pytest.mark.parametrize(("largeur", "javascript"), [(1280, True), (320, False)])
def test_un_tableau_se_situe_se_telecharge_une_fois_et_s_efface(
    ouvrir, largeur, javascript, tmp_path
):
    page = ouvrir("/compte/connexion/", largeur, javascript)
    bouton = deposer(page)
    decompte = page.get_by_role("region", name="Quartiers 2024")
    assert decompte.get_by_role("row").count() == len(DECOMPTE)
    for libelle, nombre in DECOMPTE.items():
        entete = page.get_by_role("rowheader", name=libelle, exact=True)
        rang = decompte.get_by_role("row").filter(has=entete)
        expect(rang.get_by_role("cell")).to_have_text(nombre)
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    if javascript:
        verifier(page, "tableau prêt")
        (tmp_path / "0.html").write_bytes(page.request.get(page.url).body())
        assert fautes_de_html(tmp_path, ["tableau prêt"]) == []
    with page.expect_download() as telechargement:
        bouton.click()
    assert telechargement.value.suggested_filename == "relevé-du-port-situe.csv"
    lire_le_tableau_situe(telechargement.value.path().read_bytes())
    # Une page restée ouverte a encore le bouton : le site refuse, et dit pourquoi.
    if bouton.count():
        bouton.click()
        page.get_by_text("déjà été téléchargé").wait_for()
    expect(page.get_by_text("Le fichier et son résultat sont effacés.")).to_be_visible()
    expect(bouton).to_have_count(0)
    expect(page.get_by_role("row", name="dont Ivry Port")).to_be_visible()
    assert "relevé-du-port" not in page.content()
    page.goto(LOTS)
    assert "relevé-du-port" not in page.content()
    assert page.erreurs == []


def lire_le_tableau_situe(octets: bytes) -> None:
    """Vérifie que le tableau rendu est celui déposé, avec ses colonnes de plus."""
    lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    deposees = list(csv.DictReader(io.StringIO(TABLEAU), delimiter=";"))
    assert [{k: ligne[k] for k in deposees[0]} for ligne in lignes] == deposees
    assert [ligne["qpv_2024"] for ligne in lignes] == ["oui", "oui", "non", "inconnu"]
    assert [ligne["qpv_2024_code"] for ligne in lignes] == ["QN09408M", "QN09407I", "", ""]
    assert lignes[0]["qpv_2024_nom"] == "Ivry Port"
    assert lignes[3]["qpv_2024_motif"]
    assert {"adresse_trouvee", "score", "position", "qpv_2024_distance_m"} <= set(lignes[0])


def test_apres_le_telechargement_la_page_dit_d_elle_meme_que_tout_est_efface(ouvrir):
    page = ouvrir("/compte/connexion/")
    bouton = deposer(page)
    with page.expect_download():
        bouton.click()
    efface = page.get_by_text("Le fichier et son résultat sont effacés.")
    expect(efface).to_be_visible(timeout=8_000)
    expect(bouton).to_have_count(0)


PAGES = {
    "carte": CARTE,
    "carte, tout": f"{CARTE}?"
    "couche=quartiers-2024&couche=quartiers-2015&couche=fiches-locales&couche=communes",
    "carte vide": f"{CARTE}?choix=1",
    "quartiers": f"{CONTRAT}/quartiers/",
    "quartier": f"{CONTRAT}/quartiers/{IVRY_PORT}/",
    "quartier 2015, sans contour": f"{CONTRAT}/quartiers/QP094009/",
    "adresse": ADRESSE,
    "adresse, une réponse": f"{ADRESSE}?lat={DEDANS[0]}&lon={DEDANS[1]}",
    "adresse introuvable": f"{ADRESSE}?q=12+rue+de+nulle+part",
    "adresse vide": f"{ADRESSE}?q=",
    "adresse mal écrite": f"{ADRESSE}?lat=abc&lon=",
    "adresses": LOTS,
}


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(ouvrir, largeur):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, "Awa Diarra")
    fautes = []
    for nom, chemin in PAGES.items():
        page.goto(chemin)
        page.wait_for_load_state("networkidle")
        try:
            verifier(page, nom)
        except AssertionError as faute:
            fautes.append(str(faute))
        fautes += [f"{nom} : {erreur}" for erreur in page.erreurs]
        page.erreurs.clear()
    assert fautes == []


@pytest.mark.parametrize("nom", PAGES)
def test_le_html_est_valide(ouvrir, nom, tmp_path):
    page = ouvrir("/compte/connexion/", javascript=False)
    entrer(page, "Awa Diarra")
    (tmp_path / "0.html").write_bytes(page.request.get(PAGES[nom]).body())
    assert fautes_de_html(tmp_path, [nom]) == []


def test_la_page_d_un_quartier_s_emporte_en_pdf(ouvrir):
    page = ouvrir(f"{CONTRAT}/quartiers/{IVRY_PORT}/", javascript=False)
    lien = page.get_by_role("link", name="PDF")
    reponse = page.request.get(lien.get_attribute("href"))
    assert reponse.ok
    assert reponse.headers["content-type"] == "application/pdf"
    assert reponse.body().startswith(b"%PDF")
