"""Ce que disent les commandes qui lisent et importent un contrat."""

import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
CONTRAT = """
titre: Contrat des Tilleuls
territoire: Val-des-Tilleuls
periode: [2015, 2020]
piliers:
  - titre: Vivre ensemble
    enjeux:
      - numero: 1
        titre: Verdir
        fiches:
          - numero: "1-1"
            titre: Planter
            descriptif: Planter des haies.
            operateurs:
              - {nom: Associations}
"""


@pytest.fixture
def fichier(tmp_path):
    chemin = tmp_path / "tilleuls.yaml"
    chemin.write_text(CONTRAT, encoding="utf-8")
    return chemin


def lancer(*arguments: object) -> str:
    sortie = io.StringIO()
    call_command(*map(str, arguments), stdout=sortie, stderr=sortie)
    return sortie.getvalue()


def test_lire_accorde_ce_qu_il_compte(fichier):
    assert "1 pilier, 1 enjeu, 1 fiche, 0 anomalie\n" in lancer("lire_document", fichier)


def test_lire_compte_avec_les_mots_du_contrat():
    document = settings.RACINE / "tests" / "fabriques" / "contrats" / "pays-de-lorme.md"
    assert " axes, " in lancer("lire_document", document)


def test_un_premier_import_ne_dit_que_ce_que_le_document_apporte(fichier):
    *dites, total = lancer("importer_cadre", fichier, "--contrat", "tilleuls").splitlines()
    assert "+ fiche 1-1 › opérateur › Associations" in dites
    assert {"+ mots", "+ prolongation", "+ préambule"}.isdisjoint(dites)
    assert total == f"{len(dites)} différences."


def test_un_preambule_se_dit(fichier):
    fichier.write_text(f"{CONTRAT}preambule: Un contrat.\n", encoding="utf-8")
    assert "+ préambule" in lancer("importer_cadre", fichier, "--contrat", "tilleuls")


@pytest.mark.parametrize("nom", ["absent.txt", "absent.yaml"])
def test_un_fichier_absent_n_a_pas_de_ligne(nom, tmp_path):
    with pytest.raises(CommandError, match=r"^Le fichier « .* » n'existe pas"):
        lancer("lire_document", tmp_path / nom)


def test_un_document_d_une_ligne_se_dit_au_singulier(tmp_path):
    chemin = tmp_path / "court.txt"
    chemin.write_text("Bonjour", encoding="utf-8")
    with pytest.raises(CommandError, match="dans la seule ligne du document"):
        lancer("lire_document", chemin)
