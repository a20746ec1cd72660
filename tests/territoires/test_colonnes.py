"""Les colonnes qui disent où : reconnues comme les fichiers français les nomment, ou par leurs exemples."""

import csv
import math
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.territoires.rules.colonnes import (
    ColonnesInconnues,
    lire_nombre,
    lire_paire,
    reconnaitre_les_colonnes,
)

POINTS = Path(__file__).resolve().parents[3] / "shared/data/points_test_seine_amont.csv"
TITRES = st.sampled_from(
    "nom adresse numero voie code_postal commune insee lat lon x y coordonnees long n° rep".split()
)
CELLULES = st.sampled_from(["", "12", "48,8", "2.38", "94200", "rue X", "652000", "48.8, 2.3", "é"])


def trouver(titres: str, *lignes: str) -> dict:
    """Rend ce qui est reconnu, sans les champs vides."""
    exemples = [ligne.split("|") for ligne in lignes]
    reconnues = asdict(reconnaitre_les_colonnes(titres.split("|"), exemples))
    return {c: v for c, v in reconnues.items() if v is not None and v is not False and v != ()}


@pytest.mark.skipif(not POINTS.exists(), reason="le fichier de points n'est pas là")
def test_le_fichier_de_seine_amont():
    titres, *lignes = csv.reader(POINTS.read_text(encoding="utf-8").splitlines())
    assert trouver("|".join(titres), *("|".join(ligne) for ligne in lignes)) == {
        "adresse": (1,),
        "code_postal": 2,
        "commune": 3,
        "commune_code": 4,
        "lat": 5,
        "lon": 6,
    }


@pytest.mark.parametrize(
    "titre",
    [
        *("Adresse", "ADRESSE POSTALE", "adresse_complete", "Libellé adresse", "L'adresse", "adr"),
        *("Adresse du siège", "Adresse (n° et voie)"),
    ],
)
def test_une_adresse(titre):
    assert trouver(f"Nom|{titre}", "École|3 rue X") == {"adresse": (1,)}


@pytest.mark.parametrize(
    ("titres", "ligne", "adresse"),
    [
        ("N°|Rep|Type de voie|Nom de la voie", "12|bis|rue|de Paris", (0, 1, 2, 3)),
        ("nom_voie|numero_voie|suffixe", "rue de Paris|12|", (1, 2, 0)),
        ("id|Numéro|Rue", "7|12|rue de Paris", (1, 2)),
        ("numero|adresse", "12|rue de Paris", (0, 1)),
        ("numero|adresse", "7|12 rue de Paris", (1,)),
        ("numero|nom|adresse", "7|École|Place du marché", (2,)),
        ("adresse|complément d'adresse", "12 rue X|Bât. B", (0,)),
        ("adresse|voie|numero", "|rue X|12", (2, 1)),
        ("Adresse|CP Ville", "12 rue X|94200 Ivry", (0, 1)),
        ("Adresse mail|Adresse", "a@b.fr|12 rue X", (1,)),
        ("Adresse|Adresse du site", "a@b.fr|12 rue X", (1,)),
    ],
)
def test_une_adresse_en_morceaux(titres, ligne, adresse):
    assert trouver(titres, ligne)["adresse"] == adresse


@pytest.mark.parametrize("titre", ["Code postal", "CP", "codePostal", "postcode", "CODE_POSTAL"])
def test_un_code_postal(titre):
    assert trouver(f"adresse|{titre}", "3 rue X|1000")["code_postal"] == 1


@pytest.mark.parametrize("titre", ["Commune", "VILLE", "nom_commune", "Localité", "Ville du siège"])
def test_une_commune(titre):
    assert trouver(f"adresse|{titre}", "3 rue X|L’Haÿ-les-Roses")["commune"] == 1


@pytest.mark.parametrize(
    "titre",
    [
        *("INSEE", "code_insee", "codgeo", "DEPCOM", "citycode", "Code commune", "insee_com"),
        *("insee_com_attendu", "Code INSEE de la commune", "commune"),
    ],
)
@pytest.mark.parametrize("code", ["94041", "2A004", "1004"])
def test_un_code_insee(titre, code):
    assert trouver(f"adresse|{titre}", f"3 rue X|{code}") == {"adresse": (0,), "commune_code": 1}


def test_un_titre_que_les_exemples_dementent():
    assert trouver("adresse|com|ville", "3 rue X|bon accueil|94041") == {
        "adresse": (0,),
        "commune_code": 2,
    }
    assert trouver("adresse|code commune|x|y", "3 rue X|041|oui|non") == {"adresse": (0,)}
    assert trouver("adresse|precision", "3 rue X|housenumber") == {"adresse": (0,)}


