"""L'index des contours répond comme une recherche lente et évidente, point par point."""

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.territoires.geometrie import repere_de
from parvis.territoires.index import DEHORS, LIMITE_M, IndexDeContours
from tests.fabriques.territoires import carre

ICI = (2.38, 48.80)
# Des positions sur une grille grossière : les bords communs et les points sur un bord abondent.
PAS = 0.0004
CASES = st.integers(0, 24)
POINTS = st.lists(
    st.one_of(
        st.tuples(CASES, CASES),
        st.tuples(st.floats(-2, 26), st.floats(-2, 26)),
    ),
    max_size=30,
)


def en_degres(case: tuple[float, float]) -> tuple[float, float]:
    return ICI[0] + case[0] * PAS, ICI[1] + case[1] * PAS


@st.composite
def contours(dessin):
    """Tire un contour juste : un rectangle ou un triangle, troué parfois, en deux parties parfois."""
    ouest, sud = dessin(CASES), dessin(CASES)
    large, haut = dessin(st.integers(1, 8)), dessin(st.integers(1, 8))
    coins = [(ouest, sud), (ouest + large, sud), (ouest + large, sud + haut), (ouest, sud + haut)]
    if dessin(st.booleans()):
        coins.pop(dessin(st.integers(0, 3)))
    forme = shapely.Polygon([en_degres(coin) for coin in coins])
    if dessin(st.booleans()):
        forme = forme - carre(*forme.centroid.coords[0], PAS / 4)
    if dessin(st.booleans()):
        forme = forme.union(carre(*en_degres((ouest - 3, sud + 3)), PAS / 2))
    return forme


FORMES = st.lists(contours(), max_size=6)


def colonnes(points):
    lus = np.array([en_degres(p) for p in points], dtype=float).reshape(-1, 2)
    return lus[:, 0].copy(), lus[:, 1].copy()


def au_bord(forme, lon: float, lat: float) -> float:
    """Rend la distance au bord, en mètres, mesurée segment par segment."""
    repere = repere_de(forme)
    x, y = repere.metres(np.array([(lon, lat)]))[0]
    plus_pres = math.inf
    for partie in shapely.get_parts(forme):
        for anneau in (partie.exterior, *partie.interiors):
            bouts = repere.metres(np.asarray(anneau.coords))
            for (ax, ay), (bx, by) in pairwise(bouts):
                dx, dy = bx - ax, by - ay
                t = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
                plus_pres = min(plus_pres, math.hypot(x - ax - t * dx, y - ay - t * dy))
    return plus_pres


def lentement(formes, lon: float, lat: float) -> int:
    return next(
        (rang for rang, f in enumerate(formes) if f.intersects(shapely.Point(lon, lat))), DEHORS
    )


@settings(max_examples=150)
@given(FORMES, POINTS)
def test_situer_rend_le_premier_contour_qui_contient_chaque_point(formes, points):
    lon, lat = colonnes(points)
    attendus = [lentement(formes, *point) for point in zip(lon, lat, strict=True)]
    assert IndexDeContours(formes).situer(lon, lat).tolist() == attendus


@settings(max_examples=150)
@given(FORMES, POINTS)
def test_distances_rend_le_bord_le_plus_proche_jusqu_a_la_limite(formes, points):
    lon, lat = colonnes(points)
    metres, rangs = IndexDeContours(formes).distances(lon, lat)
    for rang, ici in enumerate(zip(lon, lat, strict=True)):
        vraies = [au_bord(forme, *ici) for forme in formes]
        plus_pres = min(vraies, default=math.inf)
        if plus_pres < LIMITE_M - 0.001:
            assert metres[rang] == pytest.approx(plus_pres, abs=1e-6)
            assert vraies[rangs[rang]] == pytest.approx(plus_pres, abs=1e-6)
        elif plus_pres > LIMITE_M + 0.001:
            assert (metres[rang], rangs[rang]) == (math.inf, DEHORS)


@settings(max_examples=150)
@given(FORMES, st.tuples(st.floats(-60, 80), st.floats(-60, 80)))
def test_le_plus_proche_n_en_oublie_aucun(formes, case):
    ici = en_degres(case)
    rang, metres = IndexDeContours(formes).le_plus_proche(*ici)
    if not formes:
        assert (rang, metres) == (DEHORS, math.inf)
        return
    vraies = [au_bord(forme, *ici) for forme in formes]
    assert metres == pytest.approx(vraies[rang], abs=1e-6)
    # Le repère du point et celui du contour diffèrent d'un rien : un ex æquo peut passer devant.
    assert metres <= min(vraies) * 1.001 + 0.01


@pytest.mark.parametrize(
    "point", [(2.379, 48.8), (2.381, 48.8), (2.38, 48.799), (2.381, 48.801), (2.3795, 48.801)]
)
def test_un_point_sur_le_bord_est_dedans_a_zero_metre(point):
    index = IndexDeContours([shapely.box(2.379, 48.799, 2.381, 48.801)])
    lon, lat = np.array([point[0]]), np.array([point[1]])
    assert index.situer(lon, lat).tolist() == [0]
    assert index.distances(lon, lat)[0][0] == pytest.approx(0, abs=1e-6)


