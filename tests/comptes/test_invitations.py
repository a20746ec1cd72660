"""Inviter quelqu'un ; confirmer par un code envoyé à l'organisme."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.comptes.actions import invitations
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import CodeDOrganisme, Invitation, Rattachement
from parvis.comptes.rules.invitations import CODES_PAR_JOUR, ESSAIS_DU_CODE
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.socle.refus import Refus
from tests.comptes.conftest import actes, courriels, revendiquer
from tests.fabriques.comptes import monde

pytestmark = pytest.mark.django_db


class TestCode:
    def envoyer(self, lieux) -> tuple[Rattachement, str]:
        demande = revendiquer(lieux)
        invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=demande)
        texte = Courriel.objects.filter(destinataire="contact@verger.example").latest("pk").texte
        return demande, texte.partition("ce code : ")[2][:9]

    def essayer(self, lieux, demande, code):
        return invitations.confirmer_par_code(
            par=lieux.acteurs["inscrit"], rattachement=demande, code=code
        )

    def test_le_bon_code_confirme(self, lieux):
        demande, code = self.envoyer(lieux)
        self.essayer(lieux, demande, f" {code.lower()} ")
        demande.refresh_from_db()
        assert (demande.etat, demande.preuve) == (EtatDeRattachement.CONFIRME, Preuve.CODE)

    def test_le_code_ne_se_lit_pas_dans_la_base(self, lieux):
        _, code = self.envoyer(lieux)
        assert code.replace(" ", "") not in CodeDOrganisme.objects.get().empreinte

    def test_cinq_essais_puis_plus_rien(self, lieux):
        demande, code = self.envoyer(lieux)
        for restants in range(ESSAIS_DU_CODE - 1, -1, -1):
            with pytest.raises(Refus, match=f"restants : {restants}"):
                self.essayer(lieux, demande, "FAUXFAUX")
        with pytest.raises(Refus, match="plus valable"):
            self.essayer(lieux, demande, code)

    def test_un_code_echu_ne_sert_plus(self, lieux):
        demande, code = self.envoyer(lieux)
        CodeDOrganisme.objects.update(
            envoye_le=timezone.now() - timedelta(days=3),
            expire_le=timezone.now() - timedelta(days=1),
        )
        with pytest.raises(Refus, match="plus valable"):
            self.essayer(lieux, demande, code)

    def test_un_nouveau_code_remplace_l_ancien(self, lieux):
        demande, ancien = self.envoyer(lieux)
        invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=demande)
        with pytest.raises(Refus, match="pas le bon"):
            self.essayer(lieux, demande, ancien)

    def test_pas_plus_de_trois_codes_par_jour(self, lieux):
        demande, _ = self.envoyer(lieux)
        for _ in range(CODES_PAR_JOUR - 1):
            invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=demande)
        with pytest.raises(Refus, match="Trois codes"):
            invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=demande)

    def test_sans_adresse_connue_la_porte_est_fermee(self, lieux):
        demande = revendiquer(lieux, organisme=lieux.moulin)
        with pytest.raises(Refus, match="ne connaît pas"):
            invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=demande)
        with pytest.raises(Refus, match="Demandez d’abord"):
            self.essayer(lieux, demande, "ABCD2345")


class TestInviter:
    def inviter(self, lieux, nom="gestionnaire", **autres) -> tuple[Invitation, str]:
        valeurs = {"courriel": " Inscrit@Exemple.fr ", "role": Role.CONTRIBUTEUR}
        invitation = invitations.inviter(
            par=lieux.acteurs[nom], organisme=lieux.verger, **(valeurs | autres)
        )
        texte = Courriel.objects.filter(sujet="invitation").latest("pk").texte
        return invitation, texte.partition("/compte/invitations/")[2].partition("/")[0]

    def test_le_jeton_n_est_que_dans_le_courriel(self, lieux):
        invitation, jeton = self.inviter(lieux)
        assert invitations.empreinte_du_jeton(jeton) == invitation.empreinte
        assert jeton not in str(vars(invitation))

    def test_accepter_ouvre_le_role_et_l_annonce(self, lieux):
        invitation, _ = self.inviter(lieux, fin_le=timezone.localdate() + timedelta(days=30))
        role = invitations.accepter_l_invitation(
            par=lieux.acteurs["inscrit"], invitation=invitation
        )
        assert (role.role, role.preuve, role.fin_le) == (
            Role.CONTRIBUTEUR,
            Preuve.INVITATION,
            invitation.fin_le,
        )
        assert "Inscrit Essai agit maintenant pour Les Amis du Verger" in courriels(
            "lecteur@exemple.fr"
        )
        with pytest.raises(Refus, match="déjà acceptée"):
            invitations.accepter_l_invitation(par=lieux.acteurs["inscrit"], invitation=invitation)

    def test_accepter_confirme_la_demande_qui_attendait(self, lieux):
        demande = revendiquer(lieux, role=Role.CONTRIBUTEUR)
        invitation, _ = self.inviter(lieux)
        role = invitations.accepter_l_invitation(
            par=lieux.acteurs["inscrit"], invitation=invitation
        )
        assert role.pk == demande.pk and role.est_confirme

    def test_accepter_un_role_que_l_on_a_est_refuse(self, lieux):
        invitation, _ = self.inviter(lieux, courriel="lecteur@exemple.fr", role=Role.LECTEUR)
        with pytest.raises(Refus, match="déjà ce rôle"):
            invitations.accepter_l_invitation(par=lieux.acteurs["lecteur"], invitation=invitation)

    def test_expiree(self, lieux):
        invitation, _ = self.inviter(lieux)
        Invitation.objects.update(
            cree_le=timezone.now() - timedelta(days=20),
            expire_le=timezone.now() - timedelta(days=1),
        )
        with pytest.raises(Refus, match="expiré"):
            invitations.accepter_l_invitation(par=lieux.acteurs["inscrit"], invitation=invitation)

    def test_reinviter_remplace(self, lieux):
        premiere, _ = self.inviter(lieux)
        self.inviter(lieux)
        premiere.refresh_from_db()
        assert premiere.etat == EtatDInvitation.ANNULEE

    def test_decliner_et_annuler(self, lieux):
        une, _ = self.inviter(lieux)
        invitations.decliner_l_invitation(par=lieux.acteurs["inscrit"], invitation=une)
        autre, _ = self.inviter(lieux)
        invitations.annuler_l_invitation(par=lieux.acteurs["gestionnaire"], invitation=autre)
        for close in (une, autre):
            with pytest.raises(Refus):
                invitations.decliner_l_invitation(par=lieux.acteurs["inscrit"], invitation=close)
        assert len(actes("decliner")) == len(actes("annuler_l_invitation")) == 1

    @pytest.mark.parametrize("nom", ["lecteur", "signataire", "attente"])
    def test_qui_ne_gere_pas_n_invite_pas(self, lieux, nom):
        with pytest.raises(Refus, match="donner ce rôle"):
            self.inviter(lieux, nom)

    def test_pas_de_fin_dans_le_passe(self, lieux):
        with pytest.raises(Refus, match="passé"):
            self.inviter(lieux, fin_le=timezone.localdate() - timedelta(days=1))


def test_un_pilote_invite_pour_son_contrat_et_nul_autre(db):
    lieux = monde()
    prefecture = lieux.acteurs["delegue"].organisme
    valeurs = {"organisme": prefecture, "courriel": "d@exemple.fr", "role": Role.DELEGUE_DU_PREFET}
    invitation = invitations.inviter(par=lieux.acteurs["pilote"], contrat="tilleuls", **valeurs)
    assert Evenement.objects.get(action="comptes.inviter").contrat == "tilleuls"
    assert invitation.contrat == "tilleuls"
    with pytest.raises(Refus, match="votre contrat"):
        invitations.inviter(par=lieux.acteurs["pilote"], contrat="voisin", **valeurs)
