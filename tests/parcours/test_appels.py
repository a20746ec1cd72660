"""Un appel, de son ouverture à sa nouvelle version, dans un vrai navigateur."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.parcours.conftest import CONTRAT
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

APPELS = f"{CONTRAT}/pilotage/appels/"
OUVERT = "Appel à projets du contrat de ville"


def jour(dans: int):
    """Rend un jour d'ici, à la date de Paris : celle du site."""
    return datetime.now(ZoneInfo("Europe/Paris")).date() + timedelta(days=dans)


def instant(jours: int, heure: str) -> str:
    return f"{jour(jours)}T{heure}"


def ouvrir_un_appel(page, titre: str) -> str:
    """Ouvre un brouillon par ses quatre réponses ; rend son adresse."""
    page.goto(APPELS)
    page.get_by_role("link", name="Ouvrir un appel").click()
    page.get_by_label("Titre de l’appel").fill(titre)
    page.get_by_label("Pour quelle année").fill(str(jour(30).year))
    page.get_by_label("Ouvre le").fill(instant(-1, "09:00"))
    page.get_by_label("Ferme le").fill(instant(30, "18:00"))
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.wait_for_url(f"**{APPELS}**")
    return page.url


def test_ouvrir_ecrire_relire_publier_et_changer(ouvrir):
    page = ouvrir("/")
    entrer(page, "Nathalie Kerbrat")
    ici = ouvrir_un_appel(page, "Appel d’essai des quartiers")

    # Ce qui manque mène où l'écrire, et s'enregistre sans bouton.
    page.get_by_role("link", name="Présentez l’appel en quelques phrases").click()
    page.get_by_label("Présentation").fill("Des projets utiles aux habitants.")
    page.get_by_label("Titre").focus()
    page.get_by_text("Enregistré à").wait_for()
    page.get_by_role("link", name="Fiches →").click()
    page.get_by_role("link", name="Financeurs et leurs services →").click()
    page.get_by_role("button", name="Ajouter Préfecture du Val-de-Marne").click()
    page.get_by_role("link", name="Préfecture du Val-de-Marne").click()
    # Le service est celui du dernier appel : rien à ressaisir.
    assert "préfecture" in page.get_by_label("Nom du service").input_value()

    page.goto(f"{ici}apercu/")
    page.get_by_role("heading", name="Appel d’essai des quartiers").wait_for()
    page.goto(ici)
    page.get_by_role("link", name="Publier…").click()
    page.get_by_role("button", name="Publier l’appel").click()
    page.get_by_text("est publié.").wait_for()
    page.get_by_role("link", name="Lire l’appel publié").click()
    page.get_by_text("Ferme dans 30 jours").wait_for()

    page.goto(ici)
    page.get_by_role("button", name="Préparer une nouvelle version").click()
    page.get_by_role("link", name="Présentation et dates").click()
    page.get_by_label("Ferme le").fill(instant(44, "18:00"))
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Publier…").click()
    page.get_by_label("Ce qui change, et pourquoi").fill("Deux semaines de plus.")
    page.get_by_role("button", name="Publier cette version").click()
    page.get_by_text("La clôture est repoussée").first.wait_for()
    assert page.erreurs == []


def test_un_appel_s_ouvre_sans_javascript(ouvrir):
    page = ouvrir("/compte/connexion/", javascript=False)
    for repli in page.locator("details > summary").all():
        repli.click()
    page.get_by_role("button", name="Essayer comme Nathalie Kerbrat").click()
    ouvrir_un_appel(page, "Appel sans script")
    page.get_by_role("link", name="Questions de l’appel").click()
    page.locator("details.repli > summary").click()
    page.get_by_label("Question").first.fill("Pour qui est ce projet ?")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_role("link", name="Pour qui est ce projet ?").wait_for()


def test_un_habitant_trouve_quand_deposer_et_quoi_preparer(ouvrir):
    page = ouvrir(f"{CONTRAT}/fiches/13-2/")
    page.get_by_role("link", name=OUVERT).click()
    page.get_by_label("Vous êtes").select_option("commune")
    page.get_by_role("button", name="Voir mes pièces").click()
    page.get_by_text("Délibération qui approuve").wait_for()
    assert page.get_by_text("Récépissé de déclaration").count() == 0
    page.get_by_role("link", name="01 99 00 80 10").wait_for()


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_du_pilote_est_accessible_et_tient_dans_l_ecran(ouvrir, largeur, tmp_path):
    page = ouvrir("/", largeur)
    entrer(page, "Nathalie Kerbrat")
    page.goto(APPELS)
    brouillon = page.locator(".lignes__titre", has_text="Brouillon").get_by_role("link").last
    adresse = brouillon.get_attribute("href")
    chemins = [
        APPELS,
        f"{APPELS}nouveau/",
        f"{APPELS}ailleurs/",
        f"{APPELS}ailleurs/nouveau/",
        f"{CONTRAT}/appels/etre-prevenu/",
        adresse,
        *(
            f"{adresse}{suite}/"
            for suite in (
                *("apercu", "publier", "presentation", "fiches"),
                *("financeurs", "pieces", "questions", "appeler"),
            )
        ),
    ]
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        verifier(page, chemin)
        (tmp_path / f"{rang:02}.html").write_bytes(page.request.get(page.url).body())
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, chemins) == []
