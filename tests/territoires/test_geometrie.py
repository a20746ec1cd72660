"""Les contours : lus, nommés quand ils sont faux, mesurés comme le ferait une projection officielle."""

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from parvis.territoires.geometrie import (
    ContourInvalide,
    RepereLocal,
    arrondir,
    contours,
    defaut,
    depuis_geojson,
    depuis_octets,
    en_metres,
    octets,
    projection_annoncee,
    reparer,
    superficie,
    vers_degres,
)
from tests.fabriques.territoires import carre

LAMBERT_93 = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
IVRY, LILLE, PERPIGNAN = (2.38, 48.81), (3.06, 50.63), (2.89, 42.69)


def polygone(*anneaux) -> dict:
    return {"type": "Polygon", "coordinates": list(anneaux)}


def en_projection(geometrie, transformeur):
    return shapely.transform(
        geometrie, lambda xy: np.column_stack(transformeur.transform(xy[:, 0], xy[:, 1]))
    )


@st.composite
def etoiles(dessin, centre=IVRY, rayon=0.01):
    """Tire un polygone en étoile, juste par construction."""
    lon, lat = centre
    longueurs = dessin(
        st.lists(st.floats(0.1, 1, allow_nan=False), min_size=3, max_size=24), label="rayons"
    )
    tours = [2 * math.pi * rang / len(longueurs) for rang in range(len(longueurs))]
    return shapely.Polygon(
        [
            (lon + rayon * r * math.cos(a), lat + rayon * r * math.sin(a))
            for r, a in zip(longueurs, tours, strict=True)
        ]
    )


@pytest.mark.parametrize("ici", [IVRY, LILLE, PERPIGNAN])
@pytest.mark.parametrize("metres", [10, 50, 1000, 3000])
@pytest.mark.parametrize("cap", [0, 37, 90, 180, 250])
def test_un_metre_est_un_metre_de_lambert_93(ici, metres, cap):
    angle = math.radians(cap)
    repere = RepereLocal(*ici)
    degres = repere.degres(metres)
    la = (ici[0] + degres[0] * math.sin(angle), ici[1] + degres[1] * math.cos(angle))
    assert np.hypot(*repere.metres(np.array([la]))[0]) == pytest.approx(metres, rel=1e-9)
    ecart = np.subtract(LAMBERT_93.transform(*la), LAMBERT_93.transform(*ici))
    assert np.hypot(*ecart) == pytest.approx(metres, rel=0.002)


@given(etoiles(), etoiles(PERPIGNAN))
def test_une_superficie_est_celle_de_l_ellipsoide_et_de_lambert_93(une, autre):
    for contour in (une, autre):
        vraie = abs(Geod(ellps="WGS84").geometry_area_perimeter(contour)[0])
        assert superficie(contour) == pytest.approx(vraie, rel=0.001)
        # Lambert 93 lui-même allonge de 0,12 % à Perpignan, deux fois sur une surface.
        attendue = en_projection(contour, LAMBERT_93).area
        assert superficie(contour) == pytest.approx(attendue, rel=0.004)


@given(etoiles())
def test_les_distances_entre_les_sommets_sont_celles_de_lambert_93(contour):
    locales = shapely.get_coordinates(en_metres(contour))
    officielles = shapely.get_coordinates(en_projection(contour, LAMBERT_93))
    for rang in range(1, len(locales)):
        attendue = np.hypot(*(officielles[rang] - officielles[0]))
        assert np.hypot(*(locales[rang] - locales[0])) == pytest.approx(
            attendue, rel=0.002, abs=0.01
        )


def test_un_trou_se_retire_de_la_superficie():
    plein, trou = carre(*IVRY, 0.01), carre(*IVRY, 0.005)
    assert superficie(plein - trou) == pytest.approx(superficie(plein) * 0.75, rel=1e-6)


