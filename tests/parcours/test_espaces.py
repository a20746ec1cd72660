"""Les espaces de ceux qui agissent : accessibles, lisibles à 320 px, valides, sans erreur."""

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PILOTAGE = f"{CONTRAT}/pilotage"
# Qui entre, par la porte de la démonstration, et ce que cette personne ouvre.
ESPACES = {
    "Awa Diarra": (
        "/compte/",
        "/compte/nom/",
        "/compte/courriels/",
        "/organismes/",
        "/organismes/?q=centre+social",
        "/organismes/nouveau/",
        "mon organisme",
        "mon organisme/modifier/",
        "mon organisme/membres/",
        "mon organisme/projets/",
        f"{CONTRAT}/quartiers/QN09412M/",
    ),
    "Nathalie Kerbrat": (
        f"{PILOTAGE}/",
        f"{PILOTAGE}/partenaires/",
        f"{PILOTAGE}/partenaires/?etat=proposes",
        f"{PILOTAGE}/demandes/",
        f"{PILOTAGE}/indicateurs/",
        f"{PILOTAGE}/postes/",
        f"{PILOTAGE}/postes/importer/",
        f"{PILOTAGE}/roles/",
        f"{PILOTAGE}/roles/invitations/",
        f"{PILOTAGE}/roles/inviter/",
        f"{CONTRAT}/quartiers/QN09408M/",
        f"{CONTRAT}/carte/?couche=projets&couche=appels&couche=communes",
        f"{CONTRAT}/fiches/14-1/",
    ),
    "Thanh Nguyen-Lefort": (
        "/pilotage/",
        "/pilotage/journal/",
        "/pilotage/organismes/",
        "/pilotage/doublons/",
        "/pilotage/doublons/reunis/",
        "/pilotage/utilisateurs/",
        "/pilotage/courriels/",
    ),
    "Steve Cordier": ("/compte/", "/organismes/?q=grand+préau"),
    "Ousmane Delbecq": ("/compte/", "ma demande"),
}


def entrer(page, qui: str) -> None:
    """Entre d'un geste, comme une personne de la démonstration."""
    if not page.url.endswith("/compte/connexion/"):
        page.goto("/compte/connexion/")
    page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
    page.get_by_role("button", name=f"Essayer comme {qui}").click()
    page.wait_for_url("**/compte/")


def aller(page, chemin: str) -> None:
    """Ouvre une page ; « mon organisme » et « ma demande » se trouvent depuis l'espace."""
    debut, _, suite = chemin.partition("/")
    if not debut:
        page.goto(chemin)
        return
    page.goto("/compte/")
    vers = {"mon organisme": "/organismes/", "ma demande": "/compte/demandes/"}[debut]
    page.goto(page.locator(f"main a[href^='{vers}']").first.get_attribute("href") + suite)


@pytest.mark.parametrize("largeur", [1280, 320])
@pytest.mark.parametrize("qui", ESPACES)
def test_chaque_espace_se_lit_et_s_entend(ouvrir, qui, largeur, tmp_path):
    page = ouvrir("/compte/connexion/", largeur)
    entrer(page, qui)
    for rang, chemin in enumerate(ESPACES[qui]):
        aller(page, chemin)
        verifier(page, chemin)
        # Ce que le serveur envoie, et non ce que les scripts en ont fait.
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(ESPACES[qui])) == []


def test_une_demande_et_sa_reponse_sans_javascript_et_au_clavier(ouvrir):
    """Une personne demande à entrer, sans JavaScript ; la gestionnaire confirme, au clavier."""
    page = ouvrir("/compte/connexion/", 320, javascript=False)
    for repli in page.locator("#titre-essayer ~ details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Alpha Guérin").click()
    page.goto("/organismes/?q=plume+et+pave")
    page.get_by_role("link", name="C’est le mien : Plume et Pavé").click()
    page.get_by_label("Lecteur").or_(page.get_by_label("Contributeur")).first.check()
    page.get_by_label("Qui êtes-vous dans cet organisme ?").fill("Je tiens l’atelier du mardi.")
    page.get_by_role("button", name="Envoyer ma demande").click()
    assert "En attente" in page.locator("h1").inner_text()

    tient = ouvrir("/compte/connexion/")
    entrer(tient, "Awa Diarra")
    aller(tient, "mon organisme/membres/")
    assert "Je tiens l’atelier du mardi." in tient.locator("main").inner_text()
    tient.get_by_text("Confirmer Alpha Guérin").focus()
    tient.keyboard.press("Enter")
    tient.keyboard.press("Tab")
    tient.keyboard.press("Enter")
    tient.get_by_text("agit maintenant pour").wait_for()
    page.goto("/compte/")
    assert "En attente" not in page.locator("main").inner_text()
