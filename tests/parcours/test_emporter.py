"""Emporter un dossier dans un vrai navigateur, sans script et sur un petit écran."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.fabriques.pdf import pages
from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier


@pytest.fixture
def awa(ouvrir):
    """Rend de quoi ouvrir une page comme Awa Diarra, sans script."""
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Awa Diarra").click()
    return page


def telecharger(page, nom: str) -> tuple[str, bytes]:
    with page.expect_download() as attendu:
        page.get_by_role("link", name=nom).first.click()
    return attendu.value.suggested_filename, Path(attendu.value.path()).read_bytes()


def test_un_depose_et_un_brouillon_s_emportent_sans_script(awa):
    awa.goto(f"{CONTRAT}/projets/")
    depose = awa.locator(".projet-l", has_text="Les contes du palier")
    awa.goto(depose.locator("a[href*='/dossiers/']").first.get_attribute("href") + "recepisses/")
    nom, octets = telecharger(awa, "le dossier en PDF")
    assert nom.startswith("dossier-") and "Demande de subvention" in pages(octets)[0]
    nom, octets = telecharger(awa, "les pièces (ZIP)")
    assert nom.startswith("pieces-")
    assert "00 - Sommaire.txt" in zipfile.ZipFile(io.BytesIO(octets)).namelist()

    awa.goto(f"{CONTRAT}/projets/")
    brouillon = awa.locator(".projet-l", has_text="Le journal du trottoir")
    awa.goto(brouillon.locator("a[href*='/dossiers/']").first.get_attribute("href"))
    nom, octets = telecharger(awa, "Ce brouillon en PDF")
    assert nom.startswith("brouillon-")
    assert all("Brouillon, non déposé" in page for page in pages(octets))


@pytest.mark.parametrize("largeur", [1280, 320])
def test_les_pages_d_ou_l_on_emporte_sont_accessibles(ouvrir, largeur):
    page = ouvrir("/compte/connexion/", largeur)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Awa Diarra").click()
    page.goto(f"{CONTRAT}/projets/")
    depose = page.locator(".projet-l", has_text="Les contes du palier")
    dossier = depose.locator("a[href*='/dossiers/']").first.get_attribute("href")
    for suite in ("", "recepisses/", "depose/", "suites/"):
        page.goto(dossier + suite)
        verifier(page, suite)
        assert page.locator("a[href$='.pdf']").count() >= 1
