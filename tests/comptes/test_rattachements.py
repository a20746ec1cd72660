"""Entrer dans un organisme, en sortir, passer la main : chaque acte se note et s'annonce."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.actions.organismes import creer_et_rejoindre
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import CodeDOrganisme, Invitation, Rattachement
from parvis.comptes.permissions import peut_deposer, peut_ecrire_un_brouillon, peut_lire_le_passe
from parvis.comptes.queries.membres import a_un_gestionnaire
from parvis.comptes.rules.rattachements import CODES_PAR_JOUR, ESSAIS_DU_CODE
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from parvis.organismes.actions.doublons import fusionner
from parvis.socle.refus import Refus
from tests.fabriques.comptes import Monde, acteur, monde, organisme, personne, rattachement

pytestmark = pytest.mark.django_db


@pytest.fixture
def lieux() -> Monde:
    return monde()


def courriels(adresse: str) -> list[str]:
    return list(Courriel.objects.filter(destinataire=adresse).values_list("objet", flat=True))


def actes(action: str) -> list[Evenement]:
    return list(Evenement.objects.filter(action=f"comptes.{action}"))


def revendiquer(lieux: Monde, nom: str = "inscrit", **autres) -> Rattachement:
    valeurs = {"organisme": lieux.verger, "role": Role.SIGNATAIRE}
    return rattachements.revendiquer(par=lieux.acteurs[nom], **(valeurs | autres))


class TestRevendiquer:
    def test_on_ecrit_tout_de_suite_sans_deposer_ni_lire(self, lieux):
        demande = revendiquer(lieux)
        qui = acteur(demande.utilisateur, demande)
        assert demande.etat == EtatDeRattachement.EN_ATTENTE
        assert peut_ecrire_un_brouillon(qui, lieux.verger)
        assert not peut_deposer(qui, lieux.verger)
        assert not peut_lire_le_passe(qui, lieux.verger)

    def test_se_note_et_s_annonce_a_tous_les_membres(self, lieux):
        revendiquer(lieux, message="Trésorière")
        (acte,) = actes("revendiquer")
        assert acte.objet == f"organisme:{lieux.verger.pk}"
        assert acte.details.contenu["message"] == "Trésorière"
        for membre in ("gestionnaire", "signataire", "contributeur", "lecteur"):
            assert courriels(f"{membre}@exemple.fr") == [
                "Inscrit Essai demande à agir pour Les Amis du Verger"
            ]
        assert courriels("ancien@exemple.fr") == courriels("attente@exemple.fr") == []

    def test_sans_gestionnaire_le_pilote_est_prevenu(self, lieux):
        vide = organisme("Le Puits")
        revendiquer(lieux, organisme=vide)
        assert (
            len(courriels("pilote@exemple.fr")) == len(courriels("administrateur@exemple.fr")) == 1
        )

    @pytest.mark.parametrize("nom", ["attente", "gestionnaire"])
    def test_qui_y_est_deja_ne_redemande_pas(self, lieux, nom):
        with pytest.raises(Refus, match="déjà rattaché"):
            revendiquer(lieux, nom)

    def test_un_role_donne_ne_se_demande_pas(self, lieux):
        with pytest.raises(Refus, match="invitation"):
            revendiquer(lieux, role=Role.ADMINISTRATEUR)

    def test_un_organisme_fini_ne_se_rejoint_plus(self, lieux):
        lieux.verger.fin_le = timezone.localdate() - timedelta(days=1)
        lieux.verger.save()
        with pytest.raises(Refus, match="pris fin"):
            revendiquer(lieux)

    def test_un_refus_ne_laisse_rien(self, lieux):
        with pytest.raises(Refus):
            revendiquer(lieux, "attente")
        assert actes("revendiquer") == [] and not Courriel.objects.exists()


class TestConfirmer:
    def test_un_gestionnaire_confirme(self, lieux):
        demande = revendiquer(lieux)
        rattachements.confirmer(
            par=lieux.acteurs["gestionnaire"], rattachement=demande, preuve=Preuve.GESTIONNAIRE
        )
        demande.refresh_from_db()
        qui = acteur(demande.utilisateur, demande)
        assert peut_deposer(qui, lieux.verger) and peut_lire_le_passe(qui, lieux.verger)
        assert actes("confirmer")[0].details.contenu["preuve"] == "accord d’un gestionnaire"
        assert "Inscrit Essai agit maintenant pour Les Amis du Verger" in courriels(
            "lecteur@exemple.fr"
        )

    def test_une_piece_se_nomme(self, lieux):
        demande = revendiquer(lieux)
        with pytest.raises(Refus, match="quelle pièce"):
            rattachements.confirmer(
                par=lieux.acteurs["pilote"],
                rattachement=demande,
                preuve=Preuve.PIECE,
                precision="  ",
            )
        demande.refresh_from_db()
        assert demande.etat == EtatDeRattachement.EN_ATTENTE

    def test_ne_se_fait_pas_deux_fois(self, lieux):
        demande = revendiquer(lieux)
        confirmer = {"par": lieux.acteurs["gestionnaire"], "preuve": Preuve.GESTIONNAIRE}
        rattachements.confirmer(rattachement=demande, **confirmer)
        with pytest.raises(Refus, match="déjà confirmé"):
            rattachements.confirmer(rattachement=demande, **confirmer)
        with pytest.raises(Refus, match="déjà confirmé"):
            rattachements.refuser(par=confirmer["par"], rattachement=demande, motif="Non")

    def test_un_refus_dit_pourquoi_a_la_personne(self, lieux):
        demande = revendiquer(lieux)
        with pytest.raises(Refus, match="pourquoi"):
            rattachements.refuser(
                par=lieux.acteurs["gestionnaire"], rattachement=demande, motif=" "
            )
        rattachements.refuser(
            par=lieux.acteurs["gestionnaire"], rattachement=demande, motif="Inconnue au bureau."
        )
        (recu,) = Courriel.objects.filter(destinataire="inscrit@exemple.fr")
        assert "Inconnue au bureau." in recu.texte
        assert revendiquer(lieux).etat == EtatDeRattachement.EN_ATTENTE


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


class TestCreer:
    VALEURS = {"nom": "Le Four commun", "nature": "association"}

    def test_le_createur_d_une_association_la_tient(self, lieux):
        role = creer_et_rejoindre(par=lieux.acteurs["inscrit"], valeurs=self.VALEURS)
        assert (role.role, role.etat, role.preuve) == ("gestionnaire", "confirme", "creation")
        assert role.organisme.version == 1

    def test_un_nom_public_attend_le_pilote(self, lieux):
        role = creer_et_rejoindre(
            par=lieux.acteurs["inscrit"], valeurs=self.VALEURS | {"nature": "commune"}
        )
        assert role.etat == EtatDeRattachement.EN_ATTENTE
        assert len(courriels("pilote@exemple.fr")) == 1

    def test_on_ne_choisit_pas_l_adresse_qui_nous_confirme(self, lieux):
        """Un code envoyé à une adresse donnée par qui le demande ne prouverait rien."""
        role = creer_et_rejoindre(
            par=lieux.acteurs["inscrit"],
            valeurs=self.VALEURS | {"nature": "commune", "courriel": "moi@exemple.fr"},
        )
        assert role.organisme.courriel == ""
        with pytest.raises(Refus, match="ne connaît pas"):
            invitations.envoyer_un_code(par=lieux.acteurs["inscrit"], rattachement=role)


class TestTerminer:
    def test_cesse_aussitot(self, lieux):
        role = lieux.acteurs["lecteur"].rattachement
        rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=role, motif="Départ")
        role.refresh_from_db()
        assert not role.est_en_cours(timezone.localdate())
        assert courriels("lecteur@exemple.fr") == [
            "Lecteur Essai n’agit plus pour Les Amis du Verger"
        ]
        with pytest.raises(Refus, match="déjà terminé"):
            rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=role)

    def test_une_demande_retiree_ne_s_annonce_pas(self, lieux):
        attente = lieux.acteurs["attente"]
        rattachements.terminer(par=attente, rattachement=attente.rattachement)
        assert not Courriel.objects.exists()
        assert len(actes("terminer")) == 1

    def test_une_fin_prevue_reste_la_fin(self, lieux):
        role = lieux.acteurs["lecteur"].rattachement
        role.fin_le = timezone.localdate() - timedelta(days=2)
        role.save()
        fini = rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=role)
        assert fini.fin_le == role.fin_le

    def test_le_dernier_gestionnaire_peut_partir_et_c_est_dit(self, lieux):
        partant = lieux.acteurs["gestionnaire"]
        rattachements.terminer(par=partant, rattachement=partant.rattachement)
        assert not a_un_gestionnaire(lieux.verger, jour=timezone.localdate())
        (annonce,) = Courriel.objects.filter(destinataire="signataire@exemple.fr")
        assert "n’a plus de gestionnaire" in annonce.texte
        assert courriels("pilote@exemple.fr") == ["Les Amis du Verger n’a plus de gestionnaire"]
        # La même porte que pour une première demande le fait revivre.
        demande = revendiquer(lieux, role=Role.GESTIONNAIRE)
        rattachements.confirmer(
            par=lieux.acteurs["pilote"],
            rattachement=demande,
            preuve=Preuve.PIECE,
            precision="PV du 3 mars",
        )
        assert a_un_gestionnaire(lieux.verger, jour=timezone.localdate())

    def test_une_vieille_invitation_ne_fait_pas_revenir(self, lieux):
        partant = lieux.acteurs["gestionnaire"]
        for courriel in ("gestionnaire@exemple.fr", "ami@exemple.fr"):
            invitations.inviter(
                par=partant, organisme=lieux.verger, courriel=courriel, role=Role.LECTEUR
            )
        rattachements.terminer(par=partant, rattachement=partant.rattachement)
        assert set(Invitation.objects.values_list("etat", flat=True)) == {EtatDInvitation.ANNULEE}


class TestPasserLaMain:
    def passer(self, lieux, successeur="lecteur", jours=0):
        return rattachements.passer_la_main(
            par=lieux.acteurs["gestionnaire"],
            successeur=lieux.acteurs[successeur].rattachement,
            fin_le=timezone.localdate() + timedelta(days=jours),
        )

    def test_le_suivant_tient_la_page_le_partant_finit(self, lieux):
        nouveau = self.passer(lieux, jours=10)
        partant = lieux.acteurs["gestionnaire"].rattachement
        partant.refresh_from_db()
        assert (nouveau.role, nouveau.est_confirme) == (Role.GESTIONNAIRE, True)
        assert partant.est_en_cours(timezone.localdate() + timedelta(days=10))
        assert not partant.est_en_cours(timezone.localdate() + timedelta(days=11))
        assert "prend la suite" in courriels("contributeur@exemple.fr")[0]

    def test_a_qui_l_est_deja_n_ajoute_rien(self, lieux):
        premier = self.passer(lieux)
        assert self.passer(lieux) == premier

    @pytest.mark.parametrize("successeur", ["meuniere", "attente", "gestionnaire"])
    def test_ni_a_un_etranger_ni_a_qui_attend_ni_a_soi(self, lieux, successeur):
        with pytest.raises(Refus):
            self.passer(lieux, successeur)
        assert actes("passer_la_main") == []

    def test_pas_dans_le_passe(self, lieux):
        with pytest.raises(Refus, match="passé"):
            self.passer(lieux, jours=-1)


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


def test_un_doublon_reuni_agit_pour_la_page_gardee(db):
    lieux = monde()
    fusionner(
        par=lieux.acteurs["administrateur"],
        doublon=lieux.moulin,
        garde=lieux.verger,
        raisons=["essai"],
    )
    role = Rattachement.objects.select_related("organisme__fusionne_dans").get(
        pk=lieux.acteurs["meuniere"].rattachement.pk
    )
    qui = acteur(role.utilisateur, role)
    assert qui.organisme == lieux.verger
    assert peut_deposer(qui, lieux.verger) and not peut_deposer(qui, lieux.moulin)


def test_nommer_se_note(db):
    lieux = monde()
    role = rattachements.nommer(
        par=lieux.acteurs["administrateur"],
        utilisateur=personne("Nouvelle"),
        organisme=lieux.agglo,
        role=Role.PILOTE,
        contrat="tilleuls",
    )
    assert role.est_confirme
    assert Evenement.objects.get(action="comptes.nommer").contrat == "tilleuls"


def test_le_journal_de_tout_cela_se_verifie(db):
    lieux = monde()
    demande = revendiquer(lieux)
    rattachements.confirmer(
        par=lieux.acteurs["gestionnaire"], rattachement=demande, preuve=Preuve.GESTIONNAIRE
    )
    rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=demande)
    assert Evenement.objects.count() == 3 and ruptures() == []


def test_un_rattachement_en_attente_a_sa_fabrique(db):
    """La fabrique d'essai respecte les contraintes dans chaque état."""
    qui, ou = personne("Toute"), organisme("Essai")
    for etat, role in zip(EtatDeRattachement, list(Role)[:4], strict=True):
        assert rattachement(qui, ou, role, etat=etat).etat == etat
