"""Demander un avis à qui ne finance pas : commune, délégué du préfet, conseil citoyen, expert."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.invitations import accepter_l_invitation
from parvis.comptes.enums import Role
from parvis.comptes.models import Invitation
from parvis.courriels.models import Courriel
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import est_du_porteur
from parvis.instruction.actions import consultations
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Consultation
from parvis.instruction.queries.avis import avis_du_dossier
from parvis.instruction.queries.dossiers import (
    consultations_ouvertes,
    contrats_a_etudier,
    dossiers_a_etudier,
    invitations_d_experts,
    titre_sur,
)
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.fabriques.comptes import organisme, personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def bourg(etude):
    """Une commune qui ne finance pas ce dossier, et qui l'étudierait pour elle."""
    commune = organisme("Bourg-la-Forêt", "commune")
    etude.ici.monde.ajouter("lea", commune, Role.INSTRUCTEUR)
    return commune


def consulter(etude, qualite=Qualite.COMMUNE, organisme=None, **autres):
    valeurs = {"par": etude.pilote, "dossiers": [etude.dossier], "qualite": qualite}
    return consultations.consulter(**(valeurs | {"organisme": organisme} | autres))


def test_une_commune_consultee_lit_le_dossier_et_rend_un_avis_sans_montant(etude, bourg):
    lea = etude.ici.acteur("lea")
    assert not dossiers_a_etudier(lea, etude.ici.contrat).exists()
    demain = timezone.localdate() + timedelta(days=1)
    [consultation] = consulter(etude, organisme=bourg, question="Et la salle ?", echeance=demain)
    assert dossiers_a_etudier(lea, etude.ici.contrat).get() == etude.dossier
    assert titre_sur(lea, etude.dossier).consultation == consultation
    assert list(contrats_a_etudier(lea)) == [etude.ici.contrat]
    courriel = Courriel.objects.get(destinataire=lea.utilisateur.courriel)
    assert "Votre avis est demandé" in courriel.objet
    assert etude.dossier.projet.titre in courriel.texte
    with pytest.raises(Refus, match="Seul un financeur"):
        demande = etude.demande(etude.samia)
        etude.rendre(lea, propositions={demande.pk: Decimal(1)})
    etude.rendre(lea, sens="reserve", motif="La salle est prise.")
    lus = {a.nom: a for a in avis_du_dossier(etude.samia, etude.dossier).attendus}
    assert lus["Bourg-la-Forêt"].rendu.avis.motif == "La salle est prise."
    assert avis_du_dossier(etude.pilote, etude.dossier).phrase == "3 demandés, 1 rendu"


def test_qui_est_consulte_ne_lit_que_son_avis(etude, bourg):
    consulter(etude, organisme=bourg)
    etude.rendre(etude.samia, motif="Utile.", montant="100", est_partage=True)
    lea = etude.ici.acteur("lea")
    assert [a.nom for a in avis_du_dossier(lea, etude.dossier).attendus] == ["Bourg-la-Forêt"]


def test_un_avis_ne_se_demande_pas_deux_fois_ni_a_qui_finance(etude, bourg):
    assert len(consulter(etude, organisme=bourg)) == 1
    assert consulter(etude, organisme=bourg) == []
    assert consulter(etude, organisme=etude.ici.commune) == []
    assert Consultation.objects.count() == 1
    assert Courriel.objects.filter(objet__startswith="Votre avis").count() == 1


def test_le_delegue_et_le_conseil_citoyen_repondent_pour_leur_contrat(etude):
    delegue, conseiller = etude.ici.acteur("delegue"), etude.ici.acteur("conseiller")
    etat = Organisme.objects.get(nom="Préfecture")
    conseil = Organisme.objects.get(nom="Conseil citoyen")
    consulter(etude, Qualite.DELEGUE_DU_PREFET, etat)
    consulter(etude, Qualite.CONSEIL_CITOYEN, conseil)
    for qui, qualite in (
        (delegue, Qualite.DELEGUE_DU_PREFET),
        (conseiller, Qualite.CONSEIL_CITOYEN),
    ):
        assert titre_sur(qui, etude.dossier).qualite == qualite
        assert etude.rendre(qui).qualite == qualite
        assert not consultations_ouvertes(qui, "voisin").exists()
        assert list(contrats_a_etudier(qui)) == [etude.ici.contrat]
    with pytest.raises(Dossier.DoesNotExist):
        titre_sur(etude.ici.acteur("elu"), etude.dossier)


def test_seul_le_pilote_du_contrat_consulte(etude, bourg):
    for nom in ("voisine", "administrateur", "gestionnaire", "samia"):
        with pytest.raises(Dossier.DoesNotExist):
            consulter(etude, organisme=bourg, par=etude.ici.acteur(nom))
    with pytest.raises(Refus):
        consulter(etude, organisme=etude.ici.monde.verger)


