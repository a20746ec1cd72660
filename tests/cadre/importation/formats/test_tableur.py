"""Tableaux CSV et classeurs XLSX : séparateurs, encodages, valeurs, fichiers abîmés ou hostiles."""

import io
import random
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from parvis.cadre.importation.formats import tableur
from parvis.cadre.importation.formats.ouverture import ouvrir
from parvis.cadre.importation.formats.tableur import est_un_csv, lire_csv, lire_xlsx
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from tests.cadre.importation.conftest import CONTRATS

TITRES = ("Axe", "Objectif", "N°", "Action", "Description", "Financeurs", "Opérateurs")
FICHE = ("1. Vivre", "1 Loger", "101", "Bâtir", "Il faut bâtir.", "CAF", "Communes")
ANCIEN_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _tableau(separateur: str) -> str:
    return "\n".join(separateur.join(rangee) for rangee in (TITRES, FICHE)) + "\n"


@pytest.fixture
def fichier(tmp_path):
    def ecrire(octets: bytes, nom: str = "contrat"):
        chemin = tmp_path / nom
        chemin.write_bytes(octets)
        return chemin

    return ecrire


@pytest.fixture
def classeur(tmp_path):
    """Rend de quoi écrire un classeur : des rangées, et ce qu'on veut y changer ensuite."""

    def ecrire(rangees, retouche=lambda feuille: None):
        livre = openpyxl.Workbook()
        for rangee in rangees:
            livre.active.append(rangee)
        retouche(livre.active)
        chemin = tmp_path / "contrat.xlsx"
        livre.save(chemin)
        return chemin

    return ecrire


def _avec(chemin, remplacees: dict[str, bytes]) -> None:
    """Réécrit un classeur, certaines de ses pièces remplacées ou ajoutées."""
    with zipfile.ZipFile(chemin) as archive:
        pieces = {nom: archive.read(nom) for nom in archive.namelist()}
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in {**pieces, **remplacees}.items():
            archive.writestr(nom, octets)


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_les_trois_separateurs(fichier, separateur):
    assert est_un_csv(_tableau(separateur).splitlines())
    (fiche,) = lire(fichier(_tableau(separateur).encode())).fiches
    assert (fiche.numero, fiche.titre, fiche.financeurs[0].imprime) == ("101", "Bâtir", "CAF")


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_les_encodages_des_tableurs(fichier, encodage):
    contrat = lire(fichier(_tableau(";").replace("\n", "\r\n").encode(encodage)))
    assert contrat.fiches[0].titre == "Bâtir"
    natures = [a.nature for a in contrat.anomalies]
    assert ("encodage" in natures) == (encodage == "cp1252")


@pytest.mark.parametrize(
    "texte",
    [
        "Un texte, avec des virgules, et encore, puis des mots.\nUne autre ligne.\n",
        "<p>Financeurs</p>\t<p>CAF ; Communes ; Région ; État</p>\n",
        "Le contrat ; ses fiches ; ses enjeux ; ses piliers. Il est signé en 2015.\n",
        "",
    ],
)
def test_un_texte_n_est_pas_un_tableau(texte):
    assert not est_un_csv(texte.splitlines())


def test_un_guillemet_jamais_ferme_est_refuse_avec_sa_ligne(fichier):
    with pytest.raises(DocumentIllisible, match="un guillemet ouvert ne se ferme pas") as refus:
        lire(fichier((_tableau(";") + '1;1;102;"Planter;a\nb;c\n').encode()))
    assert refus.value.ligne == 3


def test_une_cellule_de_plusieurs_lignes_garde_les_numeros_de_ligne():
    pivot = lire_csv('A;B;C;D\n1;"un\n- deux\n• trois\nquatre";x;y\n\n2;a;b;c\n')
    assert pivot.lignes[1].split("\t")[1] == (
        "<p>un</p><ul><li>deux</li><li>trois</li></ul><p>quatre</p>"
    )
    assert pivot.lignes[6] == "2\ta\tb\tc"
    assert pivot.lignes[2:6] == [""] * 4


