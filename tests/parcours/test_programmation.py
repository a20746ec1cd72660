"""La programmation dans un vrai navigateur : sa colonne au clavier, refusée, défaite, sans JavaScript."""

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import CONTRAT, _servir
from tests.parcours.controles import verifier
from tests.parcours.test_pages import HTML_VALIDATE, fautes_de_html

ICI = f"{CONTRAT}/instruction/programmation/"
LA_RUE, LES_TAMBOURS = "La rue est à nous le samedi", "Les tambours de la dalle"


@pytest.fixture(scope="module")
def site(reglages, tmp_path_factory):
    """Rend l'adresse d'un site à lui : ces parcours écrivent."""
    var = {"PARVIS_VAR": str(tmp_path_factory.mktemp("programmation"))}
    with _servir(reglages | var) as adresse:
        yield adresse


@pytest.fixture
def comme(ouvrir):
    def ouvrir_en(chemin=ICI, qui="Joséphine Mbemba", largeur=1280, javascript=True):
        page = ouvrir("/compte/connexion/", largeur, javascript)
        page.locator("details").evaluate_all("tous => tous.forEach(un => un.open = true)")
        page.get_by_role("button", name=f"Essayer comme {qui}").click()
        page.wait_for_url("**/compte/")
        page.goto(chemin)
        return page

    return ouvrir_en


def case(page, titre: str):
    """Rend la case modifiable de ce dossier, ouverte ou non."""
    return page.locator("tbody tr", has_text=titre).locator("[data-case]")


def main_sur(page) -> str:
    """Rend ce sur quoi est la main : le texte d'un lien, ou « saisie » et ce qui y est tapé."""
    dit = page.evaluate(
        """() => {
          const ici = document.activeElement;
          return ici.dataset.saisie ? `saisie ${ici.value}` : ici.innerText;
        }"""
    )
    return dit.replace("\xa0", " ")


def montant(page, titre: str) -> str:
    return case(page, titre).get_attribute("data-montant").replace("\xa0", " ")


def enregistre(page, dit: str) -> None:
    expect(page.locator("[data-annonce]")).to_have_text(dit, timeout=10_000)


def test_toute_une_colonne_se_tape_au_clavier(comme):
    page = comme()
    verifier(page, "la programmation")
    pied = page.locator("[data-pied] .t-nous")
    expect(pied).to_contain_text("2 700 € proposés")
    case(page, LA_RUE).focus()
    page.keyboard.press("Enter")
    assert main_sur(page) == "saisie 1 200"
    page.keyboard.type("1000,5")
    page.keyboard.press("Enter")
    # Entrée enregistre, et descend à la case suivante.
    assert main_sur(page) == "1 500 € proposés"
    enregistre(page, "Enregistré : 1 000,50 € proposés.")
    assert montant(page, LA_RUE) == "1 000,50"
    expect(pied).to_contain_text("2 500,50 € proposés")
    # Un chiffre ouvre la case à sa place ; Échap renonce.
    page.keyboard.type("9")
    assert main_sur(page) == "saisie 9"
    page.keyboard.press("Escape")
    assert main_sur(page) == "1 500 € proposés" and montant(page, LES_TAMBOURS) == "1 500"
    page.keyboard.press("ArrowUp")
    assert main_sur(page) == "1 000,50 € proposés"
    page.keyboard.press("ArrowLeft")
    assert main_sur(page) == LA_RUE
    page.keyboard.press("ArrowRight")
    # Ctrl+Z envoie l'ancien montant, comme un acte de plus.
    page.keyboard.press("ControlOrMeta+z")
    enregistre(page, "Enregistré : 1 200 € proposés.")
    assert montant(page, LA_RUE) == "1 200" and main_sur(page) == "1 200 € proposés"
    expect(pied).to_contain_text("2 700 € proposés")
    page.keyboard.press("ControlOrMeta+z")
    enregistre(page, "Rien à défaire.")
    page.reload()
    assert montant(page, LA_RUE) == "1 200"
    assert page.erreurs == []


