"""Ce qui a été sauvé revient à l'identique, déclencheurs et numéros compris ; ou rien ne revient."""

import base64
import errno
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.models import BinaryField, DateTimeField

from parvis.accueil.sauvegarde import fichiers, lignes, restauration
from parvis.accueil.sauvegarde.archive import ouvrir
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from parvis.observatoire.models import Valeur
from parvis.programmation.models import Enveloppe
from parvis.socle import declencheurs
from parvis.socle.montants import MontantField
from parvis.territoires.models import Adresse, Commune
from tests.accueil.sauvegarde.conftest import (
    lancer,
    photographier,
    ranges,
    rien_n_est_ecrit,
    tout_vider,
)
from tests.fabriques.comptes import organisme
from tests.fabriques.journal import acte

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def revenu(grand_monde, tmp_path):
    """Sauve le grand monde, vide tout, le restaure ; rend ce qui était, et ce que dit la commande."""
    avant = (photographier(), ranges())
    lancer("sauvegarder", tmp_path / "un.zip")
    tout_vider()
    return avant, lancer("restaurer", tmp_path / "un.zip")


def test_tout_revient_a_l_identique(revenu):
    (lignes_avant, fichiers_avant), dit = revenu
    assert photographier() == lignes_avant
    assert ranges() == fichiers_avant and len(fichiers_avant) >= 2
    assert "Tout est égal." in dit and "Le journal est intact : " in dit
    assert "en attente : l’envoi reprendra au démarrage du site" in dit
    assert ruptures() == []
    assert Enveloppe.objects.get().montant_vote == Decimal("1234.56")
    assert bytes(Commune.objects.get(code="94081").contour) == bytes(range(256))
    assert Adresse.objects.values_list("lon", "voie").get() == (0.1 + 0.2, "Œuf\n\t\\.")
    assert Valeur.objects.values_list("valeur", flat=True).get() == Decimal("51.2345")
    rib = Fichier.objects.get(nom="rib-inventé.pdf")
    assert rib.depose_le.isoformat() == "2015-03-29T01:30:00.000001+00:00"
    assert "% rib-inventé.pdf".encode() in contenu(rib)