def test_l_apostrophe_de_nos_csv_est_retiree():
    assert lire_csv("A;B;C;D\n'=1+1;'- a;l'été;'été\n").lignes[1] == "=1+1\t- a\tl'été\t'été"


def test_l_entete_du_contrat_et_son_preambule():
    texte = "Titre du contrat;Contrat de ville, 2024;;\nTerritoire;;;\nPréambule;Un texte.;;\n;;;\n"
    pivot = lire_csv(texte + "A;B;C;D\n")
    assert pivot.lignes == ["Contrat de ville, 2024", "", "Préambule", "\tUn texte.", "A\tB\tC\tD"]


def test_trop_de_lignes(classeur, monkeypatch):
    monkeypatch.setattr(tableur, "LIGNES_MAX", 50)
    with pytest.raises(DocumentIllisible, match="plus de 50 lignes"):
        lire_xlsx(classeur([["a", "b"]] * 51))
    with pytest.raises(DocumentIllisible, match="plus de 50 lignes"):
        lire_csv("a;b;c;d\n" * 60)


def test_vingt_mille_lignes_se_lisent_en_peu_de_temps(classeur):
    chemin = classeur([["a", "b", "c"]] * tableur.LIGNES_MAX)
    debut = time.perf_counter()
    assert len(lire_xlsx(chemin).lignes) == 20_000
    assert time.perf_counter() - debut < 8


def test_les_feuilles_cachees_ne_sont_pas_lues(classeur):
    def cacher(feuille):
        feuille.title = "Vue"
        for etat in ("hidden", "veryHidden"):
            cachee = feuille.parent.create_sheet(etat)
            cachee.append(["secret"])
            cachee.sheet_state = etat
        feuille.parent.create_sheet("Suite").append(["après"])

    pivot = lire_xlsx(classeur([["avant"]], cacher))
    assert pivot.lignes == ["avant", "après"]
    assert pivot.reperes == ["feuille « Vue », ligne 1", "feuille « Suite », ligne 1"]


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (date(2024, 3, 1), "01/03/2024"),
        (datetime(2024, 3, 1, 12, 30), "01/03/2024"),
        (2024, "2024"),
        (12.0, "12"),
        (0.5, "0,5"),
        (1e15, "1000000000000000"),
        (True, "vrai"),
        ("#REF!", ""),
        ("a\tb <p>", "a b &lt;p&gt;"),
        ("un\n\ndeux", "<p>un</p><p>deux</p>"),
    ],
)
def test_dates_nombres_et_textes(classeur, valeur, texte):
    assert lire_xlsx(classeur([["x", valeur, "z"]])).lignes == [f"x\t{texte}\tz"]


def test_des_cellules_fusionnees_gardent_leur_place(classeur):
    def fusionner(feuille):
        feuille.merge_cells("A1:A2")
        feuille.merge_cells("B1:C1")

    chemin = classeur([["Axe", "b", None, "d"], [None, "e", "f", "g"]], fusionner)
    assert lire_xlsx(chemin).lignes == ["Axe\tb\t\td", "\te\tf\tg"]


def test_une_formule_se_lit_par_sa_valeur_gardee(classeur):
    chemin = classeur([["x", "=1+1", "z"]])
    with zipfile.ZipFile(chemin) as archive:
        feuille = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>1+1</f><v />" in feuille or b"<f>1+1</f><v></v>" in feuille
    assert lire_xlsx(chemin).lignes == ["x\t\tz"]
    gardee = feuille.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    _avec(chemin, {"xl/worksheets/sheet1.xml": gardee})
    assert lire_xlsx(chemin).lignes == ["x\t2\tz"]