def test_une_case_refusee_dit_pourquoi_et_garde_ce_qui_est_tape(comme):
    page = comme()
    case(page, LES_TAMBOURS).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("9 999")
    page.keyboard.press("ArrowUp")
    assert main_sur(page) == "1 200 € proposés"
    refus = page.locator("[data-refus]")
    expect(refus).to_contain_text("vous proposez plus que les 2 000 € demandés")
    champ = page.get_by_label(f"Montant proposé pour {LES_TAMBOURS}")
    expect(champ).to_have_value("9 999")
    expect(champ).to_have_attribute("aria-invalid", "true")
    # La main est restée où elle était.
    assert main_sur(page) == "1 200 € proposés"
    verifier(page, "une case refusée")
    page.keyboard.press("ArrowDown")
    assert main_sur(page) == "saisie 9 999"
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("1500,01")
    page.keyboard.press("Enter")
    enregistre(page, "Enregistré : 1 500,01 € proposés.")
    expect(refus).to_have_count(0)
    page.keyboard.press("ControlOrMeta+z")
    enregistre(page, "Enregistré : 1 500 € proposés.")
    # Le refus est une réponse 422, que le navigateur met dans sa console.
    assert all("422" in erreur for erreur in page.erreurs)


def test_deux_personnes_ne_s_ecrasent_pas(comme):
    une, autre = comme(), comme()
    for page, tape in ((une, "1100"), (autre, "900")):
        case(page, LA_RUE).focus()
        page.keyboard.press("Enter")
        page.keyboard.type(tape)
        page.keyboard.press("Enter")
        if page is une:
            enregistre(page, "Enregistré : 1 100 € proposés.")
    expect(autre.locator("[data-refus]")).to_contain_text("pendant que vous écriviez")
    autre.reload()
    assert montant(autre, LA_RUE) == "1 100"
    une.keyboard.press("ControlOrMeta+z")
    enregistre(une, "Enregistré : 1 200 € proposés.")


def test_sans_javascript_chaque_case_a_son_formulaire(comme):
    page = comme(javascript=False)
    assert page.locator("[data-avec-script]").is_hidden()
    case(page, LA_RUE).click()
    page.get_by_label("Montant proposé").fill("99 999")
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("plus que les")
    expect(page.get_by_label("Montant proposé")).to_have_value("99 999")
    page.get_by_label("Montant proposé").fill("1 200")
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.wait_for_url(f"**{ICI}**")
    expect(case(page, LA_RUE)).to_contain_text("1 200 € proposés")


def test_le_tableau_emporte_se_reprend(comme, tmp_path):
    page = comme()
    with page.expect_download() as recu:
        page.get_by_role("link", name="XLSX").click()
    recu.value.save_as(tmp_path / "programmation.xlsx")
    page.get_by_role("link", name="Reprendre un tableau rempli").click()
    verifier(page, "reprendre")
    classeur = openpyxl.load_workbook(tmp_path / "programmation.xlsx")
    feuille = classeur.active
    rang = next(c.row for c in feuille["C"] if c.value == LES_TAMBOURS)
    colonne = next(c.column for c in feuille[1] if c.value == "Proposé par mon service (€)")
    feuille.cell(rang, colonne).value = 1499
    classeur.save(tmp_path / "rempli.xlsx")
    page.get_by_label("Le tableau rempli").set_input_files(tmp_path / "rempli.xlsx")
    page.get_by_role("button", name="Voir ce qui change").click()
    page.get_by_role("heading", name="1 montant à proposer").wait_for()
    verifier(page, "relu")
    page.get_by_role("button", name="Proposer ces montants").click()
    page.wait_for_url(f"**{ICI}")
    assert montant(page, LES_TAMBOURS) == "1 499"
    case(page, LES_TAMBOURS).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("1500")
    page.keyboard.press("Enter")
    enregistre(page, "Enregistré : 1 500 € proposés.")
    assert page.erreurs == []


@pytest.mark.parametrize("largeur", [1280, 320])
def test_la_table_defile_et_pas_la_page(comme, tmp_path, largeur):
    pages = {
        "instruction": comme(largeur=largeur),
        "pilotage": comme(f"{CONTRAT}/pilotage/programmation/", "Nathalie Kerbrat", largeur),
    }
    for nom, page in pages.items():
        verifier(page, f"{nom} à {largeur} pixels")
        cadre = page.locator(".t-cadre")
        assert cadre.evaluate("un => un.scrollWidth > un.clientWidth")
        # En défilant, la première colonne et l'en-tête restent.
        cadre.evaluate("un => un.scrollTo(un.scrollWidth, 0)")
        bords = cadre.evaluate(
            """un => [un, un.querySelector("tbody th"), un.querySelector("thead th")].map(
              (ici) => Math.round(ici.getBoundingClientRect().left))"""
        )
        assert max(bords) - min(bords) <= 1, bords
    for rang, page in enumerate(pages.values()):
        (tmp_path / f"{rang}.html").write_text(page.content(), encoding="utf-8")
    if HTML_VALIDATE.exists():
        assert fautes_de_html(tmp_path, list(pages)) == []
