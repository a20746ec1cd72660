"""Tableaux imprimés sans filets : titres tout contre, contenus plus bas, plans de onze colonnes."""

from pathlib import Path

import pytest
import typst

from parvis.cadre.contenu import contenu_lu
from parvis.cadre.importation.formats.ouverture import ouvrir
from parvis.cadre.importation.formats.pdf import lire_pdf
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.lecteur import lire_pivot
from tests.cadre.importation.conftest import CONTRATS
from tests.fabriques.impression_pdf import Allure, imprimer

PLAN = CONTRATS / "plan-d-actions-de-montclerc.csv"
_PAGE = "#set page(margin: 2cm)\n#set text(size: 10pt)\n#set par(spacing: 1.6em)\n"
_PHRASE = "Le diagnostic montre que des familles sont seules. " * 4


def _lire(dossier: Path, source: str) -> list[str]:
    chemin = dossier / "essai.pdf"
    chemin.write_bytes(typst.compile((_PAGE + source).encode(), format="pdf"))
    return lire_pdf(chemin).lignes


def _tableau(*rangees: tuple[str, str]) -> str:
    cellules = "".join(f"[{gauche}], [{droite}], " for gauche, droite in rangees)
    return f"#table(columns: (50%, 50%), stroke: none, inset: (y: 6pt), {cellules})\n"


def _fiche(titre: str) -> str:
    tableau = _tableau(("Pilote", "Ville"), ("Contexte", _PHRASE), ("Publics visés", "Familles"))
    return f"#block(above: 22pt, below: 2pt)[{titre}]\n{tableau}"


@pytest.mark.parametrize("titre", ["*Lire le soir*", "Fiche 1.2 : Lire le soir"])
def test_un_titre_court_n_est_pas_la_premiere_etiquette(titre, tmp_path):
    lignes = _lire(tmp_path, _fiche("*Manger ensemble*") + _fiche(titre))
    nues = [ligne.replace("<b>", "").replace("</b>", "") for ligne in lignes]
    assert nues[4] == titre.strip("*")
    assert nues[5] == "Pilote\t<p>Ville</p>"


def test_une_etiquette_grasse_sans_contenu_reste_une_etiquette(tmp_path):
    rangees = (("*Pilote*", "Ville"), ("*Référent*", ""), ("*Contexte*", _PHRASE))
    lignes = _lire(tmp_path, _tableau(*rangees, ("*Publics*", "Familles")))
    assert [ligne.split("\t")[0] for ligne in lignes] == [
        f"<b>{nom}</b>" for nom in ("Pilote", "Référent", "Contexte", "Publics")
    ]


def test_un_contenu_qui_commence_une_ligne_plus_bas_garde_son_etiquette(tmp_path):
    plus_bas = "#v(14pt) - Associer les parents\n - Former les jeunes"
    rangees = (("Contexte", _PHRASE), ("Objectifs", plus_bas), ("Publics visés", "Familles"))
    lignes = _lire(tmp_path, _tableau(("Pilote", "Ville"), *rangees))
    assert [ligne.split("\t")[0] for ligne in lignes] == [
        "Pilote", "Contexte", "Objectifs", "Publics visés"
    ]  # fmt: skip
    assert "Associer les parents" in lignes[2]


@pytest.mark.parametrize("corps", ["7pt", "8pt"])
def test_un_plan_de_onze_colonnes_se_relit_pareil(corps, tmp_path):
    lignes = [ligne.replace("<br>", "</p> <p>") for ligne in ouvrir(PLAN).lignes]
    allure = Allure(filets=False, paysage=True, corps=corps)
    relu = lire_pivot(lire_pdf(imprimer(lignes, tmp_path / "plan.pdf", allure)))
    assert contenu_lu(relu) == contenu_lu(lire_pivot(Pivot(lignes)))


@pytest.mark.parametrize("numeros", [True, False], ids=["numérotées", "sans numéros"])
def test_un_tableau_large_continue_de_page_en_page(numeros, tmp_path):
    entete = ["N°", "Action", "Description", "Pilote", "Financeurs", "Calendrier"][not numeros :]
    rangees = [
        [str(n), f"Lire le soir {n}", _PHRASE, "Ville", "État ; CAF", "Courant 2025"][not numeros :]
        for n in range(1, 31)
    ]
    cellules = "".join(f"[{case}], " for rangee in [entete, *rangees] for case in rangee)
    source = (
        "= Contrat de ville de Larmont 2024-2030\n== Axe 1 : Grandir\n"
        f"#table(columns: {len(entete)}, stroke: none, inset: 6pt, {cellules})\n"
        "== Axe 2 : Travailler\nCet axe n'a pas encore de fiche."
    )
    lu = lire_pivot(Pivot(_lire(tmp_path, source)))
    assert [fiche.titre for fiche in lu.fiches] == [f"Lire le soir {n}" for n in range(1, 31)]
    assert {len(fiche.financeurs) for fiche in lu.fiches} == {2}
    assert {" ".join(fiche.descriptif.split()) for fiche in lu.fiches} == {_PHRASE.strip()}


def test_des_rangees_serrees_ne_font_pas_une_seule_etiquette(tmp_path):
    rangees = [("Pilote", "Ville"), ("Publics visés", "Familles"), ("Calendrier", "Courant 2025")]
    source = _tableau(("Contexte", _PHRASE), *rangees, ("Suivi", _PHRASE)).replace("6pt", "5pt")
    lignes = _lire(tmp_path, f"#block(above: 22pt, below: 2pt)[1.2.a Jardins partagés]\n{source}")
    assert lignes[0] == "1.2.a Jardins partagés"
    assert [ligne.split("\t")[0] for ligne in lignes[1:]] == [
        "Contexte", "Pilote", "Publics visés", "Calendrier", "Suivi"
    ]  # fmt: skip
