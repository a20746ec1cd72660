"""Proposer un montant depuis un tableau : un nouvel avis, qui reprend le dernier."""

from decimal import Decimal

import pytest

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.avis import rendre_avis
from parvis.instruction.actions.montants import (
    Changement,
    proposer_des_montants,
    proposer_un_montant,
)
from parvis.instruction.models import Avis
from parvis.socle.refus import Refus
from tests.fabriques import fichiers
from tests.fabriques.instruction import recevable

pytestmark = pytest.mark.django_db


def proposer(etude, montant, rang=0, par=None):
    par = par or etude.samia
    voulu = None if montant is None else Decimal(montant)
    return proposer_un_montant(par=par, demande=etude.demande(par), montant=voulu, rang=rang)


def refuse(faire):
    avant = Avis.objects.count()
    with pytest.raises(Refus) as refus:
        faire()
    assert Avis.objects.count() == avant
    return " ".join(refus.value.motifs)


def test_sans_avis_encore_c_est_un_avis_favorable(etude):
    avis = proposer(etude, "1500")
    assert (avis.sens, avis.motif, avis.rang) == ("favorable", "", 1)
    assert etude.demande(etude.samia).montant_propose == Decimal(1500)
    assert etude.demande(etude.samia).propose_partage_le is None


def test_le_nouvel_avis_reprend_tout_le_dernier(etude):
    joint = fichiers.controle("rapport.pdf", fichiers.pdf())
    avant = etude.rendre(
        etude.samia,
        "sous_reserve",
        "1000",
        motif="Trouver un lieu.",
        note_interne="Fragile.",
        est_partage=True,
        fichiers=[joint],
    )
    avis = proposer(etude, "1200", rang=1)
    assert (avis.rang, avis.sens) == (2, "sous_reserve")
    assert (avis.motif, avis.note_interne) == ("Trouver un lieu.", "Fragile.")
    assert list(avis.fichiers.all()) == list(avant.fichiers.all())
    assert etude.demande(etude.samia).propose_partage_le is not None
    assert [p.montant for p in avant.propositions.all()] == [Decimal(1000)]


def test_les_autres_lignes_du_service_gardent_leur_montant(etude):
    autre = etude.demande(etude.samia)
    autre.pk, autre.rang, autre.ligne, autre._state.adding = None, 9, "Été", True
    autre.save()
    premiere = etude.dossier.demandes.exclude(pk=autre.pk).get(financeur=etude.samia.organisme)
    rendre_avis(
        par=etude.samia,
        dossier=etude.dossier,
        version=1,
        rang=0,
        sens="favorable",
        propositions={premiere.pk: Decimal(700), autre.pk: Decimal(300)},
    )
    avis = proposer_un_montant(par=etude.samia, demande=autre, montant=Decimal(400), rang=1)
    dits = dict(avis.propositions.values_list("demande", "montant"))
    assert dits == {premiere.pk: Decimal(700), autre.pk: Decimal(400)}


def test_ne_plus_rien_proposer_garde_l_avis(etude):
    proposer(etude, "1500")
    avis = proposer(etude, None, rang=1)
    assert avis.sens == "favorable" and not avis.propositions.exists()
    assert etude.demande(etude.samia).montant_propose is None


def test_le_meme_montant_ne_rend_pas_un_avis_de_plus(etude):
    premier = proposer(etude, "1500")
    assert proposer(etude, "1500", rang=1) == premier


def test_ce_qu_un_collegue_a_rendu_ne_s_ecrase_pas(etude):
    proposer(etude, "1500")
    dit = refuse(lambda: proposer(etude, "900", rang=0))
    assert "pendant que vous écriviez" in dit


@pytest.mark.parametrize("sens", ["defavorable", "sans"])
def test_un_avis_sans_argent_se_change_sur_la_page_du_dossier(etude, sens):
    etude.rendre(etude.samia, sens, motif="Hors sujet.")
    assert "Changez d’avis sur la page du dossier" in refuse(lambda: proposer(etude, "10", rang=1))


def test_un_dossier_complete_se_relit_d_abord(etude):
    etude.rendre(etude.samia, montant="1000")
    version = etude.dossier.versions_deposees.get()
    version.pk, version.numero, version._state.adding = None, 2, True
    version.save(force_insert=True)
    assert "complété depuis votre avis" in refuse(lambda: proposer(etude, "900", rang=1))


@pytest.mark.parametrize(
    ("montant", "dit"), [("2001", "plus que les"), ("-1", "négatif"), (None, "Écrivez un montant")]
)
def test_un_montant_impossible_se_refuse_en_le_disant(etude, montant, dit):
    assert dit in refuse(lambda: proposer(etude, montant))


def test_une_demande_tranchee_ne_se_propose_plus(etude):
    Demande.objects.filter(pk=etude.demande(etude.samia).pk).update(etat=EtatDeDemande.REFUSEE)
    assert "ne se propose plus" in refuse(lambda: proposer(etude, "10"))


def test_personne_ne_propose_pour_un_autre_service(etude):
    de_la_caisse = etude.demande(etude.samia)
    with pytest.raises(Demande.DoesNotExist):
        proposer_un_montant(par=etude.olga, demande=de_la_caisse, montant=Decimal(1), rang=0)
    with pytest.raises(Dossier.DoesNotExist):
        proposer_un_montant(par=etude.pilote, demande=de_la_caisse, montant=Decimal(1), rang=0)
    assert not Avis.objects.exists()


def test_plusieurs_montants_se_proposent_tous_ou_aucun(etude):
    autre = recevable(etude.ici, "Le four").demandes.get(financeur=etude.samia.organisme)
    ici = etude.demande(etude.samia)
    trop = [
        Changement(ici, Decimal(100), 0, "Ligne 2"),
        Changement(autre, Decimal(9999), 0, "Ligne 3"),
    ]
    dit = refuse(lambda: proposer_des_montants(par=etude.samia, changements=trop))
    assert dit.startswith("Ligne 3 : ") and "Ligne 2" not in dit
    assert etude.demande(etude.samia).montant_propose is None
    bons = [trop[0], Changement(autre, Decimal(99), 0, "Ligne 3")]
    assert proposer_des_montants(par=etude.samia, changements=bons) == 2
    assert Avis.objects.count() == 2