@pytest.mark.parametrize(
    ("titres", "ligne", "attendu"),
    [
        ("lon|lat", "2,38|48.8", {"lon": 0, "lat": 1}),
        ("Latitude (WGS84)|Longitude (WGS84)", "48,8|2,38", {"lon": 1, "lat": 0}),
        ("long|lat", "55.5|-21.1", {"lon": 0, "lat": 1}),
        ("lng|lat", "2,3|48,8", {"lon": 0, "lat": 1}),
        ("x_longitude|y_latitude", "2,3|48,8", {"lon": 0, "lat": 1}),
        ("result_longitude|result_latitude", "2,3|48,8", {"lon": 0, "lat": 1}),
        ("X|Y", "652000,5|6 861 000", {"x": 0, "y": 1}),
        ("x_l93|y_l93|EPSG", "652000|6861000|2154", {"x": 0, "y": 1, "projection": 2}),
        ("X|Y|precision_m", "2,38|48,8|15", {"lon": 0, "lat": 1, "precision": 2}),
        ("lon|lat", "652000|6861000", {"x": 0, "y": 1}),
        ("x|y|lon|lat", "652000|6861000|2,3|48,8", {"x": 0, "y": 1, "lon": 2, "lat": 3}),
        ("lon|lat", "48,8|2,38", {"lon": 0, "lat": 1, "est_inverse": True}),
        ("lon|lat", "-21.1|55.5", {"lon": 0, "lat": 1}),
        ("x|y", "6861000|652000", {"x": 0, "y": 1, "est_inverse": True}),
        ("coordonnées", "48.80, 2.38", {"lat_lon": 0}),
        ("geo_point_2d", "48.80,2.38", {"lat_lon": 0}),
        ("LatLon", "48,80 ; 2,38", {"lat_lon": 0}),
        ("Coordonnées GPS", "[2.38, 48.80]", {"lat_lon": 0, "est_inverse": True}),
        ("geom", "POINT(2.38 48.80)", {"lat_lon": 0, "est_inverse": True}),
        ("lonlat", "55.5, -21.1", {"lat_lon": 0, "est_inverse": True}),
    ],
)
def test_des_coordonnees(titres, ligne, attendu):
    assert trouver(titres, ligne, ligne) == attendu


def test_une_seule_ligne_droite_suffit_a_douter_d_un_echange():
    assert "est_inverse" not in trouver("lon|lat", "48,8|2,38", "2,38|48,8")


@pytest.mark.parametrize(
    ("titres", "lignes", "attendu"),
    [
        ("Liste", ["12 rue X 94200 Ivry", "3 bis, avenue Y, 94400 Vitry"], {"adresse": (0,)}),
        ("Nom|Lieu", ["École X|12 bd de Paris", "Crèche|"], {"adresse": (1,)}),
        ("Nom|Où", ["École X|48.80, 2.38"], {"lat_lon": 1}),
    ],
)
def test_a_defaut_de_titre_les_exemples(titres, lignes, attendu):
    assert trouver(titres, *lignes) == attendu


@pytest.mark.parametrize("titre", ["Nom", "Prénom", "Téléphone", "Mail", "Adresse e-mail"])
def test_une_personne_n_est_jamais_une_adresse(titre):
    with pytest.raises(ColonnesInconnues) as leve:
        trouver(f"{titre}|Note", "12 rue X 94200 Ivry|bien")
    assert f"« {titre} », « Note »" in leve.value.motifs[0]
    assert "« adresse »" in str(leve.value)


def test_des_titres_sans_lignes():
    assert trouver("adresse|lat|lon") == {"adresse": (0,), "lat": 1, "lon": 2}


@pytest.mark.parametrize(
    ("texte", "nombre"),
    [
        *(("2,3836", 2.3836), ("2.3836", 2.3836), (" 48.80 ", 48.8), ("-1", -1), ("+3,", 3)),
        *(("652\u202f000,5", 652000.5), ("6 861 000", 6861000), ("1e3", 1000), ("−2,5", -2.5)),
        *(("48,8°", 48.8), (",5", 0.5), ("", None), ("nan", None), ("inf", None), ("1e999", None)),
        *(("1.234,5", None), ("12 34", None), ("rue", None), ("٣", None), ("--1", None)),
    ],
)
def test_un_nombre(texte, nombre):
    assert lire_nombre(texte) == nombre


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_tout_nombre_ecrit_se_relit(nombre, virgule):
    ecrit = str(nombre).replace(".", ",") if virgule else str(nombre)
    assert lire_nombre(ecrit) == nombre


@given(st.text(max_size=40))
def test_un_texte_quelconque_n_est_jamais_un_nombre_infini(texte):
    lus = [lire_nombre(texte), *(lire_paire(texte) or ())]
    assert all(nombre is None or math.isfinite(nombre) for nombre in lus)


@given(st.lists(TITRES, max_size=6), st.lists(st.lists(CELLULES, max_size=7), max_size=4))
def test_aucun_tableau_ne_fait_echouer(colonnes, exemples):
    try:
        reconnues = reconnaitre_les_colonnes(colonnes, exemples)
    except ColonnesInconnues:
        return
    rangs = [*reconnues.adresse, reconnues.lon, reconnues.lat, reconnues.x, reconnues.lat_lon]
    assert any(rang is not None for rang in rangs)
    assert all(rang is None or 0 <= rang < len(colonnes) for rang in rangs)
    assert (reconnues.lon is None) == (reconnues.lat is None)
