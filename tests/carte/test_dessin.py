"""La carte dessinée par le serveur : à l'échelle, le nord en haut, cadrée sur ce qu'elle montre."""

import re

import pytest
from shapely.geometry import MultiPolygon, Point, Polygon

from parvis.carte.couches import Couche, Element
from parvis.carte.dessin import HAUTEUR_MAX, LARGEUR, MARGE, Forme, dessiner, formes_de
from tests.carte.val import carre, point, rectangle


def anneaux(chemin: str) -> list[list[tuple[float, float]]]:
    """Rend les points de chaque anneau d'un chemin SVG."""
    assert re.fullmatch(r"(M[-\d.,L ]+Z ?)+", chemin), chemin
    return [
        [tuple(map(float, xy.split(","))) for xy in morceau.split(" L")]
        for morceau in re.findall(r"M(.*?)Z", chemin)
    ]


def cadre(chemin: str) -> tuple[float, float, float, float]:
    """Rend les bords d'un chemin : gauche, haut, droite, bas."""
    points = [xy for anneau in anneaux(chemin) for xy in anneau]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("nord", [0, 20_000, -300_000, 1_500_000])
def test_un_carre_en_metres_est_un_carre_sur_la_feuille(nord):
    """Sous toutes les latitudes : le repère local est repris à celle du carré."""
    from parvis.territoires.geometrie import RepereLocal

    repere = RepereLocal(*point(0, nord))
    lon, lat = repere.degres(250)
    coins = [(-lon, -lat), (lon, -lat), (lon, lat), (-lon, lat)]
    dessin = dessiner([Forme(Polygon([(repere.lon + x, repere.lat + y) for x, y in coins]), "un")])
    gauche, haut, droite, bas = cadre(dessin.traces[0].chemin)
    assert (droite - gauche) / (bas - haut) == pytest.approx(1, abs=0.01)


def test_cinq_cents_metres_se_mesurent_sur_la_feuille():
    dessin = dessiner([Forme(carre(cote=500), "un")])
    _, haut, _, bas = cadre(dessin.traces[0].chemin)
    assert dessin.cinq_cents_metres == pytest.approx(bas - haut, rel=0.01)


def test_le_nord_est_en_haut_et_l_est_a_droite():
    centre, au_nord, a_l_est = (
        dessiner([Forme(carre(e, n), "x") for e, n in ((0, 0), (0, 900), (900, 0))])
    ).traces
    assert au_nord.y < centre.y
    assert au_nord.x == pytest.approx(centre.x, abs=1)
    assert a_l_est.x > centre.x
    assert a_l_est.y == pytest.approx(centre.y, abs=1)


@pytest.mark.parametrize(
    "contour",
    [carre(), rectangle(-4000, -20, 4000, 20), rectangle(-20, -4000, 20, 4000)],
    ids=["carre", "large", "haut"],
)
def test_tout_tient_dans_la_feuille(contour):
    dessin = dessiner([Forme(contour, "un")])
    gauche, haut, droite, bas = cadre(dessin.traces[0].chemin)
    assert dessin.largeur == LARGEUR
    assert MARGE * 2 < dessin.hauteur <= HAUTEUR_MAX
    assert gauche >= MARGE and haut >= MARGE
    assert droite <= LARGEUR - MARGE + 0.1 and bas <= dessin.hauteur - MARGE + 0.1
    # Ce qui est étroit reste au milieu.
    assert gauche == pytest.approx(LARGEUR - droite, abs=1)


def test_un_trou_et_des_morceaux_sont_autant_d_anneaux():
    troue = carre(cote=400).difference(carre(cote=100))
    assert len(anneaux(dessiner([Forme(troue, "un")]).traces[0].chemin)) == 2
    morceaux = MultiPolygon([carre(), carre(600)])
    assert len(anneaux(dessiner([Forme(morceaux, "deux")]).traces[0].chemin)) == 2


