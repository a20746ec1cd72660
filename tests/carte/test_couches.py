"""Les couches de la carte, en GeoJSON : la forme, la précision, et des noms qui restent des textes."""

import json

import pytest
from django.urls import reverse
from shapely.geometry import MultiPolygon, Point, shape

from parvis.carte.couches import DECIMALES, Element, adresse_du_quartier, geojson
from tests.carte.val import carre, contrat_decline, contrat_du, point, quartier
from tests.fabriques.cadre import MACHINE, contrat_publie

CODES = ["quartiers-2024", "quartiers-2015", "fiches-locales", "communes"]
PIEGE = '<img src=x onerror=alert(1)> "& </script>'


def nombres(valeur) -> list[float]:
    return [n for v in valeur for n in nombres(v)] if isinstance(valeur, list | tuple) else [valeur]


def lire_la_couche(client, code: str, contrat: str = "tilleuls") -> dict:
    reponse = client.get(f"/{contrat}/carte/couches/{code}.geojson")
    assert reponse.status_code == 200
    assert reponse.headers["Content-Type"] == "application/geo+json"
    return json.loads(reponse.content)


def noms(couche: dict) -> list[str]:
    return [objet["properties"]["nom"] for objet in couche["features"]]


class TestGeojson:
    def test_chaque_element_est_un_objet_et_ses_textes_des_donnees(self):
        element = Element(
            "Q1", PIEGE, "Ici", carre(), "/t/quartiers/Q1/", [("Population", "12")], "quartier"
        )
        rendu = json.loads(json.dumps(geojson([element])))
        assert rendu["type"] == "FeatureCollection"
        (objet,) = rendu["features"]
        assert (objet["type"], objet["id"]) == ("Feature", "Q1")
        assert objet["properties"] == {
            "nom": PIEGE,
            "sous_titre": "Ici",
            "adresse": "/t/quartiers/Q1/",
            "lignes": [["Population", "12"]],
            "classe": "quartier",
        }
        assert shape(objet["geometry"]).equals_exact(carre(), 1e-5)

    @pytest.mark.parametrize(
        "contour",
        [
            carre(cote=123.4),
            carre(cote=400).difference(carre()),
            MultiPolygon([carre(), carre(900)]),
            Point(point(1, 2)),
        ],
        ids=["simple", "troue", "multiple", "point"],
    )
    def test_les_coordonnees_ont_cinq_decimales(self, contour):
        (objet,) = geojson([Element("Q1", "x", "", contour)])["features"]
        assert objet["geometry"]["type"] == contour.geom_type
        lues = nombres(objet["geometry"]["coordinates"])
        assert lues and all(n == round(n, DECIMALES) for n in lues)

    def test_un_element_sans_contour_n_y_est_pas(self):
        elements = [Element("Q1", "Sans", "", None), Element("Q2", "Avec", "", carre())]
        assert noms(geojson(elements)) == ["Avec"]

    def test_l_emprise_contient_tout(self):
        emprise = geojson([Element(str(e), "", "", carre(e)) for e in (0, 900)])["emprise"]
        attendue = (*carre().bounds[:2], *carre(900).bounds[2:])
        assert emprise == pytest.approx(attendue, abs=1e-9)

    @pytest.mark.parametrize("elements", [[], [Element("Q1", "Sans", "", None)]])
    def test_sans_contour_l_emprise_est_vide(self, elements):
        assert geojson(elements) == {"type": "FeatureCollection", "features": [], "emprise": []}

    def test_l_adresse_d_un_quartier_est_celle_de_sa_page(self):
        assert adresse_du_quartier("tilleuls", "QP94001") == "/tilleuls/quartiers/QP94001/"