@pytest.mark.parametrize(
    ("objet", "motif"),
    [
        (None, "on attend un polygone"),
        ({}, "on attend un polygone"),
        ({"type": "Point", "coordinates": [2, 48]}, "on attend un polygone"),
        ({"type": "LineString", "coordinates": [[2, 48], [3, 48]]}, "on attend un polygone"),
        ({"type": "GeometryCollection", "geometries": []}, "on attend un polygone"),
        ({"type": "polygon", "coordinates": []}, "on attend un polygone"),
        ({"type": "Polygon"}, "ne se lit pas"),
        ({"type": "Polygon", "coordinates": "x"}, "ne se lit pas"),
        ({"type": "Polygon", "coordinates": {"a": 1}}, "ne se lit pas"),
        (polygone([[2, 48], [3, 48]]), "ne se lit pas"),
        (polygone([["a", "b"], ["c", "d"], ["e", "f"]]), "ne se lit pas"),
        (polygone([[2], [3], [4]]), "ne se lit pas"),
        ({"type": "MultiPolygon", "coordinates": [5]}, "ne se lit pas"),
        (polygone(), "est vide"),
        (polygone([]), "est vide"),
        ({"type": "MultiPolygon", "coordinates": []}, "est vide"),
        (polygone([[652000, 6860000], [653000, 6860000], [653000, 6861000]]), "--projection 2154"),
        (polygone([[2, 48], [3, 48], [3, 91]]), "ne sont pas des degrés"),
        (polygone([[2, 48], [181, 48], [3, 49]]), "ne sont pas des degrés"),
        (polygone([[2, 48], [1e400, 48], [3, 49]]), "ne sont pas des degrés"),
    ],
)
def test_un_contour_illisible_est_refuse_en_francais(objet, motif):
    with pytest.raises(ContourInvalide, match=motif):
        depuis_geojson(objet)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_une_coordonnee_sans_valeur_est_un_defaut():
    objet = json.loads('{"type":"Polygon","coordinates":[[[2,48],[NaN,48],[3,49],[2,48]]]}')
    assert "n’est pas un nombre" in defaut(depuis_geojson(objet))


@pytest.mark.filterwarnings("ignore:invalid value")
def test_une_coordonnee_sans_valeur_ne_se_repare_pas():
    with pytest.raises(ContourInvalide):
        reparer(shapely.Polygon([(0, 0), (1, math.nan), (1, 1), (0, 0)]))


HOSTILE = "geometrie.depuis_geojson : cette erreur n'est pas attrapée, la commande casse en anglais"


def test_un_nombre_demesure_est_refuse():
    with pytest.raises(ContourInvalide):
        depuis_geojson(polygone([[10**400, 48], [3, 48], [3, 49], [10**400, 48]]))


def test_un_emboitement_profond_est_refuse():
    fond: list = []
    for _ in range(900):
        fond = [fond]
    with pytest.raises(ContourInvalide):
        depuis_geojson(polygone(fond))


def test_la_troisieme_dimension_se_laisse():
    lu = depuis_geojson(polygone([[2, 48, 30], [3, 48, 30], [3, 49, 31], [2, 48, 30]]))
    assert not lu.has_z
    assert shapely.get_coordinates(lu).tolist() == [[2, 48], [3, 48], [3, 49], [2, 48]]


@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("EPSG:3857", "3857"),
        ("EPSG:2154", "2154"),
        ("urn:ogc:def:crs:EPSG::2154", "2154"),
        ("urn:ogc:def:crs:EPSG:9.8.1:3857", "3857"),
        ("urn:ogc:def:crs:EPSG::4326", ""),
        ("EPSG:4326", ""),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", ""),
        ("urn:ogc:def:crs:OGC::CRS84", ""),
        ("n'importe quoi", ""),
        ("", ""),
    ],
)
def test_la_projection_annoncee(nom, code):
    assert projection_annoncee({"crs": {"type": "name", "properties": {"name": nom}}}) == code


