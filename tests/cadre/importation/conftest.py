"""Documents de la lecture : le Val-des-Tilleuls, inventé, et le document de référence s'il est là."""

import json
import os
from pathlib import Path

import pytest

from parvis.cadre.importation.lecteur import lire

CONTRATS = Path(__file__).resolve().parents[2] / "fabriques" / "contrats"
TILLEULS = CONTRATS / "val-des-tilleuls.txt"
LIVRE = Path(__file__).resolve().parents[3] / "donnees" / "contrats" / "seine-amont-2015-2020.yaml"


@pytest.fixture(scope="session")
def tilleuls():
    return lire(TILLEULS)


@pytest.fixture(scope="session")
def texte_tilleuls() -> str:
    return TILLEULS.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def verite() -> dict:
    return json.loads(TILLEULS.with_suffix(".verite.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def chemin_reference() -> Path:
    racine = Path(__file__).resolve().parents[3]
    dossier = Path(os.environ.get("PARVIS_REFERENCE") or racine.parent / "shared") / "document"
    documents = sorted(dossier.glob("*.txt")) if dossier.is_dir() else []
    if not documents:
        pytest.skip("document de référence absent (PARVIS_REFERENCE)")
    return documents[0]


@pytest.fixture(scope="session")
def reference(chemin_reference):
    return lire(chemin_reference)


@pytest.fixture(scope="session")
def livre():
    if not LIVRE.exists():
        pytest.skip("contrat livré absent")
    return lire(LIVRE)
