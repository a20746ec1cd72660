"""Le budget d'un dossier dans un vrai navigateur : au clavier, collé, à deux, sans JavaScript."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

PROJET = "Le journal du trottoir"
# Ce que l'on tape, case après case : le compte, puis la suite de ses lignes.
DEPENSES = (
    ("Achats matières et fournitures", ["12*2*25", "8 x 32"]),
    ("Locations", ["300"]),
    ("Assurance", ["120,50"]),
    ("Publicité, publication", ["4*210"]),
    ("Déplacements, missions", ["180"]),
    ("Rémunération des personnels", ["2*8*22*17,40"]),
    ("Charges sociales", ["42 % de 6 124,80"]),
)
RECETTES = (
    ("Cotisations", ["31*10"]),
    ("Dons manuels - mécénat", ["150"]),
    ("Vente de produits finis, de marchandises, prestations de services", ["48*5"]),
)
CHARGES = ("601 Peinture\t12,50", "Location de salle\t1 300", "Salaires\t450", "Trucmuche\t7")
TRENTE = "\n".join([*CHARGES * 6, "Produits", *["Subvention CAF\t2 000"] * 6])
OUBLIER = """
from parvis.dossiers.models import Dossier
un = Dossier.objects.get(projet__titre="{projet}")
un.ecritures.filter(section="budget").delete()
un.lignes_de_budget.all().delete()
un.demandes.all().delete()
print(un.pk)
"""


@pytest.fixture(scope="module")
def var(reglages, tmp_path_factory):
    return reglages | {"PARVIS_VAR": str(tmp_path_factory.mktemp("budget"))}


@pytest.fixture(scope="module")
def site(var):
    """Rend l'adresse d'un site à lui : ces parcours écrivent."""
    with _servir(var) as adresse:
        yield adresse


@pytest.fixture
def adresse(site, var):
    """Rend l'adresse d'un budget où rien n'est encore écrit."""
    commande = [sys.executable, "manage.py", "shell", "-c", OUBLIER.format(projet=PROJET)]
    sortie = subprocess.run(commande, env=var, capture_output=True, text=True, check=True)
    return f"{CONTRAT}/dossiers/{sortie.stdout.split()[-1]}/budget/"


@pytest.fixture
def comme(ouvrir):
    def ouvrir_en(chemin: str, qui="Noémie Zerbib", largeur: int = 1280, javascript: bool = True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
        page.get_by_role("button", name=f"Essayer comme {qui}").click()
        page.wait_for_url("**/compte/")
        page.goto(chemin)
        return page

    return ouvrir_en


def montant(page, compte: str):
    return page.get_by_label(f"{compte}, montant ou calcul", exact=True)


def lire(page) -> str:
    """Rend le texte de la page, espaces insécables défaites."""
    return " ".join(page.locator("main").inner_text().split())


def deplier(page) -> None:
    page.get_by_role("button", name="Déplier tous les postes").press("Enter")
    page.get_by_role("button", name="Replier tous les postes").wait_for()


def taper(page, lignes) -> None:
    """Tape chaque montant, et descend d'une touche Entrée jusqu'à la case voulue."""
    for compte, montants in lignes:
        case = montant(page, compte).first
        for _ in range(80):
            if case.evaluate("champ => champ === document.activeElement"):
                break
            page.keyboard.press("Enter")
        else:
            raise AssertionError(f"La touche Entrée ne mène pas à « {compte} ».")
        for rang, texte in enumerate(montants):
            if rang:  # une ligne de plus au même compte : son bouton, juste avant
                page.get_by_role("button", name=f"+ une ligne à {compte}").press("Enter")
                page.keyboard.press("Tab")
            page.keyboard.type(texte)


def equilibre(page, texte: str):
    page.locator("[data-equilibre]", has_text=texte).wait_for(timeout=10_000)


def etat(page, texte: str):
    lieu = page.locator("[data-etat]")
    expect(lieu).to_contain_text(texte, timeout=15_000)


@pytest.mark.parametrize("largeur", [1280, 320])
def test_chaque_page_se_lit_et_s_entend(comme, adresse, largeur, tmp_path):
    page = comme(adresse, largeur=largeur)
    autres = page.get_by_role("link", name="prévu").get_attribute("href")
    chemins = [adresse, autres, f"{adresse}coller/"]
    for rang, chemin in enumerate(chemins):
        page.goto(chemin)
        for repli in page.locator("main details:not([open]) > summary").all():
            if repli.is_visible():
                repli.click()
        verifier(page, chemin)
        (tmp_path / f"{rang}.html").write_bytes(page.request.get(page.url).body())
    page.get_by_label("Les lignes de votre tableau").fill(TRENTE)
    page.get_by_role("button", name="Lire ces lignes").click()
    page.get_by_role("heading", name="À éclaircir").wait_for()
    verifier(page, "l'aperçu")
    (tmp_path / "3.html").write_text(page.content(), encoding="utf-8")
    assert page.erreurs == []
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, [*chemins, "l'aperçu"]) == []


