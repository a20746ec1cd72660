"""`parvis ecrire_modele` : le modèle vide ou rempli, et ses refus."""

import io

import pytest
from django.core.management import CommandError, call_command

from parvis.cadre.importation.lecteur import lire
from tests.cadre.importation.conftest import TILLEULS


def _ecrire(*arguments) -> str:
    sortie = io.StringIO()
    call_command("ecrire_modele", *map(str, arguments), stdout=sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(("suffixe", "debut"), [(".xlsx", b"PK"), (".CSV", b"\xef\xbb\xbf")])
def test_ecrit_le_modele_vide(tmp_path, suffixe, debut):
    chemin = tmp_path / f"modele{suffixe}"
    assert "est écrit" in _ecrire(chemin)
    assert chemin.read_bytes().startswith(debut)


@pytest.mark.parametrize("suffixe", [".xlsx", ".csv"])
def test_remplit_le_modele_d_un_document(tmp_path, suffixe):
    chemin = tmp_path / f"contrat{suffixe}"
    _ecrire(chemin, "--contrat", TILLEULS)
    assert [f.numero for f in lire(chemin).fiches] == [f.numero for f in lire(TILLEULS).fiches]


def test_dit_ce_que_le_tableau_ne_garde_pas(tmp_path):
    sortie = _ecrire(tmp_path / "contrat.csv", "--contrat", TILLEULS)
    assert "Ce que le tableau ne garde pas : introductions de piliers et d'enjeux (" in sortie
    assert "notes de bas de page (" in sortie
    assert "ne garde pas" not in _ecrire(tmp_path / "vide.csv")


def test_n_ecrase_rien_sans_qu_on_le_demande(tmp_path):
    chemin = tmp_path / "modele.csv"
    chemin.write_text("à garder")
    with pytest.raises(CommandError, match="existe déjà : ajoutez --remplacer"):
        _ecrire(chemin)
    assert chemin.read_text() == "à garder"
    _ecrire(chemin, "--remplacer")
    assert "Titre de la fiche" in chemin.read_text(encoding="utf-8")


def test_refus(tmp_path):
    with pytest.raises(CommandError, match=r"en \.xlsx ou en \.csv"):
        _ecrire(tmp_path / "modele.ods")
    with pytest.raises(CommandError, match="ne s'écrit pas"):
        _ecrire(tmp_path / "absent" / "modele.csv")
    with pytest.raises(CommandError, match="n'existe pas"):
        _ecrire(tmp_path / "modele.csv", "--contrat", tmp_path / "absent.txt")
    assert list(tmp_path.iterdir()) == []
