"""Ouvrir un fichier officiel de quartiers : tous ses emballages, toutes ses colonnes, et les hostiles."""

import gzip
import io
import zipfile

import pytest
import shapely
from django.core.management import CommandError
from pyproj import Transformer

from parvis.socle.refus import Refus
from parvis.socle.tableaux import xlsx
from parvis.territoires.importation import fichier as module
from parvis.territoires.importation.fichier import forme, ouvrir
from parvis.territoires.importation.quartiers import lire_quartiers
from parvis.territoires.models import Quartier
from tests.fabriques.territoires import (
    PORT,
    TILLEULS,
    VAL,
    VERGER,
    carre,
    csv,
    deux_quartiers,
    etat,
    geojson,
    lancer,
    objet,
    sans_octets,
)

# Les colonnes de la liste que publie l'État (listeqp2024).
ENTETE = "code_qp;lib_qp;insee_com;lib_com;pop_mun"
LISTE = csv(
    ENTETE,
    f"{TILLEULS};Les Tilleuls;{VAL};Val-des-Tilleuls;1234",
    f"{VERGER};Le Verger;{VAL};Val-des-Tilleuls;2 345",
    f"{VERGER};Le Verger;{PORT};Port-Tilleul;2 345",
)


@pytest.fixture
def lire(deposer):
    """Rend de quoi écrire un fichier et en lire les quartiers, par code."""

    def _lire(contenu: bytes, nom: str = "q.csv", millesime: int = 2024, **options):
        return {
            q.code: q for q in lire_quartiers(deposer(nom, contenu), millesime, **options).quartiers
        }

    return _lire


