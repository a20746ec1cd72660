"""Emporter le contrat : mêmes colonnes, mêmes filtres, jamais de formule."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from parvis.cadre.importation.structure import en_dict
from parvis.cadre.queries.exports import COLONNES_DES_FICHES
from parvis.socle.tableaux import AMORCES_DE_FORMULE, csv_francais, xlsx
from tests.fabriques.cadre import avec_fiche, contrat_publie, fiche, petit_contrat

NOMS = ("fiches", "financeurs", "operateurs", "dispositifs", "croisement")
CELLULES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    st.integers(-(10**9), 10**9),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.decimals(-(10**6), 10**6, places=2),
)


def lire_csv(contenu: bytes) -> list[list[str]]:
    assert contenu.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(contenu.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.django_db
@pytest.mark.parametrize("nom", NOMS)
def test_csv_et_xlsx_ont_les_memes_colonnes_et_les_memes_lignes(client, nom):
    contrat_publie()
    tableau = lire_csv(client.get(f"/tilleuls/exports/{nom}.csv").content)
    classeur = client.get(f"/tilleuls/exports/{nom}.xlsx")
    assert classeur.headers["Content-Disposition"].endswith(f'"tilleuls-{nom}.xlsx"')
    lu = (
        CalamineWorkbook.from_filelike(io.BytesIO(classeur.content))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert len(tableau) > 1
    assert [str(c) for c in lu[0]] == tableau[0]
    assert len(lu) == len(tableau)


@pytest.mark.django_db
def test_les_colonnes_des_fiches_sont_fixes(client):
    contrat_publie()
    tableau = lire_csv(client.get("/tilleuls/exports/fiches.csv").content)
    assert tuple(tableau[0]) == COLONNES_DES_FICHES
    premiere = dict(zip(tableau[0], tableau[1], strict=True))
    assert premiere["numero"] == "1-1"
    assert premiere["financeurs"] == (
        "Communes (possible) | Caisse d'allocations familiales (confirmé)"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("nom", [nom for nom in NOMS if nom != "croisement"])
def test_le_guide_donne_les_colonnes(client, nom):
    contrat_publie()
    colonnes = lire_csv(client.get(f"/tilleuls/exports/{nom}.csv").content)[0]
    guide = (settings.RACINE / "docs" / "guide" / "exports.md").read_text(encoding="utf-8")
    assert f"| {', '.join(colonnes)} |" in guide


@pytest.mark.django_db
def test_l_export_suit_les_filtres_de_la_liste(client):
    contrat_publie()
    tableau = lire_csv(client.get("/tilleuls/exports/fiches.csv", {"public": "jeunes"}).content)
    assert [ligne[0] for ligne in tableau[1:]] == ["1-1", "1-2"]
    page = client.get("/tilleuls/fiches/", {"public": "jeunes"}).text
    assert "exports/fiches.csv?public=jeunes" in page


@pytest.mark.django_db
def test_le_json_rend_le_contrat_tel_qu_il_a_ete_lu(client):
    contrat_publie()
    recu = json.loads(client.get("/tilleuls/exports/contrat.json").content)
    lu = en_dict(petit_contrat())
    assert recu["titre"] == lu["titre"]
    assert (recu["periode"], recu["mots"]) == (lu["periode"], lu["mots"])
    for pilier_recu, pilier in zip(recu["piliers"], lu["piliers"], strict=True):
        for enjeu_recu, enjeu in zip(pilier_recu["enjeux"], pilier["enjeux"], strict=True):
            assert enjeu_recu["titre"] == enjeu["titre"]
            for f_recue, f in zip(enjeu_recu["fiches"], enjeu["fiches"], strict=True):
                assert f_recue["descriptif"] == f["descriptif"]
                for cle in ("types_d_action", "financeurs", "operateurs", "dispositifs", "publics"):
                    assert len(f_recue[cle]) == len(f[cle])


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["absent.csv", "fiches.ods", "fiches.json", "contrat.xlsx"])
def test_un_export_inconnu_est_introuvable(client, adresse):
    contrat_publie()
    assert client.get(f"/tilleuls/exports/{adresse}").status_code == 404


@pytest.mark.django_db
def test_un_titre_piege_n_est_pas_une_formule(client):
    contrat_publie(lu_=avec_fiche(petit_contrat(), fiche("1-1", titre="=1+1")))
    assert lire_csv(client.get("/tilleuls/exports/fiches.csv").content)[1][1] == "'=1+1"


@given(st.lists(st.tuples(CELLULES, CELLULES), max_size=8))
def test_aucune_cellule_de_texte_n_amorce_une_formule(lignes):
    tableau = lire_csv(csv_francais(("a", "b"), lignes))
    assert len(tableau) == len(lignes) + 1
    for ligne, ecrite in zip(lignes, tableau[1:], strict=True):
        for cellule, texte in zip(ligne, ecrite, strict=True):
            if isinstance(cellule, str) and texte:
                assert not texte.startswith(AMORCES_DE_FORMULE)


def test_le_classeur_garde_nombres_et_dates():
    contenu = xlsx(("n", "d", "t"), [(Decimal("2.5"), date(2026, 4, 3), "=1")], "essai")
    feuille = CalamineWorkbook.from_filelike(io.BytesIO(contenu)).get_sheet_by_index(0)
    assert feuille.to_python()[1] == [2.5, date(2026, 4, 3), "=1"]


def test_le_csv_ecrit_a_la_francaise():
    assert lire_csv(csv_francais(("n", "d"), [(Decimal("2.5"), date(2026, 4, 3))]))[1] == [
        "2,5",
        "03/04/2026",
    ]