def test_clore_garde_l_avis_deja_rendu(etude, bourg):
    [consultation] = consulter(etude, organisme=bourg)
    lea = etude.ici.acteur("lea")
    etude.rendre(lea, sens="reserve", motif="La salle est prise.")
    for qui in (lea, etude.samia, etude.ici.acteur("voisine")):
        with pytest.raises(Consultation.DoesNotExist):
            consultations.clore_une_consultation(par=qui, consultation=consultation)
    consultations.clore_une_consultation(par=etude.pilote, consultation=consultation)
    assert not dossiers_a_etudier(lea, etude.ici.contrat).exists()
    lus = [a for a in avis_du_dossier(etude.samia, etude.dossier).attendus if a.rendu]
    assert [a.rendu.avis.motif for a in lus] == ["La salle est prise."]
    with pytest.raises(Refus, match="plus attendu"):
        consultations.clore_une_consultation(par=etude.pilote, consultation=consultation)


@pytest.fixture
def experte(etude):
    """Une experte invitée par Samia, qui a accepté."""
    consultations.inviter_un_expert(
        par=etude.samia, dossier=etude.dossier, courriel=" Nour@Exemple.fr ", question="Le budget ?"
    )
    nour = personne("Nour")
    role = accepter_l_invitation(
        par=Acteur(nour, None), invitation=Invitation.objects.get(courriel=nour.courriel)
    )
    return Acteur(nour, role)


def test_un_expert_ne_lit_que_le_dossier_ou_on_l_invite(etude, experte):
    from tests.fabriques import instruction

    assert experte.role == Role.EXPERT
    autre = instruction.recevable(etude.ici, titre="Le potager")
    assert dossiers_a_etudier(experte, etude.ici.contrat).get() == etude.dossier
    assert titre_sur(experte, etude.dossier).qualite == Qualite.EXPERT
    with pytest.raises(Dossier.DoesNotExist):
        titre_sur(experte, autre)
    assert etude.rendre(experte, motif="Le budget tient.").qualite == Qualite.EXPERT
    etude.rendre(etude.samia, montant="10", note_interne="À nous.")
    assert len(avis_du_dossier(experte, etude.dossier).attendus) == 1


def test_un_expert_agit_aupres_du_service_sans_en_etre(etude, experte):
    """Il est rattaché au service qui l'invite : il n'en lit ni les projets, ni les avis, ni les notes."""
    etude.rendre(etude.samia, montant="10", note_interne="À nous.")
    lu = avis_du_dossier(experte, etude.dossier)
    assert [a.rendu for a in lu.attendus] == [None]
    etude.dossier.projet.porteur = etude.ici.caisse
    etude.dossier.projet.save()
    assert not est_du_porteur(experte, etude.dossier.projet)


def test_un_expert_ne_s_invite_pas_deux_fois_et_ne_se_clot_que_par_son_service(etude, experte):
    with pytest.raises(Refus, match="déjà invitée"):
        consultations.inviter_un_expert(
            par=etude.samia, dossier=etude.dossier, courriel="nour@exemple.fr"
        )
    invitation = Consultation.objects.get(qualite=Qualite.EXPERT)
    for qui in (etude.olga, experte):
        assert not invitations_d_experts(qui, etude.dossier).exists()
    for qui in (etude.olga, etude.pilote, experte):
        with pytest.raises(Consultation.DoesNotExist):
            consultations.clore_une_consultation(par=qui, consultation=invitation)
    visee = invitations_d_experts(etude.samia, etude.dossier).get()
    consultations.clore_une_consultation(par=etude.samia, consultation=visee)
    assert not dossiers_a_etudier(experte, etude.ici.contrat).exists()


def test_un_expert_deja_la_est_prevenu_sans_nouvelle_invitation(etude, experte):
    from tests.fabriques import instruction

    autre = instruction.recevable(etude.ici, titre="Le potager")
    consultations.inviter_un_expert(par=etude.samia, dossier=autre, courriel="nour@exemple.fr")
    assert Invitation.objects.filter(courriel="nour@exemple.fr").count() == 1
    assert dossiers_a_etudier(experte, etude.ici.contrat).count() == 2


def test_on_n_invite_ni_soi_meme_ni_sans_financer(etude):
    with pytest.raises(Refus, match="à soi-même"):
        consultations.inviter_un_expert(
            par=etude.samia, dossier=etude.dossier, courriel=etude.samia.utilisateur.courriel
        )
    for nom in ("pilote", "gestionnaire", "delegue"):
        with pytest.raises(Dossier.DoesNotExist):
            consultations.inviter_un_expert(
                par=etude.ici.acteur(nom), dossier=etude.dossier, courriel="nour@exemple.fr"
            )
    assert not Consultation.objects.exists()
