"""Rendre un avis : qui le peut, ce qu'il garde, ce que chacun en voit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from parvis.comptes.enums import Role
from parvis.dossiers.actions.complements import (
    demander_un_complement,
    repondre_aux_complements,
)
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.avis import partager_le_montant
from parvis.instruction.models import Avis, DerniereLecture, Proposition
from parvis.instruction.queries.avis import avis_du_dossier, avis_du_service, fichier_d_avis
from parvis.journal.enums import Regard
from parvis.journal.models import Evenement
from parvis.journal.queries.frise import frise
from parvis.socle.refus import Refus
from tests.fabriques import depots, fichiers, instruction

pytestmark = pytest.mark.django_db


def lu_par(qui, etude):
    """Rend, par organisme, ce que cette personne lit des avis."""
    return {a.nom: a for a in avis_du_dossier(qui, etude.dossier).attendus}


def test_un_avis_garde_sa_version_son_montant_et_son_auteur(etude):
    avis = etude.rendre(etude.samia, montant="1500", motif="Utile.", note_interne="À suivre.")
    assert (avis.rang, avis.version.numero, avis.rendu_par) == (1, 1, "Samia Essai")
    demande = etude.demande(etude.samia)
    assert demande.montant_propose == Decimal(1500)
    assert (demande.propose_le, demande.propose_partage_le) == (avis.rendu_le, None)
    assert DerniereLecture.objects.get(utilisateur=etude.samia.utilisateur).version.numero == 1


def test_un_refus_dit_tout_et_n_ecrit_rien(etude):
    with pytest.raises(Refus) as refus:
        etude.rendre(etude.samia, sens="defavorable", montant="2500")
    assert len(refus.value.motifs) == 3
    assert not Avis.objects.exists()
    assert etude.demande(etude.samia).montant_propose is None


def test_changer_d_avis_remplace_sans_effacer(etude):
    etude.rendre(etude.samia, montant="1500", motif="Utile.", est_partage=True)
    etude.rendre(etude.samia, sens="reserve", motif="Le budget a changé.", rang=1)
    assert [a.rang for a in etude.dossier.avis.order_by("rang")] == [1, 2]
    demande = etude.demande(etude.samia)
    assert (demande.montant_propose, demande.propose_partage_le) == (None, None)
    lu = lu_par(etude.samia, etude)["Caisse des Tilleuls"]
    assert lu.rendu.avis.sens == "reserve"
    assert [a.avis.sens for a in lu.anciens] == ["favorable"]
    assert lu.anciens[0].total == Decimal(1500)


def test_deux_agents_d_un_service_ne_s_ecrasent_pas(etude):
    etude.rendre(etude.samia)
    collegue = etude.ici.monde.ajouter("paul", etude.ici.caisse, Role.INSTRUCTEUR)
    with pytest.raises(Refus, match="Samia Essai a rendu l’avis"):
        etude.rendre(collegue, sens="defavorable", motif="Non.")
    etude.rendre(collegue, sens="defavorable", motif="Non.", rang=1)
    assert Avis.objects.count() == 2


def test_un_dossier_complete_entre_temps_se_relit_avant(etude):
    """Le complément vient avant la recevabilité ; ici la version change pendant l'écriture."""
    dossier = depots.depose(etude.ici, titre="Le potager")
    demander_un_complement(
        par=etude.pilote,
        dossier=dossier,
        section="projet",
        texte="Combien ?",
        echeance=timezone.localdate() + timedelta(days=10),
    )
    repondre_aux_complements(par=etude.ici.porte, dossier=dossier, reponses={})
    from parvis.dossiers.actions.recevabilite import trancher

    trancher(par=etude.pilote, dossier=dossier, vers="recevable")
    suite = instruction.Etude(etude.ici, depots.relire(dossier), etude.samia, etude.olga)
    with pytest.raises(Refus, match="version 2"):
        suite.rendre(etude.samia)
    assert suite.rendre(etude.samia, version=2).version.numero == 2


def test_nul_autre_ne_rend_un_avis(etude):
    for nom in ("pilote", "gestionnaire", "instructeur", "delegue", "conseiller", "administrateur"):
        with pytest.raises(Dossier.DoesNotExist):
            etude.rendre(etude.ici.acteur(nom))
    assert not Avis.objects.exists()


def test_on_ne_propose_pas_sur_la_demande_d_un_autre(etude):
    autre = etude.demande(etude.olga)
    with pytest.raises(Refus, match="son service"):
        etude.rendre(etude.samia, propositions={autre.pk: Decimal(100)})
    autre.refresh_from_db()
    assert autre.montant_propose is None


