"""De la liste de tâches au récépissé, au clavier à 320 pixels ; et chaque page, accessible."""

import re

import pytest

from tests.fabriques import fichiers
from tests.parcours.clavier import frapper, tabuler
from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PORTE, PROJET = "Estelle Nkoulou", "Recoudre ensemble"


def ouvrir_le_dossier(page, qui: str, projet: str) -> str:
    """Entre, ouvre le dossier d'un projet ; rend son adresse."""
    entrer(page, qui)
    page.goto(f"{CONTRAT}/projets/")
    page.locator(".projet-l", has_text=projet).locator("a[href*='/dossiers/']").first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/"))
    return re.match(r".*(/[^/]+/dossiers/\d+/)", page.url).group(1)


def titre(page) -> str:
    return page.locator("h1").inner_text().replace("\u00a0", " ")


def test_de_la_liste_de_taches_au_recepisse_au_clavier(ouvrir, tmp_path):
    page = ouvrir("/compte/connexion/", 320)
    dossier = ouvrir_le_dossier(page, PORTE, PROJET)
    frapper(page, "Voir tout ce qui manque")
    assert re.match(r"Il reste \d+ choses avant de déposer", titre(page))
    verifier(page, "vérifier")
    # Chaque manque mène à sa place, et la place se voit.
    frapper(page, "Il manque : Statuts.")
    page.wait_for_url("**/pieces/#piece-statuts")
    verifier(page, "pièces")
    # Un refus dit quoi faire et n'empêche pas l'autre fichier d'être joint.
    piece = page.locator("#piece-statuts")
    piece.locator("input[type=file]").set_input_files(
        [
            {
                "name": "tout.zip",
                "mimeType": "application/zip",
                "buffer": b"PK\x03\x04" + b"0" * 60,
            },
            {"name": "statuts.pdf", "mimeType": "application/pdf", "buffer": fichiers.pdf()},
        ]
    )
    page.locator("#piece-statuts .fichier", has_text="statuts.pdf").wait_for()
    assert "archive ZIP" in page.locator("#piece-statuts .depot__refus").inner_text()
    assert "Tout ce qu’il faut pour déposer est là" in page.locator("main").inner_text()
    verifier(page, "pièces jointes")
    page.goto(f"{dossier}attestations/")
    verifier(page, "attestations")
    frapper(page, "de 500 000 € au plus", "Space")
    tabuler(page, "À quel titre signez-vous")
    page.keyboard.type("Présidente")
    frapper(page, "J’ai tout lu, je signe les 4")
    page.get_by_text("4 attestations signées.").wait_for()
    frapper(page, "Vérifier avant de déposer")
    page.wait_for_url("**/verifier/")
    assert titre(page) == "Il ne manque plus rien"
    verifier(page, "prêt")
    frapper(page, "Déposer le dossier")
    page.wait_for_url("**/deposer/")
    verifier(page, "déposer")
    frapper(page, "Déposer maintenant")
    page.wait_for_url("**/recepisses/")
    cachet = page.locator(".cachet").inner_text()
    assert "Déposé" in cachet and re.search(r"\d{4}-\d{4}", cachet)
    assert re.search(r"à \d+\sh\s\d\d\smin\s\d\d\ss", cachet)
    assert page.locator(".recepisse").count() == 2
    verifier(page, "récépissés")
    with page.expect_download() as telecharge:
        page.get_by_role("link", name="Garder ce récépissé en PDF").first.click()
    assert telecharge.value.suggested_filename.endswith(".pdf")
    # Revenir en arrière et renvoyer ne dépose pas une seconde fois.
    page.goto(f"{dossier}deposer/")
    page.wait_for_url("**/recepisses/")
    page.goto(f"{dossier}depose/")
    assert "Deux soirs par semaine" in page.locator("main").inner_text()
    verifier(page, "déposé")
    # Le refus de l'archive est une réponse 422, que le navigateur met dans sa console.
    assert all("422" in erreur for erreur in page.erreurs)


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_du_depot_se_lit_et_s_entend(ouvrir, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    brouillon = ouvrir_le_dossier(page, "Awa Diarra", "Les devoirs sur les marches")
    page.goto(f"{CONTRAT}/projets/")
    depose = page.locator(".projet-l", has_text="Les contes du palier").locator(
        "a[href*='/dossiers/']"
    )
    depose = depose.first.get_attribute("href")
    pages = [
        *(f"{brouillon}{suite}/" for suite in ("pieces", "attestations", "verifier")),
        *(f"{depose}{suite}/" for suite in ("recepisses", "depose", "retirer", "compte-bancaire")),
    ]
    for rang, chemin in enumerate(pages):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, pages) == []


def test_joindre_sans_javascript(ouvrir):
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Awa Diarra").click()
    page.goto(f"{CONTRAT}/projets/")
    carte = page.locator(".projet-l", has_text="Les devoirs sur les marches")
    page.goto(carte.locator("a[href*='/dossiers/']").first.get_attribute("href") + "pieces/")
    piece = page.locator("#piece-pouvoir")
    piece.locator("input[type=file]").set_input_files(
        {"name": "pouvoir.pdf", "mimeType": "application/pdf", "buffer": fichiers.pdf()}
    )
    piece.get_by_role("button", name="Joindre").click()
    page.locator("#piece-pouvoir .fichier", has_text="pouvoir.pdf").wait_for()
    page.locator("#piece-pouvoir").get_by_role("button", name="Retirer").click()
    assert page.locator("#piece-pouvoir .fichier").count() == 0