@pytest.mark.parametrize(
    "crs", [None, "EPSG:2154", [], {}, {"properties": None}, {"properties": {"name": None}}]
)
def test_une_projection_mal_annoncee_est_tue(crs):
    assert projection_annoncee({"crs": crs}) == ""


@pytest.mark.parametrize(("transformeur", "code"), [(LAMBERT_93, "2154"), (MERCATOR, "3857")])
def test_un_contour_projete_revient_en_degres(transformeur, code):
    vrai = carre(*IVRY)
    objet = json.loads(shapely.to_geojson(en_projection(vrai, transformeur)))
    with pytest.raises(ContourInvalide, match="degrés"):
        depuis_geojson(objet)
    assert shapely.equals_exact(depuis_geojson(objet, code), vrai, 1e-8)


@pytest.mark.parametrize("code", ["abc", "999999", "0", " "])
def test_une_projection_inconnue_se_dit(code):
    with pytest.raises(ContourInvalide, match=f"la projection « {code} » est inconnue"):
        vers_degres(np.array([[1.0, 2.0]]), code)


CARRE = [(0, 0), (9, 0), (9, 9), (0, 9)]
GRAND_TROU = [(1, 1), (8, 1), (8, 8), (1, 8)]
INVALIDES = {
    "le contour se recoupe (en 0,50000 ; 0,50000)": shapely.Polygon(
        [(0, 0), (1, 1), (1, 0), (0, 1)]
    ),
    "le contour se touche lui-même (en 1,00000 ; 0,00000)": shapely.Polygon(
        [(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)]
    ),
    "un trou sort du contour (en 20,00000 ; 2,00000)": shapely.Polygon(
        CARRE, [[(20, 2), (30, 2), (30, 3)]]
    ),
    "deux trous s’emboîtent (en 2,00000 ; 2,00000)": shapely.Polygon(
        CARRE, [GRAND_TROU, [(2, 2), (3, 2), (3, 3)]]
    ),
    "deux contours s’emboîtent (en 2,00000 ; 1,00000)": shapely.MultiPolygon(
        [shapely.box(0, 0, 9, 9), shapely.box(1, 1, 2, 2)]
    ),
    "l’intérieur est coupé en deux (en 2,00000 ; 4,00000)": shapely.Polygon(
        [(0, 0), (4, 0), (4, 4), (0, 4)], [[(2, 0), (3, 2), (2, 4), (1, 2)]]
    ),
    "le contour a trop peu de points (en 0,00000 ; 0,00000)": shapely.Polygon(
        [(0, 0), (1, 1), (0, 0), (0, 0)]
    ),
}


@pytest.mark.parametrize("dit", INVALIDES)
def test_chaque_defaut_se_dit_en_francais_avec_son_lieu(dit):
    assert defaut(INVALIDES[dit]) == dit


def test_un_defaut_que_l_on_ne_connait_pas_se_dit_quand_meme(monkeypatch):
    for raison, dit in (
        ("Nouveau défaut[1 2]", "le contour est mal formé (en 1,00000 ; 2,00000)"),
        ("Nouveau défaut", "le contour est mal formé"),
    ):
        monkeypatch.setattr(shapely, "is_valid_reason", lambda g, r=raison: r)
        assert defaut(carre(*IVRY)) == dit


def test_un_contour_juste_n_a_pas_de_defaut():
    assert defaut(carre(*IVRY)) == ""


@pytest.mark.parametrize("dit", [d for d in INVALIDES if "trop peu" not in d])
def test_reparer_rend_un_contour_juste_de_meme_etendue(dit):
    reparee = reparer(INVALIDES[dit])
    assert reparee.is_valid
    assert reparee.geom_type in ("Polygon", "MultiPolygon")
    assert reparee.area > 0
    invalide = INVALIDES[dit]
    assert (
        shapely.get_coordinates(reparee.convex_hull).tolist()
        == (
            shapely.get_coordinates(
                shapely.multipoints(shapely.get_coordinates(invalide)).convex_hull
            )
        ).tolist()
    )


