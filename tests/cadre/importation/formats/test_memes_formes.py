"""Un même contrat enregistré en Word, en PDF sans filets et en texte : les mêmes faits."""

import json

import pytest

from parvis.cadre.contenu import contenu_lu
from parvis.cadre.importation.lecteur import lire
from tests.fabriques import impression_docx, impression_pdf, impression_texte
from tests.fabriques.impression_docx import Aspect
from tests.fabriques.impression_pdf import Allure

TABLE = ["# Sommaire", "Axe 1 : Apprendre et grandir\t2", "Axe 2 : Travailler près de chez soi\t4"]
INTRODUCTION = ["# Introduction", "Le contrat porte sur les quartiers Les Aulnes et La Verrerie."]


def _fiche(numero: str, titre: str, **contenus: str) -> list[str]:
    rubriques = {
        "Pilote": "Ville de Maraisson",
        "Diagnostic partagé": "Le collège compte 412 élèves et 37 % d'entre eux ne déjeunent pas. "
        "Les familles le disent depuis trois ans, sans savoir à qui en parler.",
        "Description de l'action": "<p>Un lieu ouvre le soir :</p><ul><li>aide aux devoirs ;</li>"
        "<li>goûter préparé par les parents.</li></ul>",
        "Public visé": "Collégiens",
        "Partenaires opérationnels": "<p>Centre social</p><p>Association Le Fil</p>",
        "Cofinanceurs": "État ; CAF ; Conseil départemental",
        "Dispositifs mobilisables": "Contrat local d'accompagnement à la scolarité (CAF)",
        "Échéancier": "Septembre 2025",
        "Coût prévisionnel": "12 000 € par an",
        "Indicateurs de suivi": "<ul><li>Nombre de présents</li><li>Part des filles</li></ul>",
    }
    rubriques |= {nom.replace("_", " "): texte for nom, texte in contenus.items()}
    return [f"### Fiche action {numero} : {titre}", *(f"{n}\t{t}" for n, t in rubriques.items())]


CORPS = [
    "# Axe 1 : Apprendre et grandir",
    "Cet axe répond aux familles.",
    "## Objectif 1.1 : Ouvrir l'école",
    *_fiche("1.1.1", "Lire le soir"),
    *_fiche("1.1.2", "Manger ensemble", Pilote="Département", Échéancier="Courant 2026"),
    "## Objectif 1.2 : Garder les petits",
    *_fiche("1.2.1", "Une crèche", Coût_prévisionnel="État : 20 000 €<br>CAF : 4 000 €"),
    "# Axe 2 : Travailler près de chez soi",
    "## Objectif 2.1 : Aller vers",
    *_fiche("2.1.1", "Le bus des métiers", Pilote="Mission locale", Public_visé="Jeunes"),
]
SANS_TABLE = ["# Contrat de ville de Maraisson 2024-2030", *INTRODUCTION, *CORPS]
CONTRAT = [SANS_TABLE[0], *TABLE, *SANS_TABLE[1:]]
SANS_FILETS = Allure(filets=False, etiquette="50%", titres_du_corps=True, police="DejaVu Sans Mono")


@pytest.fixture(scope="module")
def faits(tmp_path_factory) -> dict:
    chemin = tmp_path_factory.mktemp("word") / "contrat.docx"
    impression_docx.imprimer("\n".join(CONTRAT), chemin, Aspect(sommaire_en_tableau=False))
    return contenu_lu(lire(chemin))


def test_le_document_word_est_lu_en_entier(faits):
    titres = [json.loads(v)[1] for c, v in faits.items() if len(c) == 1 and "fiche " in c[0]]
    assert titres == ["Lire le soir", "Manger ensemble", "Une crèche", "Le bus des métiers"]
    assert sum(cle[1:2] == ("rubrique",) for cle in faits) == 4 * 6


@pytest.mark.parametrize("tabulations", [False, True], ids=["une cellule par ligne", "tabulations"])
@pytest.mark.parametrize("lignes", [CONTRAT, SANS_TABLE], ids=["avec sommaire", "sans sommaire"])
def test_le_texte_dit_ce_que_dit_le_document_word(faits, lignes, tabulations, tmp_path):
    chemin = impression_texte.imprimer(lignes, tmp_path / "contrat.txt", tabulations=tabulations)
    assert contenu_lu(lire(chemin)) == faits


@pytest.mark.parametrize("allure", [Allure(), SANS_FILETS], ids=["filets", "sans filets"])
def test_le_pdf_dit_ce_que_dit_le_document_word(faits, allure, tmp_path):
    chemin = impression_pdf.imprimer(CONTRAT, tmp_path / "contrat.pdf", allure)
    assert contenu_lu(lire(chemin)) == faits


def test_un_sommaire_sans_pages_finit_au_titre_repete(tmp_path):
    table = [ligne.partition("\t")[0] for ligne in TABLE]
    lignes = [SANS_TABLE[0], *table, *SANS_TABLE[1:]]
    lu = lire(impression_texte.imprimer(lignes, tmp_path / "contrat.txt"))
    assert [fiche.numero for fiche in lu.fiches] == ["1.1.1", "1.1.2", "1.2.1", "2.1.1"]