@pytest.mark.parametrize("largeur", [1280, 320])
def test_douze_lignes_au_clavier_jusqu_a_l_equilibre(comme, adresse, largeur):
    page = comme(adresse, largeur=largeur)
    deplier(page)
    montant(page, "Achats matières et fournitures").focus()
    taper(page, DEPENSES)
    equilibre(page, "Il manque 10 993,72 €")
    montant(page, "Vente de produits finis, de marchandises, prestations de services").focus()
    taper(page, RECETTES[2:])
    taper(page, RECETTES[:2])
    equilibre(page, "Il manque 10 293,72 €")
    # La demande : le bouton du financeur mène droit à son montant.
    page.get_by_role("button", name="+ Préfecture du Val-de-Marne").press("Enter")
    page.keyboard.type("10 293,72")
    equilibre(page, "Équilibré")
    page.keyboard.press("Tab")
    etat(page, "Enregistré à")
    verifier(page, "un budget équilibré")
    page.reload()
    equilibre(page, "Équilibré")
    assert montant(page, "Achats matières et fournitures").first.input_value() == "12*2*25"
    assert page.locator("[data-valeur]", has_text="= 600,00").count() == 1
    assert "Préfecture du Val-de-Marne paierait 93,6 %" in lire(page)
    assert page.erreurs == []


def test_les_touches_d_un_tableur(comme, adresse):
    page = comme(adresse)
    fournitures, prestations = (
        montant(page, nom) for nom in ("Achats matières et fournitures", "Prestations de services")
    )
    fournitures.focus()
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    assert prestations.evaluate("champ => champ === document.activeElement")
    page.keyboard.type("20")
    page.keyboard.press("Shift+Enter")
    assert fournitures.evaluate("champ => champ === document.activeElement")
    page.keyboard.type("999")
    page.keyboard.press("Escape")
    assert fournitures.input_value() == "100"
    equilibre(page, "Il manque 120 €")
    # À la dernière ligne du poste, Entrée en ajoute une ; vide, elle s'en va avec qui la quitte.
    autres = montant(page, "Autres fournitures")
    autres.focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert autres.count() == 2
    page.keyboard.press("Enter")
    assert autres.count() == 1


def test_une_case_fautive_le_dit_une_fois_quittee(comme, adresse):
    page = comme(adresse)
    case = montant(page, "Achats matières et fournitures")
    case.focus()
    page.keyboard.type("12*")
    page.wait_for_timeout(1000)
    assert page.locator("[data-faute]:visible").count() == 0  # on n'a pas fini de taper
    page.keyboard.press("Tab")
    page.locator("[data-faute]", has_text="Il manque un nombre").wait_for()
    assert case.input_value() == "12*" and case.get_attribute("aria-invalid") == "true"
    etat(page, "1 point à corriger")
    page.reload()
    assert case.input_value() == "12*"


