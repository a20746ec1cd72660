"""Les contrats d'import voient chacun la faute qu'on leur plante dans une maison de papier."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.regles import RACINE, rangs

FAUTES = {
    "L'ordre des pièces": ("cadre/models.py", "import parvis.orientation"),
    "L'ordre des fichiers dans chaque pièce": ("cadre/rules.py", "import parvis.cadre.models"),
    "La loi ne connaît pas Django": ("cadre/rules.py", "import django.utils.text"),
    "Les vues ne sont appelées que par les adresses": (
        "accueil/management/x.py",
        "import parvis.accueil.views",
    ),
    "Personne n'importe les réglages": ("socle/x.py", "import config.settings"),
}
PIECES = sorted(fichier.parent.name for fichier in (RACINE / "parvis").glob("*/__init__.py"))
FICHIERS = ("urls", "views", "models", "rules")


@pytest.fixture
def maison(tmp_path):
    """Rend une petite maison en ordre, avec nos contrats d'import."""
    reglages = (RACINE / "pyproject.toml").read_text(encoding="utf-8")
    contrats = reglages[reglages.index("[tool.importlinter]") :]
    contrats = contrats.replace(
        'ignore_imports = ["parvis.travaux.actions -> parvis.travaux.tasks"]', ""
    )
    (tmp_path / "pyproject.toml").write_text(contrats, encoding="utf-8")
    ecrire(tmp_path / "config/__init__.py")
    ecrire(tmp_path / "config/settings.py")
    ecrire(tmp_path / "parvis/__init__.py")
    for piece in PIECES:
        ecrire(tmp_path / f"parvis/{piece}/__init__.py")
        ecrire(tmp_path / f"parvis/{piece}/management/__init__.py")
        for fichier in FICHIERS:
            ecrire(tmp_path / f"parvis/{piece}/{fichier}.py")
    return tmp_path


def ecrire(fichier: Path, texte: str = "") -> None:
    fichier.parent.mkdir(parents=True, exist_ok=True)
    fichier.write_text(f"{texte}\n", encoding="utf-8")


def verifier(dossier: Path) -> subprocess.CompletedProcess:
    commande = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(commande, cwd=dossier, capture_output=True, text=True, timeout=60)


def test_une_maison_en_ordre_passe(maison):
    resultat = verifier(maison)
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr


@pytest.mark.parametrize("contrat", FAUTES)
def test_le_contrat_voit_la_faute(maison, contrat):
    chemin, ligne = FAUTES[contrat]
    ecrire(maison / "parvis" / chemin, ligne)
    resultat = verifier(maison)
    assert resultat.returncode == 1
    assert f"{contrat} BROKEN" in resultat.stdout


def test_une_piece_oubliee_dans_l_ordre_est_vue(maison):
    ecrire(maison / "parvis/licorne/__init__.py")
    assert "L'ordre des pièces BROKEN" in verifier(maison).stdout


def test_toutes_les_pieces_de_la_maison_ont_leur_rang():
    assert set(PIECES) <= rangs().keys()
