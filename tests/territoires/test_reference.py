"""Les fichiers officiels de référence, s'ils sont là : tous s'importent, et les points se situent bien."""

import csv
import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError

from parvis.territoires.models import (
    Commune,
    Correspondance,
    Couverture,
    Epci,
    Perimetre,
    Quartier,
)
from tests.fabriques.territoires import lancer

RACINE = Path(__file__).resolve().parents[2]
DONNEES = Path(os.environ.get("PARVIS_REFERENCE") or RACINE.parent / "shared") / "data"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DONNEES.is_dir(), reason="données de référence absentes (PARVIS_REFERENCE)"
    ),
]
QPV_2024, QPV_2015 = "qpv_2024_seine_amont.geojson", "qpv_2015_seine_amont.csv"


def importer(nom: str, *options: str, commande: str = "importer_quartiers") -> str:
    return lancer(commande, DONNEES / nom, "--ecrire", *options)


def communes(*options: str) -> None:
    importer("cog_communes_france.csv.gz", *options, commande="importer_communes")


def lignes(nom: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DONNEES / nom).read_text("utf-8-sig").splitlines()))


def test_les_communes_de_france_et_les_contours_du_94():
    communes()
    assert Commune.objects.filter(departement="94").count() == 47
    assert 34_500 < Commune.objects.count() < 36_000
    assert (
        Commune.objects.get(code="01004").departement,
        Commune.objects.get(code="2A004").nom,
    ) == (*("01", "Ajaccio"),)
    importer("communes_94_2018.geojson", commande="importer_communes")
    assert Commune.objects.exclude(contour=None).count() == 47
    dit = importer("ept_grand_paris_communes.csv", commande="importer_epci")
    assert dit.count("nouveau · ") == Epci.objects.count()
    reliees = {c.code for e in Epci.objects.all() for c in e.communes.all()}
    assert len(reliees) == len(lignes("ept_grand_paris_communes.csv")) == 129


def test_les_quartiers_2024_de_seine_amont():
    importer(QPV_2024, "--millesime=2024")
    assert Quartier.objects.filter(millesime=2024).count() == Perimetre.objects.count() == 12
    par_commune = Counter(Quartier.objects.values_list("communes__code", flat=True))
    assert par_commune == {"94041": 4, "94081": 4, "94022": 2, "94054": 1, "94073": 1}
    assert Couverture.objects.count() == 5
    assert importer(QPV_2024, "--millesime=2024") == "Rien ne change.\n"


def test_les_quartiers_2015_de_seine_amont_et_ce_qu_ils_deviennent():
    importer(QPV_2024, "--millesime=2024")
    importer(QPV_2015, "--millesime=2015")
    assert Quartier.objects.filter(millesime=2015).count() == 9
    importer(QPV_2015, commande="importer_correspondances")
    assert Counter(Correspondance.objects.values_list("nature", flat=True)) == {
        "inchange": 2,
        "modifie": 6,
        "sorti": 1,
    }


def test_la_table_de_correspondance_du_94():
    communes("--departement=94")
    nom = "qpv_correspondance_2015_2024_94.csv"
    for millesime, attendus in ((2024, 47), (2015, 38)):
        importer(nom, f"--millesime={millesime}")
        assert Quartier.objects.filter(millesime=millesime).count() == attendus
    importer(nom, commande="importer_correspondances")
    assert Counter(Correspondance.objects.values_list("nature", flat=True)) == {
        "modifie": 25,
        "inchange": 13,
    }


def test_les_codes_de_toute_la_france():
    communes()
    importer("qpv_2024_codes_par_commune_france.csv.gz", "--millesime=2024")
    assert Quartier.objects.count() == 1493
    assert Quartier.communes.through.objects.count() == 1684
    assert Commune.objects.filter(quartiers__isnull=False).distinct().count() == 824


def test_l_occitanie_de_2015_demande_a_etre_reparee():
    nom = "qpv_2015_occitanie.geojson.gz"
    with pytest.raises(CommandError, match="--reparer le corrige au plus près"):
        importer(nom, "--millesime=2015")
    assert not Quartier.objects.exists()
    dit = importer(nom, "--millesime=2015", "--reparer")
    assert "réparé" in dit
    assert Quartier.objects.count() == Perimetre.objects.count() == 105
    contenu = json.loads(gzip.decompress((DONNEES / nom).read_bytes()))
    attendues = {f["properties"]["code_commune"] for f in contenu["features"]}
    assert set(Commune.objects.values_list("code", flat=True)) == attendues


def test_les_indicateurs_d_occitanie_portent_la_population():
    importer("qpv_2015_occitanie.geojson.gz", "--millesime=2015", "--reparer")
    sources = lignes("qpv_2015_occitanie_indicateurs.csv")
    assert len(sources) == 105
    assert "absent du fichier" not in importer(
        "qpv_2015_occitanie_indicateurs.csv", "--millesime=2015"
    )
    assert Quartier.objects.count() == 105


@pytest.mark.parametrize("a_des_contours_de_communes", [True, False])
def test_les_treize_points_de_seine_amont_tombent_ou_il_faut(tmp_path, a_des_contours_de_communes):
    importer(QPV_2024, "--millesime=2024")
    if a_des_contours_de_communes:
        importer("communes_94_2018.geojson", commande="importer_communes")
    attendus = lignes("points_test_seine_amont.csv")
    sortie = tmp_path / "points.csv"
    dit = lancer(
        "situer",
        DONNEES / "points_test_seine_amont.csv",
        "--millesime=2024",
        f"--sortie={sortie}",
    )
    rendus = list(csv.DictReader(sortie.read_text("utf-8-sig").splitlines()))
    assert len(rendus) == 13
    for rendu, attendu in zip(rendus, attendus, strict=True):
        metres = float(attendu["distance_bord_m"])
        sur_le_bord = metres < 15
        if not sur_le_bord:
            assert rendu["qpv_2024"] == "non", attendu["nom"]
        else:
            assert rendu["qpv_2024"] in ("oui", "à vérifier"), attendu["nom"]
            assert rendu["qpv_2024_code"] == attendu["code_qp_2024"], attendu["nom"]
        if 15 <= metres < 45:
            assert abs(float(rendu["qpv_2024_distance_m"]) - metres) <= 1.5
    assert dit.startswith("Quartiers 2024 : 1 oui, 12 non, 0 à vérifier, 0 inconnu.")


def test_le_point_qui_est_dans_une_autre_commune_que_son_adresse_se_remarque(tmp_path):
    importer(QPV_2024, "--millesime=2024")
    importer("communes_94_2018.geojson", commande="importer_communes")
    sortie = tmp_path / "points.csv"
    lancer("situer", DONNEES / "points_test_seine_amont.csv", f"--sortie={sortie}")
    rendus = csv.DictReader(sortie.read_text("utf-8-sig").splitlines())
    assert {r["nom"]: r["remarque"] for r in rendus if r["remarque"]} == {
        "Stade Pillaudin": "Le point est à Ivry-sur-Seine, l’adresse dit Vitry-sur-Seine."
    }