def test_reparer_garde_les_deux_ailes_d_un_papillon():
    ailes = reparer(INVALIDES["le contour se recoupe (en 0,50000 ; 0,50000)"])
    assert ailes.area == pytest.approx(0.5)
    assert ailes.covers(shapely.Point(0.1, 0.5))
    assert ailes.covers(shapely.Point(0.9, 0.5))


@pytest.mark.parametrize("points", [[(0, 0), (1, 0), (2, 0)], [(0, 0), (1, 1), (0, 0), (0, 0)]])
def test_ce_qui_n_a_pas_de_surface_ne_se_repare_pas(points):
    with pytest.raises(ContourInvalide, match="ne peut pas être réparé"):
        reparer(shapely.Polygon(points))


@settings(max_examples=200)
@given(etoiles(rayon=0.0005), st.integers(3, 6))
def test_arrondir_reste_juste_et_tout_pres(contour, decimales):
    ronde = arrondir(contour, decimales) if _se_laisse_arrondir(contour, decimales) else contour
    assert ronde.is_valid
    assert not ronde.is_empty
    ecart = shapely.symmetric_difference(ronde, contour).area
    assert ecart <= contour.length * 10**-decimales


def _se_laisse_arrondir(contour, decimales):
    """Dit si l'arrondi garde au moins trois points : sinon, voir le test qui suit."""
    ronds = {tuple(xy) for xy in shapely.get_coordinates(contour).round(decimales)}
    return len(ronds) > 4 and contour.buffer(-(10**-decimales)).area > 0


def test_un_eclat_plus_petit_que_l_arrondi_disparait():
    grand, eclat = carre(*IVRY), carre(2.39, 48.81, 0.0000001)
    assert arrondir(shapely.MultiPolygon([grand, eclat])).equals_exact(arrondir(grand), 0)


def test_arrondir_repare_un_detroit_qui_se_ferme():
    # Deux bords à dix centimètres l'un de l'autre se rejoignent au mètre.
    pince = shapely.Polygon(
        [(0, 0), (0.001, 0), (0.0005, 0.0000001), (0.001, 0.001), (0, 0.001), (0.0005, 0.0000002)]
    )
    assert arrondir(pince).is_valid
    assert superficie(arrondir(pince)) == pytest.approx(superficie(pince), rel=0.05)


@given(etoiles(), st.integers(0, 23), st.booleans())
def test_les_octets_ne_dependent_ni_du_depart_ni_du_sens(contour, decalage, est_a_l_envers):
    points = list(contour.exterior.coords)[:-1]
    decalage %= len(points)
    tournes = points[decalage:] + points[:decalage]
    autre = shapely.Polygon(tournes[::-1] if est_a_l_envers else tournes)
    assert octets(autre) == octets(contour)
    assert shapely.equals(depuis_octets(memoryview(octets(contour))), contour)


def test_les_octets_ne_dependent_pas_de_l_ordre_des_parties():
    une, deux = carre(*IVRY), carre(*LILLE)
    assert octets(shapely.MultiPolygon([une, deux])) == octets(shapely.MultiPolygon([deux, une]))
    assert octets(une) != octets(deux)


def test_chaque_anneau_se_parcourt_trous_compris():
    troue = carre(*IVRY, 0.01) - carre(*IVRY, 0.001)
    anneaux = list(contours(shapely.MultiPolygon([troue, carre(*LILLE)])))
    assert len(anneaux) == 3
    assert all((anneau[0] == anneau[-1]).all() for anneau in anneaux)
    assert {tuple(xy) for a in anneaux for xy in a} == {
        tuple(xy) for g in (troue, carre(*LILLE)) for xy in shapely.get_coordinates(g)
    }
