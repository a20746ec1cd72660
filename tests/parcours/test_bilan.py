"""Rendre un bilan, dans un vrai navigateur : au clavier et à mesure, ou au téléphone et sans script."""

import re
from datetime import date

import pytest

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_espaces import entrer
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PORTEUR, PILOTE, CAISSE, AUTRE = "Malika Ouahbi", "Nathalie Kerbrat", "Samir Oukaci", "Awa Diarra"
MARCHE, DENTS = "La marche du lundi", "Les dents des petits"
TELEPHONE = 320
ANNEE = date.today().year + 1


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : on y rend des bilans."""
    dossier = tmp_path_factory.mktemp("bilans")
    with _servir(reglages | {"PARVIS_VAR": str(dossier)}) as adresse:
        yield adresse


@pytest.fixture
def comme(ouvrir):
    def ouvrir_comme(qui: str, largeur: int = 1280, javascript: bool = True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        entrer(page, qui)
        return page

    return ouvrir_comme


def commencer(page, titre: str) -> None:
    """Ouvre le bilan d'un projet, depuis la liste des siens."""
    page.goto(f"{CONTRAT}/projets/")
    carte = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=titre))
    carte.get_by_role("link", name=re.compile(r"^bilan \d{4}")).first.click()
    page.get_by_role("link", name=re.compile("^Commencer")).click()
    page.get_by_role("button", name="Commencer le bilan").click()
    page.get_by_role("heading", name=re.compile("Bilan définitif")).wait_for()


def attendre_l_enregistrement(page) -> None:
    page.locator("[data-etat]").filter(has_text=re.compile("Enregistré à")).wait_for()


def ecrire(page, champ: str, texte: str) -> None:
    """Tape dans un champ au clavier, puis le quitte."""
    page.locator(f"[name='{champ}']").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(texte)
    page.keyboard.press("Tab")


def dire_ce_qui_s_est_passe(page, base: str) -> None:
    """Choisit une issue, se trompe d'une date, la corrige : tout s'enregistre à mesure."""
    page.goto(f"{base}realisation/")
    page.get_by_label("Il a eu lieu comme prévu").focus()
    page.keyboard.press("Space")
    ecrire(page, "fin_le", "20/11/2020")
    attendre_l_enregistrement(page)
    # Une date qui précède le début se dit, sans rien retenir.
    page.locator("[data-fautes]").get_by_text("finirait avant de commencer").wait_for()
    ecrire(page, "debut_le", "12/01/2020")
    page.locator("[data-fautes]").wait_for(state="hidden")
    verifier(page, "ce qui s'est passé")


def compter_les_habitants(page, base: str) -> None:
    """Compte des habitants : le serveur en fait le total."""
    page.goto(f"{base}habitants/")
    champs = page.locator("table.bilan-grille input:visible")
    champs.nth(2).focus()
    page.keyboard.type("14")
    page.keyboard.press("Tab")
    page.locator("[data-texte='total']", has_text="14").wait_for()
    page.get_by_role("radio", name="Estimées", exact=True).check()
    attendre_l_enregistrement(page)
    verifier(page, "les habitants")


def test_un_bilan_s_ecrit_au_clavier_et_s_enregistre_a_mesure(comme):
    page = comme(PORTEUR)
    commencer(page, MARCHE)
    verifier(page, "la liste de tâches")
    base = page.url

    dire_ce_qui_s_est_passe(page, base)
    compter_les_habitants(page, base)
    page.goto(f"{base}indicateurs/")
    ecrire(page, "i0_realise", "12")
    attendre_l_enregistrement(page)
    verifier(page, "les indicateurs")

    page.goto(f"{base}budget/")
    for rang, montant in enumerate(("400", "1000", "300")):
        ecrire(page, f"l{rang}_realise", montant)
    for rang, montant in enumerate(("1600", "0")):
        ecrire(page, f"d{rang}_realise", montant)
    # Le grand écart demande pourquoi, et le champ se montre seul.
    pourquoi = page.locator("[name='l1_explication']")
    pourquoi.wait_for()
    assert page.locator("[name='l0_explication']").is_hidden()
    pourquoi.fill("L’infirmière est venue un lundi sur deux.")
    pourquoi.press("Tab")
    attendre_l_enregistrement(page)
    verifier(page, "le budget")
    page.reload()
    assert page.locator("[name='l1_explication']").input_value().startswith("L’infirmière")

    page.goto(f"{base}recit/")
    ecrire(page, "fait", "Quarante lundis, par tous les temps.")
    ecrire(page, "objectifs", "On marche encore, sans nous.")
    attendre_l_enregistrement(page)

    page.goto(f"{base}rendre/")
    page.get_by_text("Ce qui n’est pas dépensé").first.wait_for()
    verifier(page, "signer et rendre")
    page.get_by_label("Prénom et nom de qui certifie").fill("Malika Ouahbi")
    page.get_by_label("À quel titre").fill("Présidente")
    page.get_by_label(re.compile("certifie que ce bilan est exact")).check()
    page.get_by_role("button", name="Rendre le bilan").press("Enter")
    page.get_by_text("Votre bilan est rendu.").wait_for()
    verifier(page, "un bilan rendu")
    assert page.erreurs == []

    pilote = comme(PILOTE)
    pilote.goto(f"{CONTRAT}/pilotage/bilans/?etat=rendu")
    pilote.get_by_role("link", name=MARCHE, exact=True).click()
    pilote.get_by_text("Quarante lundis, par tous les temps.").wait_for()
    pilote.get_by_role("button", name="Accepter ce bilan").press("Enter")
    pilote.get_by_text("pour tous les financeurs. Le porteur vient d’être prévenu").wait_for()
    verifier(pilote, "un bilan accepté")
    assert pilote.erreurs == []