def nom_pose(trace) -> tuple[float, float]:
    """Rend où commence et finit un nom sur la feuille, à six pixels par signe au moins."""
    largeur = 6 * max(map(len, trace.lignes))
    debut = {"start": 0, "middle": -largeur / 2, "end": -largeur}[trace.ancre]
    return trace.x + debut, trace.x + debut + largeur


def test_le_nom_se_pose_a_cote_de_sa_forme_dans_la_commune():
    commune = Forme(carre(cote=3000), "La commune", classe="commune")
    quartiers = [Forme(carre(-1000), "A l'ouest"), Forme(carre(1000), "A l'est")]
    dessous, ouest, est = dessiner([commune, *quartiers]).traces
    assert dessous.ancre == "middle"
    assert nom_pose(ouest)[1] <= cadre(ouest.chemin)[0]
    assert nom_pose(est)[0] >= cadre(est.chemin)[2]


def test_un_long_nom_se_coupe_en_lignes_et_un_nom_tu_ne_s_ecrit_pas():
    nom = "Le très long quartier des Marronniers"
    long, tu = dessiner([Forme(carre(), nom), Forme(carre(), "Tu", est_nomme=False)]).traces
    assert len(long.lignes) > 1 and " ".join(long.lignes) == nom
    assert tu.lignes == []


def test_le_nom_tient_dans_la_feuille_meme_sans_commune():
    for trace in dessiner([Forme(carre(-1000), "Le Verger"), Forme(carre(1000), "Le Lac")]).traces:
        debut, fin = nom_pose(trace)
        assert debut >= 0 and fin <= LARGEUR


def test_le_point_est_cadre_avec_les_formes():
    formes = [Forme(carre(), "un")]
    dedans, loin = dessiner(formes, point(0, 0)), dessiner(formes, point(3000, -3000))
    milieu = cadre(dedans.traces[0].chemin)
    assert dedans.point.x == pytest.approx((milieu[0] + milieu[2]) / 2, abs=1)
    assert dedans.point.y == pytest.approx((milieu[1] + milieu[3]) / 2, abs=1)
    for axe, taille in ((loin.point.x, loin.largeur), (loin.point.y, loin.hauteur)):
        assert MARGE <= axe <= taille - MARGE + 0.1
    assert loin.point.x > cadre(loin.traces[0].chemin)[2]
    assert loin.point.y > cadre(loin.traces[0].chemin)[3]


def test_sans_point_rien_n_est_pose():
    assert dessiner([Forme(carre(), "un")]).point is None


@pytest.mark.parametrize("ou", [None, point(0, 0)])
def test_sans_forme_il_n_y_a_pas_de_dessin(ou):
    assert dessiner([], ou) is None


def test_se_dessinent_les_contours_et_les_points_les_communes_dessous():
    quartiers = [
        Element("Q1", "Le Verger", "", carre(), adresse="/ici/"),
        Element("P1", "Un point", "", Point(point(0, 0)), classe="point"),
        Element("Q2", "Sans contour", "", None),
    ]
    communes = [Element("C1", "La commune", "", carre(cote=900), classe="commune")]
    formes = formes_de(
        [
            (Couche("q", "Quartiers", lambda: quartiers, "tirets"), quartiers),
            (Couche("c", "Communes", lambda: communes), communes),
        ]
    )
    assert [(f.nom, f.classe, f.trait) for f in formes] == [
        ("La commune", "commune", ""),
        ("Le Verger", "quartier", "tirets"),
        ("Un point", "point", "tirets"),
    ]
    assert formes[1].adresse == "/ici/"
    assert formes_de([]) == []


def test_un_point_a_une_place_et_pas_de_contour():
    _, pose = dessiner(
        [Forme(carre(), "un"), Forme(Point(point(0, 0)), "point", classe="point")]
    ).traces
    assert pose.chemin == ""
    assert pose.forme.classe == "point"
