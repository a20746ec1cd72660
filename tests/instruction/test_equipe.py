"""Se charger d'un dossier, se déporter, déclarer ses liens."""

import pytest

from parvis.comptes.enums import Role
from parvis.courriels.models import Courriel
from parvis.dossiers.models import Dossier
from parvis.instruction.actions import equipe
from parvis.instruction.models import Deport, LienDeclare, PriseEnCharge
from parvis.instruction.queries import equipe as lectures
from parvis.instruction.queries.dossiers import dossiers_a_etudier
from parvis.socle.refus import Refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul(etude):
    """Le collègue de Samia."""
    return etude.ici.monde.ajouter("paul", etude.ici.caisse, Role.INSTRUCTEUR)


def visibles(qui, etude):
    return dossiers_a_etudier(qui, etude.ici.contrat)


def test_se_charger_se_voit_dans_le_service_et_la_seulement(etude, paul):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    assert lectures.prise_du_service(paul, etude.dossier).agent == etude.samia.utilisateur
    assert lectures.prise_du_service(etude.olga, etude.dossier) is None


def test_deux_agents_ne_travaillent_pas_sans_le_savoir(etude, paul):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    with pytest.raises(Refus, match="Samia Essai étudie déjà"):
        equipe.se_charger(par=paul, dossier=etude.dossier)
    equipe.se_charger(par=paul, dossier=etude.dossier, reprend=True)
    assert lectures.prise_du_service(etude.samia, etude.dossier).agent == paul.utilisateur
    courriel = Courriel.objects.get(destinataire=etude.samia.utilisateur.courriel)
    assert "repris par Paul Essai" in courriel.objet
    assert PriseEnCharge.objects.filter(rendue_le__isnull=True).count() == 1


def test_on_rend_la_main_sur_ce_que_l_on_etudie(etude, paul):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    with pytest.raises(Refus, match="n’étudiez pas"):
        equipe.rendre_la_main(par=paul, dossier=etude.dossier)
    equipe.rendre_la_main(par=etude.samia, dossier=etude.dossier)
    assert lectures.prise_du_service(paul, etude.dossier) is None


def test_qui_se_deporte_ne_voit_plus_et_n_agit_plus(etude, paul):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif="Je préside l’association.")
    assert not visibles(etude.samia, etude).exists()
    assert visibles(paul, etude).get() == etude.dossier
    assert lectures.prise_du_service(paul, etude.dossier) is None
    for geste in (
        lambda: etude.rendre(etude.samia),
        lambda: equipe.se_charger(par=etude.samia, dossier=etude.dossier),
        lambda: equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif="Encore."),
    ):
        with pytest.raises(Dossier.DoesNotExist):
            geste()


def test_un_deport_se_motive_et_seul_le_pilote_le_leve(etude):
    with pytest.raises(Refus, match="Dites pourquoi"):
        equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif=" … ")
    deport = equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif="Un lien.")
    assert [d.motif for d in lectures.deports(etude.pilote, etude.dossier)] == ["Un lien."]
    assert lectures.deports(etude.olga, etude.dossier) == []
    for qui in (etude.samia, etude.olga, etude.ici.acteur("voisine")):
        with pytest.raises(Deport.DoesNotExist):
            equipe.lever_un_deport(par=qui, deport=deport)
    equipe.lever_un_deport(par=etude.pilote, deport=deport)
    assert visibles(etude.samia, etude).exists()
    with pytest.raises(Refus, match="déjà levé"):
        equipe.lever_un_deport(par=etude.pilote, deport=deport)


def test_un_lien_declare_fait_proposer_un_deport(etude):
    verger = etude.ici.monde.verger
    assert lectures.porteurs(etude.samia, etude.ici.contrat) == [verger]
    lien = equipe.declarer_un_lien(par=etude.samia, organisme=verger, lien="Membre du bureau")
    connus = lectures.liens_avec_le_porteur(etude.samia, etude.dossier)
    assert [(c.organisme, c.lien) for c in connus] == [(str(verger), "Membre du bureau")]
    assert lectures.liens_avec_le_porteur(etude.olga, etude.dossier) == []
    with pytest.raises(Refus, match="déjà déclaré"):
        equipe.declarer_un_lien(par=etude.samia, organisme=verger, lien="Autre chose")
    with pytest.raises(LienDeclare.DoesNotExist):
        equipe.finir_un_lien(par=etude.olga, lien=lien)
    equipe.finir_un_lien(par=etude.samia, lien=lien)
    assert lectures.liens_avec_le_porteur(etude.samia, etude.dossier) == []


def test_agir_pour_le_porteur_est_un_lien_connu(etude):
    from tests.fabriques.comptes import rattachement

    rattachement(etude.samia.utilisateur, etude.ici.monde.verger, Role.LECTEUR)
    connus = lectures.liens_avec_le_porteur(etude.samia, etude.dossier)
    assert [c.lien for c in connus] == ["vous y êtes lecteur"]


def test_on_ne_declare_pas_de_lien_avec_son_propre_service(etude):
    with pytest.raises(Refus) as refus:
        equipe.declarer_un_lien(par=etude.samia, organisme=etude.ici.caisse, lien=" ")
    assert len(refus.value.motifs) == 2


def test_le_porteur_reste_a_nommer_apres_le_deport(etude):
    equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif="Un lien.")
    assert lectures.porteurs(etude.samia, etude.ici.contrat) == [etude.ici.monde.verger]