def test_coller_trente_lignes_dans_une_case(comme, adresse):
    page = comme(adresse)
    case = montant(page, "Achats matières et fournitures")
    case.fill("77")
    case.focus()
    page.evaluate(
        """texte => {
          const collage = new DataTransfer();
          collage.setData("text/plain", texte);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: collage, bubbles: true, cancelable: true }));
        }""",
        TRENTE,
    )
    page.get_by_role("heading", name="Ce qui est compris").wait_for()
    assert "24 lignes comprises, 6 à éclaircir, 1 laissée de côté" in lire(page)
    page.get_by_role("button", name="Ajouter au budget").click()
    page.get_by_text("24 lignes sont ajoutées").wait_for()
    # 6 × (12,50 + 1 300 + 450) et les 77 € d'avant ; 6 × 2 000 demandés.
    equilibre(page, "10 652 €")
    equilibre(page, "12 000 €")


def test_sans_javascript_tout_se_fait(comme, adresse):
    page = comme(adresse, javascript=False)
    montant(page, "Achats matières et fournitures").fill("12*2*25")
    page.get_by_label("À qui").select_option("autre")
    page.get_by_label("Son nom").fill("Fondation du Bel Avenir")
    page.get_by_label("Combien").fill("500")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert "Il manque 100 €" in lire(page) and "= 600,00 €" in lire(page)
    page.get_by_text("Coller depuis un tableur").click()
    page.get_by_label("Les lignes de votre tableau").fill("Adhésions\t100")
    page.get_by_role("button", name="Lire ces lignes").click()
    page.get_by_role("button", name="Ajouter au budget").click()
    assert "Équilibré" in lire(page)
    page.get_by_role("button", name="Enregistrer, puis").click()
    page.get_by_role("button", name="Recopier le budget").click()
    assert "Équilibré" in lire(page)
    page.get_by_label("Retirer cette demande").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert "Il manque 500 €" in lire(page)


def test_deux_personnes_sur_le_meme_budget(comme, adresse):
    """La seconde voit les deux textes, le sien entier ; sur un autre exercice, rien ne gêne."""
    premiere, seconde = comme(adresse), comme(adresse, qui="Awa Diarra")
    montant(premiere, "Achats matières et fournitures").fill("100")
    etat(premiere, "Enregistré à")
    montant(seconde, "Prestations de services").fill("250")
    etat(seconde, "Noémie Zerbib a changé cette section")
    seconde.get_by_role("button", name="Enregistrer", exact=True).click()
    seconde.get_by_role("heading", name="De l’autre texte au vôtre").wait_for()
    assert montant(seconde, "Prestations de services").input_value() == "250"
    assert "100" in " ".join(seconde.locator(".difference").inner_text().split())
    montant(seconde, "Achats matières et fournitures").fill("100")
    seconde.get_by_role("button", name="Enregistrer", exact=True).click()
    equilibre(seconde, "Il manque 350 €")
    suivant = premiere.get_by_role("link", name="prévu").get_attribute("href")
    seconde.goto(suivant)
    montant(seconde, "Prestations de services").fill("40")
    etat(seconde, "Enregistré à")
    premiere.reload()
    montant(premiere, "Assurance").evaluate("champ => champ.closest('details').open = true")
    montant(premiere, "Assurance").fill("9")
    etat(premiere, "Enregistré à")


def test_la_session_finit_entre_deux_frappes(comme, adresse):
    """Le texte attend, et l'exercice se retrouve entier."""
    page = comme(adresse)
    montant(page, "Achats matières et fournitures").fill("100")
    etat(page, "Enregistré à")
    page.context.clear_cookies(name="sessionid")
    montant(page, "Prestations de services").fill("250")
    etat(page, "vous n’êtes plus connecté")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/compte/connexion/**")
    page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
    page.get_by_role("button", name="Essayer comme Noémie Zerbib").click()
    page.wait_for_url(f"**{adresse}")
    equilibre(page, "Il manque 350 €")
    assert montant(page, "Prestations de services").input_value() == "250"
