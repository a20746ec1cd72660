"""Entrer dans un organisme, en sortir, passer la main : chaque acte se note et s'annonce."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.actions.organismes import creer_et_rejoindre
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import Invitation, Rattachement
from parvis.comptes.permissions import peut_deposer, peut_ecrire_un_brouillon, peut_lire_le_passe
from parvis.comptes.queries.membres import a_un_gestionnaire
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from parvis.organismes.actions.doublons import fusionner
from parvis.socle.refus import Refus
from tests.comptes.conftest import actes, courriels, revendiquer
from tests.fabriques.comptes import acteur, monde, organisme, personne, rattachement

pytestmark = pytest.mark.django_db


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
