"""Le tableau d'un usager : lu tel qu'il est écrit, rendu tel qu'il était, refusé en nommant la ligne."""

import io
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.socle.refus import Refus
from parvis.socle.tableur import Nombre, Tableau, ecrire_tableau, lire_tableau
from parvis.socle.tableur.classeur import lire_xlsx
from parvis.socle.tableur.gardes import desamorcer

SIMPLE = "nom;adresse;lat\nÉcole;12, rue du Moulin;48,8\nCrèche;3, place d’Armes;48,9\n"
# Les accents d'un même encodage ne doivent pas former, mis bout à bout, un autre encodage valide.
SIGNES = ";,\t|\"'\n\r =+-@éà19xAB._\u00a0"
CELLULES = st.text(SIGNES, max_size=8).filter(lambda c: desamorcer(c) == c)
TITRES = CELLULES.map(str.strip).filter(lambda c: c and desamorcer(c) == c)


@st.composite
def tableaux(tirer, extension="csv"):
    colonnes = tirer(st.lists(TITRES, min_size=1, max_size=4))
    ligne = st.lists(CELLULES, min_size=len(colonnes), max_size=len(colonnes))
    return Tableau(
        colonnes,
        tirer(st.lists(ligne, max_size=5)),
        extension,
        separateur=tirer(st.sampled_from(";,\t|")),
        encodage=tirer(
            st.sampled_from(["ascii", "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
        ),
    )


def lire(texte: str | bytes, encodage="utf-8", **options) -> Tableau:
    octets = texte if isinstance(texte, bytes) else texte.encode(encodage)
    return lire_tableau(octets, "liste.csv", **options)


def refus(octets: str | bytes, **options) -> str:
    with pytest.raises(Refus) as leve:
        lire(octets, **options)
    return str(leve.value)


def classeur(*lignes, **feuilles) -> bytes:
    sortie, livre = io.BytesIO(), openpyxl.Workbook()
    for ligne in lignes:
        livre.active.append(ligne)
    for nom, contenu in feuilles.items():
        page = livre.create_sheet(nom)
        for ligne in contenu:
            page.append(ligne)
    livre.save(sortie)
    return sortie.getvalue()


def zip_de(**pieces) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in pieces.items():
            archive.writestr(nom.replace("__", "/").replace("_xml", ".xml"), contenu)
    return sortie.getvalue()


@given(tableaux())
def test_un_csv_rendu_se_relit_tel_quel(tableau):
    rendu = lire(ecrire_tableau(tableau, [], [[]] * len(tableau.lignes)))
    assert (rendu.colonnes, rendu.lignes) == (tableau.colonnes, tableau.lignes)
    if len(tableau.colonnes) > 1:
        assert rendu.separateur == tableau.separateur
    encore = ecrire_tableau(rendu, [], [[]] * len(rendu.lignes))
    assert (lire(encore).lignes, lire(encore).encodage) == (rendu.lignes, rendu.encodage)


@given(tableaux())
def test_les_colonnes_de_plus_viennent_a_droite(tableau):
    de_plus = [[f"r{rang}", 3] for rang in range(len(tableau.lignes))]
    rendu = lire(ecrire_tableau(tableau, ["Résultat", "n"], de_plus))
    assert rendu.colonnes == [*tableau.colonnes, "Résultat", "n"]
    assert rendu.lignes == [
        [*ligne, resultat, "3"]
        for ligne, (resultat, _) in zip(tableau.lignes, de_plus, strict=True)
    ]


@settings(deadline=None, max_examples=60)
@given(tableaux("xlsx"))
def test_un_classeur_rendu_se_relit_tel_quel(tableau):
    octets = ecrire_tableau(tableau, ["R"], [["x"]] * len(tableau.lignes))
    rendu = lire_xlsx(octets, 1000)
    assert rendu.colonnes == [*tableau.colonnes, "R"]
    assert rendu.lignes == [[*ligne, "x"] for ligne in tableau.lignes]


@given(st.binary(max_size=300))
def test_n_importe_quels_octets_se_lisent_ou_se_refusent(octets):
    try:
        tableau = lire(octets.removeprefix(b"PK\x03\x04"))
    except Refus as leve:
        assert str(leve)
    else:
        assert {len(ligne) for ligne in tableau.lignes} <= {len(tableau.colonnes)}


class TestEncodages:
    @pytest.mark.parametrize(
        ("encodage", "marque", "nom"),
        [
            ("utf-8", b"", "utf-8"),
            ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
            ("utf-16-le", b"\xff\xfe", "utf-16-le"),
            ("utf-16-be", b"\xfe\xff", "utf-16-be"),
            ("cp1252", b"", "cp1252"),
        ],
    )
    @pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
    def test_reconnus_et_rendus(self, encodage, marque, nom, fin):
        octets = marque + SIMPLE.replace("\n", fin).encode(encodage)
        tableau = lire(octets)
        assert tableau.encodage == nom
        assert tableau.lignes[1] == ["Crèche", "3, place d’Armes", "48,9"]
        attendu = marque + SIMPLE.replace("\n", "\r\n").encode(encodage)
        assert ecrire_tableau(tableau, [], [[], []]) == attendu

    def test_ce_que_l_encodage_n_a_pas_passe_en_utf8_avec_marque(self):
        for octets in ("a;é\n1;2\n".encode("cp1252"), b"a;e\n1;2\n"):
            rendu = ecrire_tableau(lire(octets), ["Note"], [["Łódź → ✓"]])
            assert rendu.startswith(b"\xef\xbb\xbf")
            assert lire(rendu).lignes == [["1", "2", "Łódź → ✓"]]

    def test_un_texte_sans_accent_reste_sans_marque(self):
        assert ecrire_tableau(lire(b"a;b\n1;2\n"), ["c"], [["3"]]) == b"a;b;c\r\n1;2;3\r\n"

    @pytest.mark.parametrize(
        ("octets", "mots"),
        [
            (b"a;b\n1;2\n\0\0", "Ligne 3 : ce fichier n’est pas un texte"),
            (b"\xff\xfe\x00\x00a\x00\x00\x00", "pas un texte"),
            (b"\xff\xfea\x00\n\x00\x00", "Ligne 2 : un caractère ne se lit pas"),
            ("école;été\ncrèche;né".encode() + b"\n\xe9;", "Ligne 3 : un caractère est abîmé"),
            (b"a;b\n\xe9t\xe9;\x81", "Ligne 2 : un caractère ne se lit pas"),
            (bytes(range(1, 32)) * 20, "pas un texte"),
        ],
    )
    def test_illisibles(self, octets, mots):
        assert mots in refus(octets)


class TestSeparateurs:
    @pytest.mark.parametrize(
        ("texte", "separateur", "colonnes"),
        [
            (SIMPLE, ";", 3),
            ("nom,prix\na,2.5\n", ",", 2),
            ("nom\tadresse\na\t12, rue X; bât. B\nb\t3, rue Y; bât. C\n", "\t", 2),
            ("nom|adresse\na|12, rue X\n", "|", 2),
            ("Nom, prénom;lieu\nDupont, Jean;ici\nDurand, Léa;là\n", ";", 2),
            ('nom,"tags; libres"\na,"x;y"\nb,"z;t"\n', ",", 2),
            ('nom,adresse\na,"12; rue X"\nb,"3; rue Y"\n', ",", 2),
            ("lat;lon\n48,8;2,3\n48,9;2,4\n", ";", 2),
            ("adresse\n12, rue X, 94200 Ivry\n3, rue Y; bât. B\n", ";", 1),
            ("Adresse (numéro, rue)\n12 rue X\n3 rue Y\n", ";", 1),
            ("sep=,\r\na,b\r\n1,2\r\n", ",", 2),
            ('diamètre 12";b\n1;2\n3;4\n', ";", 2),
            ("a;b;c\n1;2\n1;2;3;;\n\n4\n", ";", 3),
            ("Adresse (n°, rue)\n12 rue X\n3, rue Y\n4 rue Z", ";", 1),
        ],
    )
    def test_reconnus(self, texte, separateur, colonnes):
        tableau = lire(texte)
        assert (tableau.separateur, len(tableau.colonnes)) == (separateur, colonnes)

    def test_une_seule_colonne_garde_ses_virgules(self):
        tableau = lire("adresse\n12, rue X; bât. B\n3, rue Y\n")
        assert tableau.lignes == [["12, rue X; bât. B"], ["3, rue Y"]]
        rendu = ecrire_tableau(tableau, ["QPV"], [["oui"], ["non"]]).decode("utf-8-sig")
        assert rendu == 'adresse;QPV\r\n"12, rue X; bât. B";oui\r\n3, rue Y;non\r\n'


class TestForme:
    def test_titres(self):
        tableau = lire("\n;;\n a ;;a\n1;2;3;;\n4;;;;z\n")
        assert tableau.colonnes == ["a", "Colonne 2", "a", "Colonne 4", "Colonne 5"]
        assert tableau.lignes == [["1", "2", "3", "", ""], ["4", "", "", "", "z"]]
        assert tableau.premiere_ligne == 4

    def test_les_lignes_vides_gardent_leur_place(self):
        tableau = lire("a;b\n1;2\n\n;\n3;4\n\n\n")
        assert tableau.lignes == [["1", "2"], ["", ""], ["", ""], ["3", "4"]]

    def test_guillemets_et_lignes_dans_une_cellule(self):
        tableau = lire('"a\nb";c\n"x ""y""\r\nz";2\n')
        assert tableau.colonnes == ["a\nb", "c"]
        assert tableau.lignes == [['x "y"\r\nz', "2"]]
        assert tableau.premiere_ligne == 3

    def test_un_en_tete_seul(self):
        tableau = lire("a;b")
        assert (tableau.colonnes, tableau.lignes, tableau.premiere_ligne) == (["a", "b"], [], 2)

    def test_il_faut_une_ligne_de_plus_par_ligne(self):
        for de_plus in ([], [["x"], ["y"], ["z"]], [["x"], []]):
            with pytest.raises(ValueError, match=r"cellules|zip"):
                ecrire_tableau(lire(SIMPLE), ["c"], de_plus)


class TestFormules:
    def test_gardees_dans_un_csv_et_rendues_a_la_lecture(self):
        tableau = lire("nom;note\n=1+2;@x\n-1-2;'=déjà\n")
        rendu = ecrire_tableau(tableau, ["+a"], [["=cmd|' /C calc'!A0"], ["\t=1"]])
        lignes = rendu.decode().split("\r\n")
        assert lignes[0] == "nom;note;'+a"
        assert lignes[1] == "'=1+2;'@x;'=cmd|' /C calc'!A0"
        assert lignes[2] == "'-1-2;'=déjà;'\t=1"
        assert lire(rendu).lignes[0][:2] == ["=1+2", "@x"]

    @pytest.mark.parametrize("nombre", ["-1,5", "+33 6 12 34 56 78", "-2.5e-05", "-", "-12,50 €"])
    def test_un_nombre_signe_n_est_pas_une_formule(self, nombre):
        tableau = lire(f"a;b\n{nombre};x\n")
        rendu = ecrire_tableau(tableau, ["c"], [[nombre]])
        assert lire(rendu).lignes == [[nombre, "x", nombre]]
        assert f"{nombre};x;{nombre}" in rendu.decode("utf-8-sig")

    def test_jamais_de_formule_dans_un_classeur(self):
        tableau = Tableau(["=a", "{=1+1}"], [["=1+1", "@x"], ["http://a.fr", "-1"]], "xlsx")
        rendu = ecrire_tableau(tableau, ["b"], [["=A1"], [Decimal("2.5")]])
        feuille = openpyxl.load_workbook(io.BytesIO(rendu)).active
        sortes = [[(c.value, c.data_type) for c in ligne] for ligne in feuille.iter_rows()]
        assert sortes[0] == [("=a", "s"), ("{=1+1}", "s"), ("b", "s")]
        assert sortes[1] == [("=1+1", "s"), ("@x", "s"), ("=A1", "s")]
        assert sortes[2] == [("http://a.fr", "s"), ("-1", "s"), (2.5, "n")]


class TestClasseur:
    def test_les_valeurs_comme_un_tableur_francais_les_affiche(self):
        tableau = lire_tableau(
            classeur(
                ["n", " x ", None, "d"],
                [94200, 2.3836, 1004.0, date(2026, 4, 3)],
                [],
                ["01004", 0.00001, True, datetime(2026, 4, 3, 9, 5)],
                ["#N/A", "-5", 1e15, "a_x000D_b"],
                [None, None, None, None, "au-delà"],
            ),
            "liste.csv",
        )
        assert tableau.colonnes == ["n", "x", "Colonne 3", "d", "Colonne 5"]
        assert [ligne[:4] for ligne in tableau.lignes] == [
            ["94200", "2,3836", "1004", "03/04/2026"],
            ["", "", "", ""],
            ["01004", "0,00001", "vrai", "03/04/2026 09:05"],
            ["", "-5", "1000000000000000", "a\rb"],
            ["", "", "", ""],
        ]
        assert (tableau.extension, tableau.premiere_ligne) == ("xlsx", 2)

    def test_un_nombre_du_classeur_redevient_un_nombre(self):
        tableau = lire_tableau(classeur(["a", "b"], [2.5, "2,5"]), "x.xlsx")
        assert [isinstance(c, Nombre) for c in tableau.lignes[0]] == [True, False]
        feuille = openpyxl.load_workbook(io.BytesIO(ecrire_tableau(tableau, [], [[]]))).active
        assert [c.value for c in feuille[2]] == [2.5, "2,5"]

    def test_la_premiere_feuille_visible(self):
        livre = openpyxl.load_workbook(io.BytesIO(classeur(["cachée"], Deux=[["a"], [1]])))
        livre.worksheets[0].sheet_state = "hidden"
        livre.active = 1
        sortie = io.BytesIO()
        livre.save(sortie)
        assert lire_tableau(sortie.getvalue(), "x").colonnes == ["a"]

    def test_une_etendue_fausse_ne_coupe_rien(self):
        octets = classeur(["a", "b"], [1, 2], [3, 4])
        assert b"A1:B3" in zipfile.ZipFile(io.BytesIO(octets)).read("xl/worksheets/sheet1.xml")
        sortie = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(octets)) as avant, zipfile.ZipFile(sortie, "w") as apres:
            for nom in avant.namelist():
                apres.writestr(nom, avant.read(nom).replace(b"A1:B3", b"A1:A1"))
        assert lire_tableau(sortie.getvalue(), "x").lignes == [["1", "2"], ["3", "4"]]

    def test_des_lignes_vides_mises_en_forme_ne_comptent_pas(self):
        livre = openpyxl.load_workbook(io.BytesIO(classeur(["a"], ["1"])))
        livre.active.cell(row=5000, column=150).font = openpyxl.styles.Font(bold=True)
        sortie = io.BytesIO()
        livre.save(sortie)
        tableau = lire_tableau(sortie.getvalue(), "x", lignes_max=10)
        assert (tableau.colonnes, tableau.lignes) == (["a"], [["1"]])


class TestRefus:
    @pytest.mark.parametrize(
        ("octets", "mots"),
        [
            (b"", "vide"),
            (b" \r\n;;\n", "aucune cellule remplie"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien classeur Excel"),
            (b"%PDF-1.7", "PDF"),
            (b"<html><table><tr><td>a", "page web"),
            (b"\x89PNG\r\n", "image"),
            (zip_de(mimetype="x", content_xml="<a/>"), "OpenDocument"),
            (zip_de(word__document_xml="<a/>"), "autre document"),
            (zip_de(**{"xl__workbook.bin": b"x"}), "xlsb"),
            (zip_de(xl__workbook_xml="<a/>"), "abîmé"),
            (b"PK\x03\x04" + b"\0" * 50, "abîmé"),
            (classeur(["a"], [1])[:-40], "abîmé"),
            (classeur(), "aucune cellule remplie"),
            (zip_de(xl__workbook_xml=b"<a>" + b" " * 40_000_000), "démesurée"),
            (zip_de(xl__styles_xml=b"<a>" + b"<b/>" * 400_000), "trop de balises"),
            (zip_de(xl__workbook_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "entités"),
        ],
    )
    def test_autres_formats_et_fichiers_hostiles(self, octets, mots):
        assert mots in refus(octets)

    @pytest.mark.parametrize(
        ("texte", "mots"),
        [
            ('a;b\n1;2\n3;"ouvert\n4;5\n', "Ligne 3 : un guillemet ouvert"),
            ('a;b\n1;2\n3;"ouvert' + "x\n" * 100_000, "Ligne 3 : une cellule dépasse"),
            ('a;b\n"x" y;2\n', "Ligne 2 : un guillemet est mal placé"),
            ("x" * 1_000_000, "Ligne 1 : une cellule dépasse 10\u202f000 caractères"),
            ("x;" * 500_000, "Ligne 1 : elle a 500000 colonnes"),
            ("a;b\n1;2\n" + "x" * 10_001 + ";1\n", "Ligne 3 : une cellule dépasse"),
            ("a;b\n1;2\n" + ";" * 200 + "1\n", "Ligne 3 : elle a 201 colonnes"),
            ('a;b\n"1\n2";2\n1;' + "x" * 10_001, "Ligne 4 : une cellule dépasse"),
        ],
    )
    def test_csv_demesures_ou_mal_formes(self, texte, mots):
        assert mots in refus(texte)

    def test_trop_de_lignes(self):
        texte = "a;b\n" + "1;2\n" * 11
        assert "Ligne 12 : le tableau a plus de 10 lignes" in refus(texte, lignes_max=10)
        assert len(lire(texte, lignes_max=11).lignes) == 11
        octets = classeur(["a"], *[[n] for n in range(11)])
        assert "Ligne 12 : le tableau a plus de 10 lignes" in refus(octets, lignes_max=10)

    def test_trop_grand(self):
        assert "20 Mo" in refus(b"a" * (20 * 1024 * 1024 + 1))

    def test_une_cellule_loin_a_droite_ou_en_bas_d_un_classeur(self):
        livre = openpyxl.Workbook()
        livre.active.append(["a"])
        livre.active.cell(row=2, column=300).value = 1
        sortie = io.BytesIO()
        livre.save(sortie)
        assert "Ligne 2 : elle a 300 colonnes" in refus(sortie.getvalue())
        livre.active.cell(row=2, column=300).value = None
        livre.active.cell(row=1_000_000, column=1).value = 1
        sortie = io.BytesIO()
        livre.save(sortie)
        assert "plus de 200\u202f000 lignes" in refus(sortie.getvalue())


def test_deux_cent_mille_lignes_se_lisent_en_quelques_secondes():
    ligne = "{};12, rue de la République;94200;Ivry-sur-Seine;48,80{};2,38{}\n"
    texte = "id;adresse;cp;commune;lat;lon\n" + "".join(
        ligne.format(n, n, n) for n in range(200_000)
    )
    debut = time.monotonic()
    tableau = lire(texte)
    assert len(tableau.lignes) == 200_000
    assert time.monotonic() - debut < 8


def test_un_titre_au_dessus_de_l_en_tete_se_garde_et_ne_se_lit_pas():
    octets = (
        "Adhérents de l’association\r\n\r\nAdresse;CP;Ville\r\n12 rue X;94200;Ivry\r\n".encode()
    )
    tableau = lire_tableau(octets, "t.csv")
    assert tableau.colonnes == ["Adresse", "CP", "Ville"]
    assert tableau.lignes == [["12 rue X", "94200", "Ivry"]]
    assert tableau.premiere_ligne == 4
    rendu = ecrire_tableau(tableau, ["qpv"], [["oui"]]).decode().splitlines()
    assert rendu == [
        "Adhérents de l’association",
        "Adresse;CP;Ville;qpv",
        "12 rue X;94200;Ivry;oui",
    ]


def test_une_liste_d_une_colonne_n_a_pas_de_titre():
    octets = b"adresse\r\n12 rue X, Ivry\r\n3 rue Y, Vitry\r\n"
    assert lire_tableau(octets, "t.csv").colonnes == ["adresse"]
