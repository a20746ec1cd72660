"""Ce que l'exploitation dit de taper existe, et l'exercice le fait."""

import re

import pytest
from django.core.management import load_command_class

from tests.architecture.regles import RACINE

EXERCICE = (RACINE / ".ci" / "exercice").read_text(encoding="utf-8")
DOCUMENT = (RACINE / "docs" / "exploitation.md").read_text(encoding="utf-8")
SECTION = DOCUMENT.partition("## Sauvegarder\n")[2].partition("## Vérifier le journal\n")[0]
TAPEES = re.findall(r"^\.venv/bin/parvis (.+)$", SECTION, re.MULTILINE)


@pytest.mark.parametrize("tapee", TAPEES)
def test_chaque_commande_du_document_est_faite_par_l_exercice(tapee):
    mots = [mot for mot in tapee.split() if re.fullmatch(r"[a-z_]+|--[a-z-]+", mot)]
    faites = [ligne.split() for ligne in EXERCICE.splitlines() if "/bin/parvis " in ligne]
    assert any(set(mots) <= set(faite) for faite in faites), tapee


def test_le_document_en_dit():
    assert {tapee.split()[0] for tapee in TAPEES} == {
        "sauvegarder",
        "restaurer",
        "verifier_journal",
    }


@pytest.mark.parametrize("option", sorted(set(re.findall(r"--(verifier|malgre) ?\w*", SECTION))))
def test_chaque_option_du_document_existe(option):
    aide = load_command_class("parvis.accueil", "restaurer").create_parser("parvis", "restaurer")
    assert f"--{option}" in aide.format_help()