def test_un_cofinanceur_lit_l_avis_et_le_motif_jamais_la_note_ni_le_montant(etude):
    etude.rendre(
        etude.samia,
        montant="1234",
        motif="Utile aux familles.",
        note_interne="Fragile en trésorerie.",
    )
    lu = lu_par(etude.olga, etude)["Caisse des Tilleuls"].rendu
    assert (lu.avis.sens, lu.avis.motif) == ("favorable", "Utile aux familles.")
    assert (lu.propositions, lu.total, lu.note_interne) == ([], None, "")
    sien = lu_par(etude.samia, etude)["Caisse des Tilleuls"].rendu
    assert (sien.total, sien.note_interne) == (Decimal(1234), "Fragile en trésorerie.")


def test_un_montant_partage_se_lit_la_note_jamais(etude):
    etude.rendre(etude.samia, montant="1234", note_interne="Fragile.")
    assert partager_le_montant(par=etude.samia, dossier=etude.dossier) == 1
    for qui in (etude.olga, etude.pilote):
        lu = lu_par(qui, etude)["Caisse des Tilleuls"].rendu
        assert (lu.total, lu.note_interne) == (Decimal(1234), "")
    with pytest.raises(Refus, match="pas de montant à partager"):
        partager_le_montant(par=etude.samia, dossier=etude.dossier)
    with pytest.raises(Refus, match="pas de montant à partager"):
        partager_le_montant(par=etude.olga, dossier=etude.dossier)


def test_le_partage_vaut_pour_l_avis_courant_pas_pour_le_suivant(etude):
    etude.rendre(etude.samia, montant="1234", est_partage=True)
    etude.rendre(etude.samia, montant="900", rang=1)
    lu = lu_par(etude.olga, etude)["Caisse des Tilleuls"]
    assert lu.rendu.propositions == []
    assert [a.propositions for a in lu.anciens] == [[]]


def test_les_avis_attendus_se_comptent(etude):
    assert avis_du_dossier(etude.pilote, etude.dossier).phrase == "2 demandés, 0 rendu"
    etude.rendre(etude.samia)
    assert avis_du_dossier(etude.olga, etude.dossier).phrase == "2 demandés, 1 rendu"


def test_le_dernier_avis_du_service_se_relit(etude):
    assert avis_du_service(etude.samia, etude.dossier) is None
    etude.rendre(etude.samia, montant="10", note_interne="Note.")
    assert avis_du_service(etude.samia, etude.dossier).note_interne == "Note."
    assert avis_du_service(etude.olga, etude.dossier) is None


def test_un_fichier_joint_s_ouvre_a_qui_lit_l_avis(etude):
    joint = fichiers.controle("rapport.pdf", fichiers.pdf())
    avis = etude.rendre(etude.samia, fichiers=[joint])
    identifiant = str(avis.fichiers.get().identifiant)
    for qui in (etude.samia, etude.olga, etude.pilote):
        assert fichier_d_avis(qui, etude.dossier, identifiant).nom == "rapport.pdf"
    with pytest.raises(Dossier.DoesNotExist):
        fichier_d_avis(etude.ici.porte, etude.dossier, identifiant)
    with pytest.raises(Refus, match="5 fichiers au plus"):
        etude.rendre(etude.olga, fichiers=[joint] * 6)


def test_le_porteur_et_le_public_ne_lisent_rien_des_avis_au_journal(etude):
    etude.rendre(etude.samia, montant="1234", motif="Utile.", note_interne="Fragile.")
    objet = f"dossier:{etude.dossier.pk}"
    for regard in (Regard.MEMBRES, Regard.PUBLIC):
        phrases = [ligne.phrase for ligne in frise(objet, regard=regard).lignes]
        assert not any("avis" in phrase for phrase in phrases)
    pilote = [ligne.phrase for ligne in frise(objet, regard=Regard.PILOTAGE).lignes]
    assert any("Caisse des Tilleuls a rendu un avis favorable" in phrase for phrase in pilote)
    for acte in Evenement.objects.filter(action__startswith="instruction."):
        assert "1234" not in str(acte.details.contenu)
        assert "Fragile" not in str(acte.details.contenu)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE instruction_avis SET motif = 'autre'",
        "DELETE FROM instruction_avis",
        "UPDATE instruction_proposition SET montant = 1",
        "DELETE FROM instruction_proposition",
        "DELETE FROM instruction_avis_fichiers",
    ],
)
def test_la_base_refuse_de_toucher_a_un_avis_rendu(etude, sql):
    joint = fichiers.controle("rapport.pdf", fichiers.pdf())
    etude.rendre(etude.samia, montant="10", fichiers=[joint])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)
    assert Proposition.objects.get().montant == Decimal(10)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE est propre à SQLite")
def test_sqlite_refuse_aussi_de_remplacer_un_avis(etude):
    etude.rendre(etude.samia, montant="10")
    for table in ("instruction_avis", "instruction_proposition"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(f"REPLACE INTO {table} SELECT * FROM {table}")


def test_la_base_refuse_une_proposition_sans_date(etude):
    demande = etude.demande(etude.samia)
    with pytest.raises(DatabaseError), transaction.atomic():
        Demande.objects.filter(pk=demande.pk).update(montant_propose=Decimal(5))
