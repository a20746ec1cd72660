"""Les deux vrais fichiers de postes, s'ils sont là, et leur jumeau inventé : rien ne s'y perd."""

import csv
import gzip
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from parvis.programmation.importation import lire_les_lignes
from parvis.programmation.rules.postes import lire_les_postes
from tests.fabriques.postes import CODE, JUMEAU, TITRES, fichier

RACINE = Path(__file__).resolve().parents[2]
DONNEES = Path(os.environ.get("PARVIS_REFERENCE") or RACINE.parent / "shared") / "data"
RELAIS, FONJEP = "p147_adultes_relais_2020_2025.csv.gz", "p147_fonjep_2020_2025.csv.gz"


@pytest.fixture(
    params=[
        "jumeau",
        pytest.param(RELAIS, marks=pytest.mark.reference),
        pytest.param(FONJEP, marks=pytest.mark.reference),
    ]
)
def octets(request):
    if request.param == "jumeau":
        return gzip.compress(fichier(*JUMEAU))
    if not (DONNEES / request.param).is_file():
        pytest.skip("données de référence absentes (PARVIS_REFERENCE)")
    return (DONNEES / request.param).read_bytes()


def test_chaque_ligne_est_un_poste_une_redite_un_refus_ou_d_un_autre_contrat(octets):
    lignes = list(csv.DictReader(gzip.decompress(octets).decode().splitlines()))
    assert set(TITRES) <= set(lignes[0])
    brutes = lire_les_lignes(octets, "postes.csv.gz")
    codes = {ligne["code_cv"][:5] for ligne in lignes if ligne["code_cv"].startswith("CV")}
    for code in [*sorted(codes)[:: max(1, len(codes) // 5)], CODE]:
        lu = lire_les_postes(brutes, code)
        pour_lui = [ligne for ligne in lignes if code in ligne["code_cv"]]
        assert len(lu.postes) + lu.redites + len(lu.refusees) == len(pour_lui)
        assert lu.ailleurs + lu.sans_code == len(lignes) - len(pour_lui)
        assert lu.sans_code == sum(not ligne["code_cv"] for ligne in lignes)
        # Recompté depuis les lignes brutes : celles que rien ne redit ni ne contredit.
        dites = Counter((ligne["annee"], ligne["id_poste"]) for ligne in pour_lui)
        seules = [ligne for ligne in pour_lui if dites[ligne["annee"], ligne["id_poste"]] == 1]
        lues = [p for p in lu.postes if dites[str(p.exercice), p.numero] == 1]
        assert sum(p.montant for p in lues) == sum(Decimal(ligne["montant"]) for ligne in seules)


@pytest.mark.reference
@pytest.mark.parametrize(("nom", "nombre", "siret"), [(RELAIS, 87, True), (FONJEP, 16, False)])
def test_la_reference_a_la_taille_annoncee(nom, nombre, siret):
    if not (DONNEES / nom).is_file():
        pytest.skip("données de référence absentes (PARVIS_REFERENCE)")
    lu = lire_les_postes(lire_les_lignes((DONNEES / nom).read_bytes(), nom), CODE)
    assert (len(lu.postes), lu.redites, lu.refusees) == (nombre, 0, [])
    assert all(bool(p.siret) is siret and not p.alerte for p in lu.postes)