def test_les_declencheurs_sont_revenus(revenu):
    assert declencheurs.presents() == {d.nom for d in declencheurs.declares(connection.vendor)}
    for requete in (
        "UPDATE journal_evenement SET objet_nom = 'autre'",
        "DELETE FROM journal_evenement",
        "UPDATE programmation_enveloppe SET montant_vote = 0",
        "UPDATE programmation_decision SET numero = '99'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(requete)


def test_la_vie_reprend_apres_la_restauration(revenu):
    with transaction.atomic():
        acte(details={"suite": True})
    assert Evenement.objects.order_by("pk").last().action == "essai"
    assert ruptures() == []
    organisme("Les Glycines")


def test_une_sauvegarde_de_ce_qui_est_restaure_dit_la_meme_chose(revenu, tmp_path):
    lancer("sauvegarder", tmp_path / "deux.zip")
    with ouvrir(tmp_path / "un.zip") as une, ouvrir(tmp_path / "deux.zip") as deux:
        assert une.manifeste.tables == deux.manifeste.tables
        assert une.manifeste.fichiers == deux.manifeste.fichiers
        assert une.manifeste.tetes == deux.manifeste.tetes


def test_un_numero_efface_ne_se_redonne_pas(petit_monde, tmp_path):
    dernier = organisme("Éphémère")
    pk = dernier.pk
    dernier.delete()
    lancer("sauvegarder", tmp_path / "un.zip")
    tout_vider()
    lancer("restaurer", tmp_path / "un.zip")
    assert organisme("Suivante").pk == pk + 1


# Les fautes plantées : chacune doit se voir, et ne rien laisser.


def _en_euros_ronds(champ):
    lecture = _lecture(champ)
    return (lambda v: round(Decimal(v)) * 100) if isinstance(champ, MontantField) else lecture


def _sans_la_microseconde(champ):
    lecture = _lecture(champ)
    if isinstance(champ, DateTimeField):
        return lambda v: lecture(datetime.fromisoformat(v).replace(microsecond=0).isoformat())
    return lecture


def _un_octet_de_moins(champ):
    return (
        (lambda v: base64.b64decode(v)[:-1]) if isinstance(champ, BinaryField) else _lecture(champ)
    )


_lecture = lignes._lecture
FAUTES = [_en_euros_ronds, _sans_la_microseconde, _un_octet_de_moins]


@pytest.mark.parametrize("faute", FAUTES, ids=lambda faute: faute.__name__)
def test_une_valeur_mal_relue_defait_tout(grand_monde, tmp_path, monkeypatch, faute):
    lancer("sauvegarder", tmp_path / "un.zip")
    tout_vider()
    monkeypatch.setattr(lignes, "_lecture", faute)
    with pytest.raises(CommandError, match="ne se relit pas comme elle a été sauvée"):
        lancer("restaurer", tmp_path / "un.zip")
    assert rien_n_est_ecrit()
    assert declencheurs.presents() == {d.nom for d in declencheurs.declares(connection.vendor)}


def test_des_declencheurs_oublies_compteraient_deux_fois(grand_monde, tmp_path, monkeypatch):
    lancer("sauvegarder", tmp_path / "un.zip")
    tout_vider()
    monkeypatch.setattr(declencheurs, "lever", lambda *_: None)
    with pytest.raises(CommandError, match=r"Rien n’a été écrit|ne se relit pas"):
        lancer("restaurer", tmp_path / "un.zip")
    assert rien_n_est_ecrit()


@pytest.mark.parametrize("geste", ["fsync", "rename"])
def test_une_panne_du_disque_defait_tout(archive, monkeypatch, geste):
    def tomber(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path if geste == "rename" else fichiers.os, geste, tomber)
    with pytest.raises(CommandError, match=r"No space left on device\. Rien n’en reste"):
        lancer("restaurer", archive)
    assert rien_n_est_ecrit()


def test_une_base_qui_tombe_a_la_validation_ne_laisse_aucun_fichier(
    archive, monkeypatch, reserve_neuve
):
    def tomber():
        assert list(reserve_neuve.glob("documents/*/*")), "les fichiers doivent être en place"
        raise DatabaseError("database or disk is full")

    def tout_est_relu(manifeste):
        # Posée à la fin : `migrate`, avant, valide ses propres transactions.
        monkeypatch.setattr(connection, "_commit", tomber)
        return []

    monkeypatch.setattr(restauration, "ecarts", tout_est_relu)
    with pytest.raises(CommandError, match="La base dit : database or disk is full"):
        lancer("restaurer", archive)
    monkeypatch.undo()
    assert rien_n_est_ecrit()
    assert declencheurs.presents() == {d.nom for d in declencheurs.declares(connection.vendor)}


def test_les_dates_et_les_decimaux_s_ecrivent_sans_moteur():
    assert lignes._ECRIRE([Decimal("0.10"), date(2024, 2, 29), b"\x00\xff", True, None]) == (
        '["0.10","2024-02-29","AP8=",true,null]'
    )
    with pytest.raises(TypeError, match="ne se sauve pas encore"):
        lignes._ECRIRE([object()])


@pytest.mark.parametrize(
    ("sur_l_un", "sur_l_autre"),
    [
        ('{"b": 1, "a": 2}', '{"a": 2, "b": 1}'),
        ("[1e16, -0.0, 1.0]", "[10000000000000000, 0.0, 1.0]"),
        ("[1e+300]", "[1" + "0" * 300 + "]"),
        ("[0.10, 1e-7]", "[0.1, 0.0000001]"),
    ],
)
def test_un_json_que_postgresql_recrit_reste_le_meme(sur_l_un, sur_l_autre):
    assert lignes._comparable((sur_l_un,), [0]) == lignes._comparable((sur_l_autre,), [0])


@pytest.mark.parametrize(
    ("l_un", "l_autre"),
    [("[0.1]", '["0.1"]'), ("[0.1]", "[0.10000001]"), ("null", None), ("[1]", "[true]")],
)
def test_deux_json_differents_ne_se_confondent_pas(l_un, l_autre):
    assert lignes._comparable((l_un,), [0]) != lignes._comparable((l_autre,), [0])