def archive(**fichiers: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zip_:
        for nom, contenu in fichiers.items():
            zip_.writestr(nom, contenu)
    return sortie.getvalue()


def attendus(lus) -> None:
    assert {c: (q.nom, sorted(q.communes), q.population) for c, q in lus.items()} == {
        TILLEULS: ("Les Tilleuls", [VAL], 1234),
        VERGER: ("Le Verger", [PORT, VAL], 2345),
    }


def en_classeur() -> bytes:
    titres, *lignes = (ligne.split(";") for ligne in LISTE.decode("utf-8-sig").splitlines())
    return xlsx(titres, [[*li[:2], int(li[2]), li[3], li[4]] for li in lignes], "Feuille")


@pytest.mark.parametrize(
    ("contenu", "nom"),
    [
        (LISTE, "listeqp2024-cog2024.csv"),
        (LISTE.decode("utf-8-sig").encode("cp1252"), "excel.csv"),
        (LISTE.replace(b";", b","), "virgules.csv"),
        (LISTE.replace(b";", b"\t"), "tabulations.txt"),
        (gzip.compress(LISTE), "liste.csv.gz"),
        (archive(**{"lisez-moi.txt": b"x", "dossier/liste.csv": LISTE}), "liste.zip"),
        (en_classeur(), "liste.xlsx"),
        (LISTE.replace(b"code_qp", b"Code QP").replace(b"lib_qp", b"LIB QP"), "titres.csv"),
    ],
    ids=sans_octets,
)
def test_la_liste_se_lit_sous_tous_ses_emballages(lire, contenu, nom):
    attendus(lire(contenu, nom))


@pytest.mark.parametrize(
    ("emballer", "nom"),
    [
        (lambda octets: octets, "q.geojson"),
        (lambda octets: octets, "q.json"),
        (lambda octets: b" \n" + octets, "q.geojson"),
        (gzip.compress, "q.geojson.gz"),
        (lambda octets: archive(**{"q.geojson": octets, "q.prj": b""}), "q.zip"),
        (lambda octets: b"\xef\xbb\xbf" + octets, "q.geojson"),
    ],
)
def test_un_geojson_se_lit_sous_tous_ses_emballages(lire, emballer, nom):
    lus = lire(emballer(geojson(*deux_quartiers())), nom)
    assert lus[TILLEULS].contour.equals(carre(2.3905, 48.7865))
    assert lus[VERGER].communes == {PORT: "Port-Tilleul"}


@pytest.mark.parametrize(
    ("fichiers", "nombre"),
    [({}, 0), ({"a.txt": b"x", "b.shp": b"y"}, 0), ({"a.csv": LISTE, "b.geojson": b"{}"}, 2)],
)
def test_une_archive_doit_tenir_un_seul_fichier(lire, fichiers, nombre):
    if not fichiers:
        fichiers = {"vide/": b""}
    with pytest.raises(Refus, match=f"un seul fichier GeoJSON ou CSV ; elle en a {nombre}"):
        lire(archive(**fichiers), "q.zip")


@pytest.mark.parametrize(
    ("cellules", "communes"),
    [
        ("94081|94041", [PORT, VAL]),
        ("94081, 94041", [PORT, VAL]),
        ("94081 / 94041", [PORT, VAL]),
        ('"94081;94041"', [PORT, VAL]),
        ("1004", ["01004"]),
        ('"1004;1005"', ["01004", "01005"]),
        ("2a004", ["2A004"]),
        ("97411", ["97411"]),
        (" 94081 ", [VAL]),
    ],
)
def test_les_communes_d_une_cellule(lire, cellules, communes):
    lus = lire(csv("code_qp;insee_com", f"{TILLEULS};{cellules}"))
    assert sorted(lus[TILLEULS].communes) == communes


def test_plusieurs_noms_dans_une_cellule_vont_chacun_a_sa_commune(lire):
    lus = lire(csv("code_qp;insee_com;lib_com", f'{TILLEULS};"{VAL};{PORT}";"Val ; Port"'))
    assert lus[TILLEULS].communes == {VAL: "Val", PORT: "Port"}
    lus = lire(csv("code_qp;insee_com;lib_com", f'{TILLEULS};"{VAL};{PORT}";Val et Port'))
    assert lus[TILLEULS].communes == {VAL: "", PORT: ""}


def test_les_colonnes_d_un_millesime_se_lisent_pour_lui_seul(lire):
    table = csv(
        "code_qp_2015;lib_qp_2015;code_qp_2024;lib_qp_2024",
        "QP094001;Ancien;QN09401M;Neuf",
        ";;QN09402N;Tout neuf",
        "QP094014;Sorti;;",
    )
    assert {c: q.nom for c, q in lire(table, millesime=2015).items()} == {
        "QP094001": "Ancien",
        "QP094014": "Sorti",
    }
    assert {c: q.nom for c, q in lire(table, millesime=2024).items()} == {
        "QN09401M": "Neuf",
        "QN09402N": "Tout neuf",
    }


@pytest.mark.parametrize(
    ("lignes", "motif"),
    [
        (["code;nom", ";X"], "Ligne 2 : le code manque."),
        (["code_qp;lib_qp", "QN-1;X"], "Ligne 2 (QN-1) : « QN-1 » n’est pas un code de quartier."),
        (["code_qp;insee_com", "QN1234;940"], "« 940 » n’est pas un code Insee de commune."),
        (
            ["code_qp;lib_qp", "QN1234;A", "QN1234;B"],
            "Ligne 3 (QN1234) : il s’appelle « A » à la ligne 2.",
        ),
        (["nom;autre", "X;Y"], "n’a pas de colonne de code (code_qp). Colonnes vues : autre, nom."),
        (["code_qp_2015;lib_qp_2015", ";"], "ne contient aucun quartier"),
    ],
)
def test_une_ligne_fautive_se_nomme(lire, lignes, motif):
    with pytest.raises(Refus) as erreur:
        lire(csv(*lignes), millesime=2015)
    assert motif in str(erreur.value)


def test_chaque_faute_se_dit_et_pas_la_seule_premiere(lire):
    with pytest.raises(Refus) as erreur:
        lire(csv("code_qp;insee_com", "?;94081", "QN1234;94081", "QN1235;x"))
    assert [motif.split(" :")[0] for motif in erreur.value.motifs] == [
        "Ligne 2 (?)",
        "Ligne 4 (QN1235)",
    ]


def test_un_meme_code_deux_fois_avec_un_contour_est_refuse(lire):
    with pytest.raises(Refus, match=rf"Objet 3 .{TILLEULS}. : il est déjà à l’objet 1"):
        lire(geojson(*deux_quartiers(), deux_quartiers()[0]), "q.geojson")


@pytest.mark.parametrize(
    ("annoncee", "donnee"),
    [("EPSG:2154", ""), ("urn:ogc:def:crs:EPSG::2154", ""), ("", "2154"), ("EPSG:3857", "2154")],
)
def test_un_fichier_projete_se_lit_a_sa_projection(lire, annoncee, donnee):
    vers = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    vrai = carre(2.39, 48.79)
    projete = shapely.Polygon([vers.transform(*xy) for xy in vrai.exterior.coords])
    octets = geojson(objet(projete, code_qp=TILLEULS), projection=annoncee)
    lu = lire(octets, "q.geojson", projection=donnee)[TILLEULS]
    assert lu.contour.symmetric_difference(vrai).area < vrai.area / 1_000_000


def test_un_fichier_projete_qui_le_tait_est_refuse(lire):
    loin = shapely.box(652_000, 6_860_000, 653_000, 6_861_000)
    with pytest.raises(Refus, match=r"donnez sa projection .--projection 2154 ou 3857"):
        lire(geojson(objet(loin, code_qp=TILLEULS)), "q.geojson")
    with pytest.raises(Refus, match="la projection « zut » est inconnue"):
        lire(geojson(objet(loin, code_qp=TILLEULS)), "q.geojson", projection="zut")


@pytest.mark.parametrize(
    ("contenu", "nom", "motif"),
    [
        (b"{", "q.geojson", "n’est pas un GeoJSON lisible"),
        (b"[" * 100_000, "q.geojson", "n’est pas un GeoJSON lisible"),
        (b'{"features": [' + b"9" * 5000 + b"]}", "q.geojson", "n’est pas un GeoJSON lisible"),
        (b'{"a": "\xff"}', "q.geojson", "n’est pas un GeoJSON lisible"),
        (b"{}", "q.geojson", "n’a pas de liste « features »"),
        (b"[]", "q.geojson", "n’a pas de liste « features »"),
        (b'{"features": {}}', "q.geojson", "n’a pas de liste « features »"),
        (b'{"features": []}', "q.geojson", "n’a pas de colonne de code"),
        (b'{"features": [null, 3, "x", {}]}', "q.geojson", "n’a pas de colonne de code"),
        (b'{"features": [{"properties": [], "geometry": 3}]}', "q.geojson", "colonne de code"),
        (b"", "q.geojson", "est vide"),
        (b"", "q.csv", "est vide"),
        (b"<!doctype html><html></html>", "q.geojson", "page web"),
        (b"\x1f\x8b\x08\x00 tronque", "q.gz", "ne se lit pas"),
        (gzip.compress(LISTE)[:-12], "q.csv.gz", "ne se lit pas"),
        (b"PK\x03\x04 tronque", "q.zip", "ne se lit pas"),
    ],
    ids=sans_octets,
)
def test_un_fichier_hostile_est_refuse_en_francais(lire, contenu, nom, motif):
    with pytest.raises(Refus, match=motif):
        lire(contenu, nom)


@pytest.mark.parametrize(("place", "octet"), [(0, 1), (2, 77)])
def test_une_archive_chiffree_ou_inconnue_est_refusee(lire, place, octet):
    octets = bytearray(archive(**{"q.csv": LISTE}))
    for debut in (octets.index(b"PK\x03\x04") + 6, octets.index(b"PK\x01\x02") + 8):
        octets[debut + place] = octet
    with pytest.raises(Refus):
        lire(bytes(octets), "q.zip")


def test_une_archive_demesuree_est_refusee(lire, monkeypatch):
    monkeypatch.setattr(module, "OCTETS_MAX", 1_000_000)
    for octets, nom in (
        (gzip.compress(b" " * 1_000_001), "q.gz"),
        (archive(**{"q.csv": b" " * 1_000_001}), "q.zip"),
    ):
        with pytest.raises(Refus, match="décompressé dépasse 1 Mo"):
            lire(octets, nom)


def test_un_fichier_absent_se_dit(tmp_path):
    with pytest.raises(Refus, match=r"absent.csv ne se lit pas"):
        ouvrir(tmp_path / "absent.csv")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nom", ["<script>alert(1)</script>", "=1+1", "Les Tilleuls\r\nNouveau", "«»" * 300, "😀"]
)
def test_un_nom_piege_reste_un_texte(deposer, nom):
    objets = deux_quartiers()
    objets[0]["properties"]["lib_qp"] = nom
    lancer(
        "importer_quartiers", deposer("q.geojson", geojson(*objets)), "--millesime=2024", "--ecrire"
    )
    assert Quartier.objects.get(code=TILLEULS).nom == nom[:200]
    avant = etat()
    dit = lancer("importer_quartiers", deposer("q.geojson", geojson(*objets)), "--millesime=2024")
    assert dit == "Rien ne change.\n"
    assert etat() == avant