def test_plus_de_temps_se_demande_au_telephone_sans_script(comme):
    page = comme(PORTEUR, TELEPHONE, javascript=False)
    commencer(page, DENTS)
    base = page.url
    page.goto(f"{base}realisation/")
    page.get_by_label("Il nous faut plus de temps").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text(re.compile("Enregistré à")).first.wait_for()
    page.goto(f"{base}rendre/")
    page.get_by_text("Dites quand le projet finira.").wait_for()
    page.get_by_role("link", name="Dites quand le projet finira.").click()
    page.get_by_label(re.compile("quand finira-t-il")).fill(f"31/10/{ANNEE}")
    page.get_by_label("Pourquoi ?").fill("Une école n’ouvre qu’à la rentrée.")
    page.get_by_role("button", name="Enregistrer").click()
    page.goto(f"{base}rendre/")
    page.get_by_label("Prénom et nom de qui certifie").fill("Malika Ouahbi")
    page.get_by_role("button", name="Rendre le bilan").click()
    # Un refus garde ce qui est tapé.
    page.get_by_text("Cochez la case").wait_for()
    assert page.get_by_label("Prénom et nom de qui certifie").input_value() == "Malika Ouahbi"
    page.get_by_label("À quel titre").fill("Présidente")
    page.get_by_label(re.compile("certifie que ce bilan est exact")).check()
    page.get_by_role("button", name="Rendre le bilan").click()
    page.get_by_text("Votre bilan est rendu.").wait_for()

    pilote = comme(PILOTE, TELEPHONE, javascript=False)
    pilote.goto(f"{CONTRAT}/pilotage/bilans/?etat=rendu")
    pilote.get_by_role("link", name=DENTS, exact=True).click()
    pilote.get_by_role("button", name="Laisser ce temps").click()
    pilote.get_by_text("Ce temps est laissé.").wait_for()
    page.goto(base)
    page.get_by_text(f"il est attendu le 30 avril {ANNEE + 1}").wait_for()


@pytest.mark.parametrize("largeur", [1280, TELEPHONE])
def test_les_pages_se_lisent_et_s_entendent(comme, largeur, tmp_path):
    pages: dict[str, bytes] = {}

    def garder(page, nom):
        verifier(page, nom)
        pages[nom] = page.request.get(page.url).body()
        assert page.erreurs == []

    page = comme(AUTRE, largeur)
    page.goto(f"{CONTRAT}/projets/")
    page.get_by_role("link", name=re.compile(r"^bilan \d{4}")).first.click()
    garder(page, "les bilans d'un dossier")
    page.get_by_role("link", name=re.compile("^Continuer")).click()
    page.get_by_text("À compléter avant le").wait_for()
    garder(page, "un complément demandé")
    base = page.url
    for suite in ("recit", "habitants", "budget", "indicateurs", "fichiers", "rendre"):
        page.goto(f"{base}{suite}/")
        garder(page, suite)
    page = comme(PILOTE, largeur)
    page.goto(f"{CONTRAT}/pilotage/bilans/")
    garder(page, "la liste du pilote")
    page.get_by_role("link", name="Le café des parents", exact=True).click()
    garder(page, "un bilan, chez le pilote")
    page.goto(f"{CONTRAT}/pilotage/bilans/?etat=a_completer")
    page.get_by_role("link", name="Les contes du palier", exact=True).click()
    page.get_by_role("link", name="Demander un autre complément").click()
    garder(page, "demander un complément")
    page = comme(CAISSE, largeur)
    page.goto(f"{CONTRAT}/instruction/bilans/")
    garder(page, "la liste d'un financeur")
    page.get_by_role("link", name="Le café des parents", exact=True).click()
    garder(page, "un bilan, chez un financeur")
    if largeur == 1280 and HTML_VALIDATE.exists():
        for rang, contenu in enumerate(pages.values()):
            (tmp_path / f"{rang}.html").write_bytes(contenu)
        assert fautes_de_html(tmp_path, list(pages)) == []
