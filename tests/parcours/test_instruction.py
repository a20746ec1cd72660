"""Étudier un dossier et décider, dans un vrai navigateur : un avis au clavier, une décision, sa lecture."""

import re

import pytest

from tests.parcours.clavier import aller, choisir, ecrire, frapper
from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

ETAT, CAISSE, BAILLEUR = "Joséphine Mbemba", "Samir Oukaci", "Olivier Pham"
RUE, TAMBOURS, CONTES = (
    "La rue est à nous le samedi",
    "Les tambours de la dalle",
    "Les contes du palier",
)
TELEPHONE = 320


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours rendent des avis et publient."""
    dossier = tmp_path_factory.mktemp("instruction")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


@pytest.fixture
def comme(ouvrir):
    def ouvrir_comme(qui: str, largeur: int = 1280, javascript: bool = True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        entrer(page, qui)
        return page

    return ouvrir_comme


def etudier(page, titre: str) -> None:
    page.goto(f"{CONTRAT}/instruction/dossiers/")
    page.get_by_role("link", name=titre).click()
    page.wait_for_url(re.compile(r"/instruction/dossiers/\d+/$"))


def test_un_avis_se_rend_au_clavier_et_le_cofinanceur_n_en_lit_que_sa_part(comme):
    page = comme(ETAT)
    etudier(page, CONTES)
    aller(page, "Rendre mon avis")
    choisir(page, "Favorable", "Réservé")
    ecrire(page, "Politique de la ville (programme 147)", "1500")
    ecrire(page, "Motif", "Les horaires sont à revoir.")
    ecrire(page, "Note interne", "Appeler le bailleur.")
    frapper(page, "Rendre cet avis")
    page.get_by_text("Votre avis est rendu").wait_for()
    assert page.get_by_text("Appeler le bailleur.").count() == 1
    verifier(page, "le dossier, avis rendu")

    autre = comme(BAILLEUR)
    etudier(autre, CONTES)
    autre.get_by_text("Les horaires sont à revoir.").wait_for()
    contenu = autre.content()
    assert "Appeler le bailleur." not in contenu
    assert "1 500" not in contenu.replace("\xa0", " ")
    assert page.erreurs == autre.erreurs == []


def test_un_lien_connu_mene_au_deport(comme):
    page = comme(BAILLEUR, TELEPHONE)
    etudier(page, TAMBOURS)
    page.get_by_text("Un lien avec ce porteur est connu").wait_for()
    verifier(page, "le lien connu, au téléphone")
    page.get_by_role("link", name="Se déporter de ce dossier").click()
    verifier(page, "se déporter, au téléphone")
    page.get_by_label("Pourquoi vous déportez-vous").fill("Ma sœur y joue.")
    page.get_by_role("button", name="Me déporter de ce dossier").click()
    page.get_by_text("Vous êtes déporté du dossier").wait_for()
    assert page.get_by_role("link", name=TAMBOURS).count() == 0


def test_une_decision_se_prend_sans_javascript_et_le_porteur_la_lit(comme):
    page = comme(CAISSE, javascript=False)
    page.goto(f"{CONTRAT}/instruction/decisions/nouvelle/")
    page.get_by_label("Exercice").fill("2099")
    page.get_by_label("Prise le").fill("2020-01-01")
    page.get_by_role("button", name="Préparer cette décision").click()
    page.get_by_text("relisez sa date").wait_for()
    page.goto(f"{CONTRAT}/instruction/decisions/")
    page.get_by_role("link", name="Décision du conseil d’administration", exact=True).click()
    page.get_by_role("link", name="Corriger le numéro, la date").click()
    page.get_by_label("Prise le").evaluate(
        "champ => champ.value = new Date().toISOString().slice(0, 10)"
    )
    page.get_by_label("Numéro").fill("121")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_text("13 200").wait_for()
    page.get_by_role("button", name="Publier la décision").click()
    page.get_by_text("La décision est publiée").wait_for()

    porteur = comme("Dounia Rahmani", TELEPHONE)
    porteur.goto(f"{CONTRAT}/projets/")
    carte = porteur.get_by_role("listitem").filter(has=porteur.get_by_role("heading", name=RUE))
    carte.get_by_role("link", name=re.compile("suites")).first.click()
    porteur.get_by_text("Ce que les financeurs ont répondu").wait_for()
    verifier(porteur, "la réponse, au téléphone")


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_les_pages_se_lisent_et_s_entendent(comme, largeur, tmp_path):
    page = comme(ETAT, largeur)
    pages: dict[str, bytes] = {}

    def garder(nom):
        verifier(page, nom)
        pages[nom] = page.request.get(page.url).body()

    for nom, adresse in (
        ("la file", "dossiers/?avis=rendu"),
        ("les liens", "liens/"),
        ("les décisions", "decisions/"),
        ("une décision nouvelle", "decisions/nouvelle/"),
        ("les versements", "versements/"),
        ("reprendre un fichier de paiement", "versements/reprendre/"),
    ):
        page.goto(f"{CONTRAT}/instruction/{adresse}")
        garder(nom)
    etudier(page, RUE)
    garder("un dossier")
    dossier = page.url
    for suite in ("avis", "expert", "deport"):
        page.goto(f"{dossier}{suite}/")
        garder(suite)
    if largeur == 1280 and HTML_VALIDATE.exists():
        for rang, contenu in enumerate(pages.values()):
            (tmp_path / f"{rang}.html").write_bytes(contenu)
        assert fautes_de_html(tmp_path, list(pages)) == []
    assert page.erreurs == []


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_le_pilote_demande_un_avis(comme, largeur):
    page = comme("Nathalie Kerbrat", largeur)
    page.goto(f"{CONTRAT}/pilotage/dossiers/?etat=recevable")
    page.get_by_role("link", name=re.compile("Demander un avis sur les dossiers")).click()
    verifier(page, "demander un avis")
    page.get_by_label("À qui").select_option(index=1)
    page.get_by_role("button", name="Demander cet avis").click()
    page.get_by_text(re.compile("L’avis est demandé|Rien de neuf")).wait_for()
    page.get_by_role("link", name=RUE).click()
    page.get_by_role("heading", name="Les avis").wait_for()
    verifier(page, "les avis, au pilotage")
