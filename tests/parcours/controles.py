"""Ce que l'on vérifie de chaque page, dans le navigateur."""

from axe_playwright_python.sync_playwright import Axe


def verifier(page, nom: str = "") -> None:
    """Vérifie la page arrivée : accessible, sans débordement, avec un seul titre.

    Un formulaire envoyé commence une page avant de la finir : on l'attend, pour ne pas juger
    une page à moitié lue.
    """
    page.wait_for_load_state("load")
    resultat = Axe().run(page)
    assert resultat.violations_count == 0, f"{nom} : {resultat.generate_report()}"
    largeur = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur, nom
    assert page.locator("h1").count() == 1, nom
