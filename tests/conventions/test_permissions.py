"""Qui prend les actes d'un financeur, et qui lit ce qui lui est notifié."""

import pytest

from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.rules.roles import ROLES
from parvis.conventions.permissions import peut_recevoir_les_actes, prend_des_actes
from parvis.conventions.queries.actes import actes_notifies
from parvis.dossiers.models import Dossier, Projet
from parvis.organismes.models import Organisme
from tests.decors import decor
from tests.fabriques import actes, comptes

pytestmark = pytest.mark.django_db


@decor
def site() -> actes.Site:
    return actes.site()


@decor
def notifie(site):
    return site.notifie("1500")


@pytest.mark.parametrize("role", Role)
def test_seul_qui_tient_l_argent_d_un_financeur_prend_ses_actes(site, role):
    ici = site.vote.etude.ici
    contrat = {"contrat": "tilleuls"} if ROLES[role].est_de_contrat else {}
    agent = ici.monde.ajouter("agent", ici.caisse, role, **contrat)
    assert prend_des_actes(agent) == (role in ("instructeur", "gestionnaire", "signataire"))
    porteur = ici.monde.ajouter("porteur", ici.monde.verger, role, **contrat)
    assert not prend_des_actes(porteur)


def test_ni_avant_d_etre_confirme_ni_apres_etre_parti(site):
    ici = site.vote.etude.ici
    for etat in (EtatDeRattachement.EN_ATTENTE, EtatDeRattachement.TERMINE):
        agent = ici.monde.ajouter(f"agent{etat}", ici.caisse, Role.INSTRUCTEUR, etat=etat)
        assert not prend_des_actes(agent)
        membre = ici.monde.ajouter(f"membre{etat}", ici.monde.verger, Role.GESTIONNAIRE, etat=etat)
        assert not peut_recevoir_les_actes(membre, ici.monde.verger)


@pytest.mark.parametrize("role", ["gestionnaire", "signataire", "contributeur", "lecteur"])
def test_chaque_membre_confirme_lit_ce_qui_est_notifie(site, notifie, role):
    qui = site.vote.etude.ici.acteur(role)
    assert actes_notifies(qui, site.vote.etude.dossier) == [notifie]


@pytest.mark.parametrize(
    "qui",
    "samia olga pilote elu delegue conseiller voisine attente visiteur inscrit administrateur "
    "meuniere ancien".split(),
)
def test_nul_autre_ne_lit_ce_qui_est_notifie(site, notifie, qui):
    assert actes_notifies(site.vote.etude.ici.acteur(qui), site.vote.etude.dossier) == []


def test_un_expert_invite_n_est_pas_membre(site, notifie):
    ici = site.vote.etude.ici
    expert = ici.monde.ajouter("expert", ici.monde.verger, Role.EXPERT, contrat="tilleuls")
    assert not peut_recevoir_les_actes(expert, ici.monde.verger)
    assert actes_notifies(expert, site.vote.etude.dossier) == []


def test_rien_ne_se_lit_avant_la_notification(site):
    porte, dossier = site.vote.etude.ici.porte, site.vote.etude.dossier
    acte = site.compose(site.prepare(site.vote.publiee("1500")))
    assert actes_notifies(porte, dossier) == []
    site.signer([acte])
    assert actes_notifies(porte, dossier) == []
    site.notifier([acte])
    assert actes_notifies(porte, dossier) == [acte]


def test_le_groupe_et_sa_structure_lisent_l_acte_de_la_structure(site):
    ici = site.vote.etude.ici
    structure = comptes.organisme("La Régie")
    Projet.objects.update(structure_porteuse=structure)
    acte = site.notifie("1500")
    assert acte.titulaire == structure
    dossier = Dossier.objects.get(pk=site.vote.etude.dossier.pk)
    comptable = ici.monde.ajouter("comptable", structure, Role.GESTIONNAIRE)
    assert actes_notifies(comptable, dossier) == actes_notifies(ici.porte, dossier) == [acte]
    assert actes_notifies(ici.acteur("meuniere"), dossier) == []


def test_un_membre_d_un_doublon_reuni_lit_ce_que_recoit_l_organisme_garde(site, notifie):
    ici = site.vote.etude.ici
    bis = comptes.organisme("Amis du Verger (doublon)")
    membre = ici.monde.ajouter("membre", bis, Role.GESTIONNAIRE)
    dossier = site.vote.etude.dossier
    assert actes_notifies(membre, dossier) == []
    Organisme.objects.filter(pk=bis.pk).update(fusionne_dans=ici.monde.verger)
    membre.rattachement.refresh_from_db()
    assert actes_notifies(membre, dossier) == [notifie]