def test_une_dimension_demesuree_ne_coute_rien(classeur):
    chemin = classeur([["a"]])
    feuille = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>un</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>deux</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    _avec(chemin, {"xl/worksheets/sheet1.xml": feuille.encode()})
    tracemalloc.start()
    debut = time.perf_counter()
    assert lire_xlsx(chemin).lignes == ["un"]
    assert time.perf_counter() - debut < 5
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("nom", "octets", "mots"),
    [
        ("xl/styles.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "entités"),
        ("xl/worksheets/sheet1.xml", b"<!DOCTYPE a><a/>", "entités"),
        ("xl/worksheets/sheet1.xml", b"<a>" + b" " * 30_000_000 + b"</a>", "démesurée"),
        ("xl/styles.xml", b"<a>" + b"<b/>" * 500_000 + b"</a>", "trop de balises"),
        ("xl/workbook.xml", b"<a/>", "aucune cellule remplie"),
        ("xl/workbook.xml", b"<a", "abîmé"),
        ("../xl/a.xml", b"<a/>", "interdit"),
    ],
)
def test_un_classeur_hostile_est_refuse_avant_d_etre_ouvert(classeur, nom, octets, mots):
    chemin = classeur([["a"]])
    _avec(chemin, {nom: octets})
    with pytest.raises(DocumentIllisible, match=mots):
        lire_xlsx(chemin)


def test_un_classeur_chiffre_ou_ancien_est_refuse(fichier):
    with pytest.raises(DocumentIllisible, match="mot de passe"):
        lire(fichier(ANCIEN_OFFICE, "contrat.xlsx"))


def test_un_classeur_abime_au_hasard_donne_une_lecture_ou_un_refus(classeur):
    chemin = classeur([TITRES, FICHE, FICHE])
    entier = chemin.read_bytes()
    hasard = random.Random(20)
    for tour in range(120):
        octets = bytearray(entier)
        for _ in range(hasard.randrange(1, 12)):
            octets[hasard.randrange(len(octets))] = hasard.randrange(256)
        if tour % 3 == 0:
            del octets[hasard.randrange(len(octets)) :]
        chemin.write_bytes(octets)
        try:
            pivot = lire_xlsx(chemin)
        except DocumentIllisible as refus:
            assert len(refus.texte) > 10
        else:
            assert len(pivot.lignes) == len(pivot.reperes)


def test_des_pieces_xml_abimees_au_hasard_donnent_une_lecture_ou_un_refus(classeur):
    """Un octet changé dans une archive se voit à sa somme ; ici, c'est la pièce même qui est fausse."""
    chemin = classeur([TITRES, FICHE, FICHE])
    entier = chemin.read_bytes()
    with zipfile.ZipFile(io.BytesIO(entier)) as archive:
        pieces = {nom: archive.read(nom) for nom in archive.namelist()}
    hasard = random.Random(7)
    for _ in range(150):
        nom = hasard.choice(sorted(pieces))
        octets = bytearray(pieces[nom])
        for _ in range(hasard.randrange(1, 4)):
            octets[hasard.randrange(len(octets))] = hasard.choice(b"<>/\"' =az09-")
        chemin.write_bytes(entier)
        _avec(chemin, {nom: bytes(octets)})
        try:
            lire_xlsx(chemin)
        except DocumentIllisible as refus:
            assert refus.texte


def test_un_csv_abime_au_hasard_donne_une_lecture_ou_un_refus(fichier):
    entier = (CONTRATS / "plan-d-actions-de-montclerc.csv").read_bytes()
    hasard = random.Random(3)
    for _ in range(60):
        octets = bytearray(entier)
        for _ in range(hasard.randrange(1, 30)):
            octets[hasard.randrange(len(octets))] = hasard.choice(b';",\n\r\t <a\xe9')
        try:
            pivot = ouvrir(fichier(bytes(octets)))
        except DocumentIllisible as refus:
            assert refus.texte
        else:
            assert len(pivot.lignes) == len(pivot.reperes) or not pivot.reperes
