"""Les vrais indicateurs d'Occitanie, s'ils sont là, et leur jumeau inventé : rien n'y trahit personne."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest
import yaml

from parvis.observatoire.models import Serie, Valeur, ValeurDEnsemble
from parvis.territoires.models import Epci, Quartier
from tests.fabriques.observatoire import code, territoire
from tests.fabriques.territoires import lancer
from tests.observatoire.lecteur import fautes_de_lecture

RACINE = Path(__file__).resolve().parents[2]
DONNEES = Path(os.environ.get("PARVIS_REFERENCE") or RACINE.parent / "shared") / "data"
pytestmark = pytest.mark.django_db
FICHIER, PERIODE = "qpv_2015_occitanie_indicateurs.csv", "2018"
TEXTES = ("nom_qp", "nom_commune")
# Ce que dit le dictionnaire de chaque colonne, ramené à une unité ; le premier motif reconnu gagne.
UNITES = (
    ("part d", "pourcent"),
    ("taux d", "pourcent"),
    ("indice", "indice"),
    ("médiane", "euros"),
    ("décile", "euros"),
    ("foyers", "menages"),
    ("population", "personnes"),
    ("personnes", "personnes"),
    ("demandeurs", "personnes"),
    ("nombre d", "nombre"),
)
PESEES = {"tx_tot_et": "pop_mun", "tx_f": "pop_mun"}
PARTIES = {
    "abcde_f": ("abcde", "par sexe"),
    "abcde_h": ("abcde", "par sexe"),
}
# Des populations de la commune, redites à chaque quartier : elles ne s'additionnent pas.
DE_LA_COMMUNE = {"pop_com_qp", "pop_com"}
# Le jumeau : les mêmes colonnes, avec des mots à nous.
JUMEAU = {
    "code_qp": "Le code",
    "nom_qp": "Le nom",
    "nom_commune": "La commune",
    "pop_mun": "Population du lieu",
    "pop_com": "Population de la commune",
    "tx_f": "Part des femmes",
    "percou": "Personnes aidées",
    "a": "Foyers aidés",
    "decuc_q2": "Médiane des revenus",
    "tp60": "Taux de pauvreté",
    "ind_jeune": "Indice des jeunes",
    "abcde": "Total de demandeurs",
    "abcde_f": "Total de demandeurs femmes",
    "abcde_h": "Total de demandeurs hommes",
    "ec_mat": "Nombre d’écoles",
}
LIGNES_DU_JUMEAU = (
    ("Un", "Val", 900, 9000, "53,2", 400, 90, 12000, "40", "0.9", 60, 53, 7, 2),
    ("Deux", "Val", 1500, 9000, "50,1", 700, "", "", "38", "1.1", 210, 100, 110, 0),
    ("Trois", "Val", 45, 9000, "80,0", "", "", "", "", "", 30, 15, 15, 1),
    ("Quatre", "Val", 2500, 9000, "49,9", 900, 300, 11000, "", "1.3", 400, 188, 212, 5),
)


def unite(description: str) -> str:
    dite = description.lower()
    return next(u for motif, u in UNITES if motif in dite)


def decrire(dictionnaire: dict[str, str], dossier: Path) -> Path:
    """Écrit la description de toutes les colonnes de nombres, leurs unités lues dans le dictionnaire."""
    series: dict[str, dict[str, str]] = {}
    for colonne, dite in dictionnaire.items():
        if colonne == "code_qp" or colonne in TEXTES:
            continue
        serie = {"libelle": colonne, "unite": unite(dite)}
        if colonne in PESEES:
            serie |= {"remontee": "moyenne", "poids": PESEES[colonne]}
        elif serie["unite"] in ("personnes", "menages", "nombre") and colonne not in DE_LA_COMMUNE:
            serie["remontee"] = "somme"
        if colonne in PARTIES:
            serie["partie_de"], serie["decoupage"] = PARTIES[colonne]
        series[colonne] = serie
    contenu = {
        "source": "Indicateurs des quartiers",
        "producteur": "Insee",
        "licence": "Licence Ouverte 2.0",
        "nom": "Indicateurs 2015",
        "niveau": "quartier",
        "millesime": 2015,
        "colonne_du_territoire": "code_qp",
        "series": series,
    }
    fichier = dossier / "description.yaml"
    fichier.write_text(yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False))
    return fichier


def lire(fichier: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(fichier.read_text("utf-8-sig").splitlines()))


@pytest.fixture(params=["jumeau", pytest.param("reference", marks=pytest.mark.reference)])
def charge(request, tmp_path):
    """Rend les lignes du fichier, ce que dit la commande, et le nombre de séries attendu."""
    if request.param == "reference":
        if not (DONNEES / FICHIER).is_file():
            pytest.skip("données de référence absentes (PARVIS_REFERENCE)")
        quartiers = DONNEES / "qpv_2015_occitanie.geojson.gz"
        options = ("--millesime=2015", "--reparer", "--ecrire")
        lancer("importer_quartiers", quartiers, *options)
        _une_intercommunalite_par_departement()
        tableau = DONNEES / FICHIER
        dites = lire(DONNEES / FICHIER.replace(".csv", "_dictionnaire.csv"))
        dictionnaire = {ligne["colonne"]: ligne["description"] for ligne in dites}
    else:
        territoire(4, millesime=2015)
        tableau, dictionnaire = tmp_path / "jumeau.csv", JUMEAU
        rangees = [(code(rang), *ligne) for rang, ligne in enumerate(LIGNES_DU_JUMEAU, 1)]
        with tableau.open("w", newline="") as sortie:
            csv.writer(sortie).writerows([list(JUMEAU), *rangees])
    description = decrire(dictionnaire, tmp_path)
    options = (f"--description={description}", f"--periode={PERIODE}", "--ecrire")
    dit = lancer("importer_chiffres", tableau, *options)
    colonnes = [c for c in dictionnaire if c != "code_qp" and c not in TEXTES]
    return lire(tableau), dit, colonnes, options, tableau


def _une_intercommunalite_par_departement() -> None:
    """Range les communes du fichier : sans elles, nul total ne relierait les quartiers."""
    for quartier in Quartier.objects.prefetch_related("communes"):
        for commune in quartier.communes.all():
            epci, _ = Epci.objects.get_or_create(nom=f"Ensemble {commune.code[:2]}")
            epci.communes.add(commune)


def test_tout_le_fichier_s_importe_et_rien_ne_trahit(charge):
    lignes, dit, colonnes, options, tableau = charge
    assert "C’est enregistré." in dit and "inconnu" not in dit
    assert set(Serie.objects.values_list("code", flat=True)) == set(colonnes)
    assert Valeur.objects.count() == len(lignes) * len(colonnes)
    # Chaque case vide manque, et elle seule.
    vides = Counter(c for ligne in lignes for c in colonnes if not ligne[c].strip())
    manquantes = Counter(
        Valeur.objects.filter(etat="manquante").values_list("serie__code", flat=True)
    )
    assert manquantes == vides and sum(vides.values()) > 0
    # Aucun petit nombre de personnes ne se publie, et aucun ne se retrouve.
    for table in (Valeur, ValeurDEnsemble):
        publies = table.objects.filter(serie__unite="personnes", diffusion="publiable")
        assert not publies.filter(valeur__gte=1, valeur__lt=11).exists()
    assert fautes_de_lecture(PERIODE) == []
    assert "Rien ne change." in lancer("importer_chiffres", tableau, *options)


@pytest.mark.parametrize("charge", ["jumeau"], indirect=True)
def test_le_jumeau_a_de_petits_nombres_a_taire(charge):
    petit = Valeur.objects.get(serie__code="abcde_h", quartier__code=code(1))
    assert (petit.valeur, petit.diffusion) == (7, "primaire")
    assert Valeur.objects.filter(diffusion="secondaire").exists()


@pytest.mark.reference
@pytest.mark.skipif(not DONNEES.is_dir(), reason="données de référence absentes (PARVIS_REFERENCE)")
def test_la_reference_a_la_taille_annoncee():
    assert len(lire(DONNEES / FICHIER)) == 105
    dites = lire(DONNEES / FICHIER.replace(".csv", "_dictionnaire.csv"))
    assert Counter(unite(d["description"]) for d in dites[3:])["personnes"] >= 8