@pytest.mark.django_db
@pytest.mark.parametrize("signe", ["\ud800", "\x00"])
def test_un_signe_qui_ne_s_ecrit_pas_est_refuse_ou_ote(deposer, signe):
    objets = deux_quartiers()
    objets[0]["properties"]["lib_qp"] = f"Les{signe} Tilleuls"
    fichier = deposer("q.geojson", geojson(*objets))
    try:
        lancer("importer_quartiers", fichier, "--millesime=2024", "--ecrire")
    except CommandError:
        return
    assert signe not in Quartier.objects.get(code=TILLEULS).nom


def test_les_valeurs_d_un_geojson_se_lisent_comme_celles_d_un_tableau(deposer):
    proprietes = {
        "Code QP": 12.0,
        "É": None,
        "liste": [1, "b"],
        "objet": {"a": 1},
        "vrai": True,
        "grand": 1e300,
        "texte": "  x ",
    }
    (entree,) = ouvrir(deposer("q.geojson", geojson(objet(None, **proprietes)))).entrees
    assert entree.valeurs | {"grand": ""} == {
        "code_qp": "12",
        "e": "",
        "liste": "1;b",
        "objet": "",
        "vrai": "True",
        "grand": "",
        "texte": "x",
    }
    assert entree.valeurs["grand"].isdigit()
    assert forme("  Libellé du Quartier (2024) ") == "libelle_du_quartier_2024"