class TestCouchesDuContrat:
    def test_les_quartiers_de_chaque_generation(self, client, edition):
        moulin, verger = lire_la_couche(client, "quartiers-2015")["features"]
        assert noms(lire_la_couche(client, "quartiers-2015")) == ["Le Moulin", "Le Verger"]
        # Les Bateliers n'ont pas de contour.
        (grand,) = lire_la_couche(client, "quartiers-2024")["features"]
        assert grand["id"] == "QN94001A"
        assert grand["properties"]["adresse"] == "/tilleuls/quartiers/QN94001A/"
        assert dict(grand["properties"]["lignes"]) == {
            "Population": "1\xa0234 habitants",
            "Superficie": "9 ha",
            "Fiches qui le nomment": "3",
        }
        assert dict(verger["properties"]["lignes"])["Population"] == "non connue"
        dit_du_moulin = dict(moulin["properties"]["lignes"])
        assert dit_du_moulin["Fiches qui le nomment"] == "aucune, toutes s’y appliquent"

    def test_les_communes(self, client, edition):
        couche = lire_la_couche(client, "communes")
        assert noms(couche) == ["Port-Tilleul", "Val-des-Tilleuls"]
        assert {o["properties"]["classe"] for o in couche["features"]} == {"commune"}
        port, val = (o["properties"]["lignes"] for o in couche["features"])
        assert (port, val) == ([], [["Population", "40\xa0000 habitants"]])

    def test_un_point_par_lieu_dont_des_fiches_parlent(self, client, edition):
        (fiches,) = lire_la_couche(client, "fiches-locales")["features"]
        assert fiches["geometry"]["type"] == "Point"
        assert carre(cote=300).contains(shape(fiches["geometry"]))
        assert fiches["properties"]["sous_titre"] == "3 fiches en parlent"
        assert fiches["properties"]["nom"] == "Le Grand Verger"

    def test_une_fiche_declinee_dans_une_commune_y_a_son_point(self, client, lieux):
        contrat_decline("Port-Tilleul")
        couche = lire_la_couche(client, "fiches-locales")
        port = next(o for o in couche["features"] if o["id"] == "fiches-94041")["properties"]
        assert port["adresse"] == "/tilleuls/declinaisons/port-tilleul/"
        assert port["sous_titre"] == "1 fiche dite autrement dans la commune"
        assert port["lignes"] == [["Fiches", "1-1"]]

    def test_une_commune_sans_contour_n_arrete_rien(self, client, lieux):
        lieux.port.contour = None
        lieux.port.save()
        contrat_decline("Port-Tilleul")
        assert noms(lire_la_couche(client, "communes")) == ["Val-des-Tilleuls"]
        assert "Port-Tilleul" not in noms(lire_la_couche(client, "fiches-locales"))

    def test_une_seule_fiche_se_dit_au_singulier(self, client, lieux):
        contrat_publie("tilleuls", contrat_du("Val-des-Tilleuls", ["Le Verger"]))
        (fiches,) = lire_la_couche(client, "fiches-locales")["features"]
        assert fiches["properties"]["sous_titre"] == "une fiche en parle"

    def test_un_nom_hostile_reste_un_texte(self, client, lieux):
        quartier("QN94009A", 2024, PIEGE, [lieux.val], carre(-600))
        contrat_publie("tilleuls")
        assert PIEGE in noms(lire_la_couche(client, "quartiers-2024"))
        for page in ("carte/", "quartiers/", "quartiers/QN94009A/", "adresse/"):
            rendue = client.get(f"/tilleuls/{page}").text
            assert "<img src=x" not in rendue and "&lt;img src=x" in rendue

    @pytest.mark.parametrize("code", CODES)
    def test_chaque_couche_se_lit_et_ne_se_change_pas(self, client, edition, code):
        adresse = reverse("carte:couche", args=("tilleuls", code))
        assert client.head(adresse).status_code == 200
        assert client.post(adresse).status_code == 405

    @pytest.mark.parametrize("code", ["quartiers-1999", "quartiers", "rien", "communes-2024"])
    def test_une_couche_inconnue_est_introuvable(self, client, edition, code):
        assert client.get(f"/tilleuls/carte/couches/{code}.geojson").status_code == 404

    def test_sans_quartier_il_n_y_a_pas_de_couche(self, client, db):
        contrat_publie("tilleuls")
        for code in CODES:
            assert client.get(f"/tilleuls/carte/couches/{code}.geojson").status_code == 404

    def test_rien_n_est_lu_avant_d_etre_montre(self, edition, django_assert_num_queries):
        from parvis.carte.queries.couches import couches_du_contrat, couches_par_defaut

        couches = couches_du_contrat(MACHINE, edition)
        assert [c.code for c in couches] == CODES
        assert [c.trait for c in couches] == ["", "tirets", "points", ""]
        with django_assert_num_queries(0):
            par_defaut = couches_par_defaut(couches)
        assert [c.code for c in par_defaut] == ["quartiers-2024", "communes"]

    def test_un_contour_minuscule_est_charge(self, client, lieux):
        quartier("QN94008A", 2024, "Le Square", [lieux.val], carre(-600, cote=50))
        contrat_publie("tilleuls")
        couche = lire_la_couche(client, "quartiers-2024")
        square = next(o for o in couche["features"] if o["id"] == "QN94008A")
        assert dict(square["properties"]["lignes"])["Superficie"] != "contour non chargé"