def test_un_point_dans_un_trou_est_dehors_et_a_sa_distance_au_bord_du_trou():
    troue = carre(*ICI) - carre(*ICI, 0.0001)
    index = IndexDeContours([troue])
    lon, lat = np.array([ICI[0]]), np.array([ICI[1]])
    assert index.situer(lon, lat).tolist() == [DEHORS]
    metres, rangs = index.distances(lon, lat)
    # Un dix-millième de degré de longitude à 48,80 : 7,34 mètres.
    assert (metres[0], rangs[0]) == (pytest.approx(7.34, abs=0.02), 0)


def test_deux_contours_superposes_le_premier_gagne_et_le_bord_est_celui_du_plus_proche():
    grand, petit = carre(*ICI, 0.002), carre(*ICI, 0.0002)
    lon, lat = np.array([ICI[0] + 0.0003]), np.array([ICI[1]])
    for formes in ([grand, petit], [petit, grand]):
        index = IndexDeContours(formes)
        assert index.situer(np.array([ICI[0]]), np.array([ICI[1]])).tolist() == [0]
        assert index.situer(lon, lat).tolist() == [formes.index(grand)]
        assert index.distances(lon, lat)[1].tolist() == [formes.index(petit)]


@pytest.mark.parametrize("sans_valeur", [math.nan, math.inf, -math.inf])
def test_un_point_sans_valeur_n_est_nulle_part(sans_valeur):
    index = IndexDeContours([carre(*ICI)])
    lon = np.array([sans_valeur, ICI[0], sans_valeur, ICI[0]])
    lat = np.array([ICI[1], sans_valeur, sans_valeur, ICI[1]])
    assert index.situer(lon, lat).tolist() == [DEHORS, DEHORS, DEHORS, 0]
    assert np.isinf(index.distances(lon[:3], lat[:3])[0]).all()


def test_sans_contour_rien_n_est_situe():
    index = IndexDeContours([])
    lon, lat = np.array([2.38, math.nan]), np.array([48.8, 48.8])
    assert index.situer(lon, lat).tolist() == [DEHORS, DEHORS]
    assert np.isinf(index.distances(lon, lat)[0]).all()
    assert index.le_plus_proche(2.38, 48.8) == (DEHORS, math.inf)


def test_sans_point_rien_n_est_rendu():
    index, rien = IndexDeContours([carre(*ICI)]), np.array([], dtype=float)
    assert index.situer(rien, rien).tolist() == []
    assert [a.tolist() for a in index.distances(rien, rien)] == [[], []]


def test_la_limite_s_atteint_d_est_en_ouest_comme_du_nord_au_sud():
    index = IndexDeContours([carre(*ICI)])
    est, nord = repere_de(carre(*ICI)).degres(1)
    for cote in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        for metres in (49.9, 50.1):
            lon = np.array([ICI[0] + cote[0] * (0.001 + metres * est)])
            lat = np.array([ICI[1] + cote[1] * (0.001 + metres * nord)])
            mesure = index.distances(lon, lat)[0][0]
            assert mesure == (pytest.approx(metres, abs=0.01) if metres < LIMITE_M else math.inf)


def test_le_plus_proche_s_arrete_des_que_les_cadres_s_eloignent():
    formes = [carre(ICI[0] + rang * 0.01, ICI[1]) for rang in range(50)]
    index = IndexDeContours(formes)
    with patch.object(index, "_au_bord", wraps=index._au_bord) as mesurees:
        assert index.le_plus_proche(ICI[0] + 0.302, ICI[1])[0] == 30
    assert mesurees.call_count <= 2


def test_huit_fils_ont_les_memes_reponses_qu_un_seul():
    tirage = np.random.default_rng(7)
    formes = [
        shapely.Point(ICI[0] + dx, ICI[1] + dy).buffer(0.003, quad_segs=64)
        for dx, dy in tirage.uniform(0, 0.05, (40, 2))
    ]
    lon = ICI[0] + tirage.uniform(-0.01, 0.06, 4000)
    lat = ICI[1] + tirage.uniform(-0.01, 0.06, 4000)
    seul = IndexDeContours(formes)
    attendus = [seul.situer(lon, lat), *seul.distances(lon, lat)]
    partage = IndexDeContours(formes)

    def interroger(rang: int):
        proche = partage.le_plus_proche(float(lon[rang]), float(lat[rang]))
        return [partage.situer(lon, lat), *partage.distances(lon, lat)], proche

    with ThreadPoolExecutor(8) as fils:
        for rang, (rendus, proche) in enumerate(fils.map(interroger, range(32))):
            for rendu, attendu in zip(rendus, attendus, strict=True):
                assert np.array_equal(rendu, attendu)
            assert proche == seul.le_plus_proche(float(lon[rang]), float(lat[rang]))
    assert len(set(attendus[0].tolist())) > 20
