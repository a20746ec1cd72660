"""La commande qui reprend l'export du portail de l'État."""

import io

import pytest
from django.core.management import CommandError, call_command

from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.rules.suivi import Suite
from tests.decors import decor
from tests.dossiers.test_exports import NUMERO, actes, tableau
from tests.fabriques import depots, portails
from tests.fabriques.cadre import contrat_publie


@decor
def demande(ici):
    return portails.demande_a_l_etat(depots.depose(ici), numero_externe=NUMERO)


def commande(tmp_path, octets, *options, nom="export.csv"):
    fichier = tmp_path / nom
    fichier.write_bytes(octets)
    dit = io.StringIO()
    call_command("importer_dauphin", str(fichier), *options, stdout=dit)
    return dit.getvalue().replace("\u00a0", " ")


def test_la_commande_montre_puis_ecrit(ici, demande, tmp_path):
    octets = tableau(
        (NUMERO, "A justifier", "4000", ""),
        ("DA00000001", "Rejetée", "", ""),
        ("X", "Rejetée", "", ""),
    )
    dit = commande(tmp_path, octets)
    assert "Ligne 2 · Le verger du pied d’immeuble" in dit
    assert "demandée, n° DA01234567 → accordée, 4 000 € votés le" in dit
    assert "Ligne 3 · DA00000001 : aucune demande ne porte ce numéro." in dit
    assert "Ligne 4 · X : laissée," in dit
    assert "1 demande(s) à mettre à jour. Pour l’écrire : --appliquer." in dit
    assert actes() == 0
    assert "1 demande(s) mise(s) à jour." in commande(tmp_path, octets, "--appliquer")
    assert "Rien ne change. 1 demande(s) déjà à jour" in commande(tmp_path, octets, "--appliquer")
    demande.refresh_from_db()
    assert demande.suivi_par == "commande importer_dauphin"


def test_la_commande_ne_remplace_que_si_on_le_dit(ici, demande, tmp_path):
    suite = Suite("refusee", NUMERO)
    noter_la_suite(par=ici.porte, demande=demande, suite=suite)
    octets = tableau((NUMERO, "A justifier", "4000", ""))
    assert "--remplacer le remplace" in commande(tmp_path, octets, "--appliquer")
    demande.refresh_from_db()
    assert demande.etat == "refusee"
    commande(tmp_path, octets, "--appliquer", "--remplacer")
    demande.refresh_from_db()
    assert demande.etat == "accordee"


def test_la_commande_dit_ce_qui_manque(ici, demande, tmp_path):
    octets = tableau((NUMERO, "Rejetée"), titres=("Mon numéro", "Sa réponse"))
    with pytest.raises(CommandError, match="Aucune colonne ne dit le numéro"):
        commande(tmp_path, octets)
    dites = ("--colonne", "numero=Mon numéro", "--colonne", "statut=Sa réponse")
    assert "→ refusée" in commande(tmp_path, octets, "--appliquer", *dites)
    # La fois suivante, la correspondance est reprise.
    assert "Rien ne change" in commande(tmp_path, octets)
    with pytest.raises(CommandError, match="numero, statut"):
        commande(tmp_path, octets, "--colonne", "rien=Titre")
    with pytest.raises(CommandError, match="Aucun contrat « perdu »"):
        commande(tmp_path, octets, "--contrat", "perdu")
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("importer_dauphin", str(tmp_path / "absent.csv"))
    contrat_publie("voisin")
    with pytest.raises(CommandError, match="--contrat"):
        commande(tmp_path, octets)
    absent = commande(
        tmp_path,
        tableau(("DA00000001", "Rejetée", "", "")),
        "--contrat",
        "tilleuls",
        "--exercice",
        str(demande.exercice),
    )
    assert "absent de l’export" in absent
    ailleurs = tableau(
        (NUMERO, "Rejetée", "", "2019"),
        titres=("numéro", "statut", "montant voté", "exercice"),
    )
    dites = ("--contrat", "tilleuls", "--exercice", str(demande.exercice))
    assert "1 ligne(s) d’un autre exercice" in commande(tmp_path, ailleurs, *dites)
