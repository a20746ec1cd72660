"""Ce qu'une attaque a ouvert une fois : chaque porte, refermée, reste éprouvée."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.actions.organismes import creer_et_rejoindre, modifier_l_organisme
from parvis.comptes.enums import EtatDInvitation, Preuve, Role
from parvis.comptes.models import Invitation, Rattachement, Utilisateur
from parvis.comptes.permissions import peut_gerer
from parvis.comptes.queries.membres import a_un_gestionnaire, membre_a_gerer
from parvis.comptes.queries.organismes import etat_de
from parvis.comptes.rules.rattachements import DEMANDES_PAR_JOUR
from parvis.courriels.models import Courriel
from parvis.organismes.actions.saisie import creer
from parvis.organismes.models import Organisme
from parvis.pilotage.actions.doublons import reunir
from parvis.pilotage.actions.utilisateurs import fermer_le_compte
from parvis.socle.refus import Refus
from tests.fabriques.comptes import Monde, acteur, envoi, monde, personne, rattachement
from tests.fabriques.fils import dans_des_fils

pytestmark = pytest.mark.django_db
AUJOURD_HUI = timezone.localdate


def relu(role: Rattachement) -> Rattachement:
    return Rattachement.objects.select_related("utilisateur", "organisme__fusionne_dans").get(
        pk=role.pk
    )


class TestChangerDeNature:
    def changer(self, lieux, nature, nom="administrateur"):
        depart = etat_de(lieux.verger)
        return modifier_l_organisme(
            par=lieux.acteurs[nom],
            organisme=lieux.verger,
            depart=depart,
            saisie=depart | {"nature": nature},
        )

    @pytest.mark.parametrize("nature", ["etat", "commune", "conseil_citoyen", "entreprise"])
    def test_un_gestionnaire_ne_se_donne_pas_une_autorite(self, lieux, nature):
        with pytest.raises(Refus, match="autres droits"):
            self.changer(lieux, nature, "gestionnaire")

    def test_l_administrateur_le_peut_et_une_erreur_se_corrige(self, lieux):
        assert self.changer(lieux, "collectif", "gestionnaire").nature == "collectif"
        lieux.verger.refresh_from_db()
        assert self.changer(lieux, "fondation").nature == "fondation"


class TestFusion:
    def test_avoir_cree_un_doublon_ne_donne_pas_l_organisme_garde(self, lieux):
        faux = creer_et_rejoindre(
            par=lieux.acteurs["inscrit"], valeurs={"nom": "Verger bis", "nature": "association"}
        )
        complice = rattachement(
            personne("Complice"), faux.organisme, Role.GESTIONNAIRE, preuve=Preuve.INVITATION
        )
        garde = lieux.verger
        reunir(
            par=lieux.acteurs["administrateur"],
            doublon=faux.organisme,
            garde=garde,
            raison="Même nom.",
        )
        for role in (faux, complice):
            role = relu(role)
            assert role.est_a_reconfirmer and not role.est_confirme
            assert not peut_gerer(acteur(role.utilisateur, role), garde)
            assert not Rattachement.objects.confirmes(AUJOURD_HUI()).filter(pk=role.pk).exists()
        # Le gestionnaire de la page gardée décide : confirmer, ou mettre fin.
        par = lieux.acteurs["gestionnaire"]
        rattachements.confirmer(par=par, rattachement=faux, preuve=Preuve.PIECE, precision="PV")
        assert relu(faux).est_confirme
        rattachements.refuser(par=par, rattachement=complice, motif="Inconnu.")
        assert relu(complice).etat == "termine"


class TestInviter:
    def inviter(self, lieux, nom="gestionnaire", **autres):
        valeurs = {"courriel": "inscrit@exemple.fr", "role": Role.LECTEUR}
        return invitations.inviter(
            par=lieux.acteurs[nom], organisme=lieux.verger, **(valeurs | autres)
        )

    def test_l_invitation_de_qui_n_agit_plus_ne_vaut_plus(self, lieux):
        envoyee = self.inviter(lieux, role=Role.GESTIONNAIRE)
        Rattachement.objects.filter(pk=lieux.acteurs["gestionnaire"].rattachement.pk).update(
            fin_le=AUJOURD_HUI() - timedelta(days=1)
        )
        with pytest.raises(Refus, match="n’agit plus"):
            invitations.accepter_l_invitation(par=lieux.acteurs["inscrit"], invitation=envoyee)

    def test_nul_ne_se_fait_gestionnaire(self, lieux):
        for nom in ("pilote", "administrateur"):
            with pytest.raises(Refus, match="à soi-même"):
                self.inviter(lieux, nom, courriel=f"{nom}@exemple.fr", role=Role.GESTIONNAIRE)
        with pytest.raises(Refus, match="à soi-même"):
            self.inviter(lieux, courriel="gestionnaire@exemple.fr", role=Role.GESTIONNAIRE)
        # Signer soi-même pour l'organisme que l'on tient n'est pas se hausser.
        assert self.inviter(lieux, courriel="gestionnaire@exemple.fr", role=Role.SIGNATAIRE)

    def test_une_fin_prevue_reste_quand_une_demande_attendait(self, lieux):
        fin = AUJOURD_HUI() + timedelta(days=30)
        rattachements.revendiquer(
            par=lieux.acteurs["inscrit"],
            organisme=lieux.verger,
            role=Role.CONTRIBUTEUR,
            message="Stagiaire",
        )
        envoyee = self.inviter(lieux, role=Role.CONTRIBUTEUR, fin_le=fin)
        role = invitations.accepter_l_invitation(par=lieux.acteurs["inscrit"], invitation=envoyee)
        role.refresh_from_db()
        assert (role.fin_le, role.precision) == (fin, "Stagiaire")

    def test_un_role_date_se_prolonge(self, lieux):
        qui = lieux.acteurs["inscrit"]
        rattachement(
            qui.utilisateur, lieux.verger, Role.LECTEUR, fin_le=AUJOURD_HUI() + timedelta(days=2)
        )
        envoyee = self.inviter(lieux, fin_le=AUJOURD_HUI() + timedelta(days=90))
        assert invitations.accepter_l_invitation(par=qui, invitation=envoyee)

    def test_la_porte_ouverte_par_un_pilote_se_referme(self, lieux):
        vide = creer(par=lieux.acteurs["administrateur"], nom="Le Puits", nature="association")
        envoyees = [
            invitations.inviter(
                par=lieux.acteurs[nom], organisme=vide, courriel=adresse, role=Role.GESTIONNAIRE
            )
            for nom, adresse in (
                ("pilote", "inscrit@exemple.fr"),
                ("voisine", "lecteur@exemple.fr"),
            )
        ]
        invitations.accepter_l_invitation(par=lieux.acteurs["inscrit"], invitation=envoyees[0])
        with pytest.raises(Refus, match="maintenant un gestionnaire"):
            invitations.accepter_l_invitation(par=lieux.acteurs["lecteur"], invitation=envoyees[1])

    def test_le_site_n_ecrit_pas_sans_fin(self, lieux):
        for _ in range(3):
            self.inviter(lieux)
        with pytest.raises(Refus, match="trois invitations"):
            self.inviter(lieux)
        par, deja = lieux.acteurs["gestionnaire"], Invitation.objects.first()
        Invitation.objects.bulk_create(
            Invitation(
                organisme=lieux.verger,
                courriel=f"n{rang}@exemple.fr",
                role=Role.LECTEUR,
                empreinte=str(rang),
                etat=EtatDInvitation.ANNULEE,
                close_le=timezone.now(),
                invite_par=par.rattachement,
                cree_le=deja.cree_le,
                expire_le=deja.expire_le,
            )
            for rang in range(60)
        )
        with pytest.raises(Refus, match="Attendez demain"):
            self.inviter(lieux, courriel="neuve@exemple.fr")

    def test_on_ne_demande_pas_sans_fin(self, lieux):
        qui = lieux.acteurs["inscrit"]
        for rang in range(DEMANDES_PAR_JOUR):
            creer_et_rejoindre(par=qui, valeurs={"nom": f"Atelier {rang}", "nature": "association"})
        with pytest.raises(Refus, match="demain"):
            creer_et_rejoindre(par=qui, valeurs={"nom": "Encore", "nature": "commune"})
        with pytest.raises(Refus, match="demain"):
            rattachements.revendiquer(par=qui, organisme=lieux.verger, role=Role.SIGNATAIRE)


class TestFinir:
    def test_un_gestionnaire_ne_touche_ni_au_site_ni_au_contrat(self, lieux):
        par = acteur(
            lieux.acteurs["inscrit"].utilisateur,
            rattachement(lieux.acteurs["inscrit"].utilisateur, lieux.agglo),
        )
        for nom in ("administrateur", "pilote", "elu"):
            with pytest.raises(Rattachement.DoesNotExist):
                membre_a_gerer(par, lieux.agglo, lieux.acteurs[nom].rattachement.pk)

    def test_le_dernier_administrateur_reste(self, lieux):
        seul = lieux.acteurs["administrateur"]
        with pytest.raises(Refus, match="dernier administrateur"):
            rattachements.terminer(par=seul, rattachement=seul.rattachement)
        rattachement(personne("Seconde"), lieux.agglo, Role.ADMINISTRATEUR)
        assert rattachements.terminer(par=seul, rattachement=seul.rattachement)

    def test_passer_la_main_n_allonge_pas_son_role(self, lieux):
        par = lieux.acteurs["gestionnaire"]
        Rattachement.objects.filter(pk=par.rattachement.pk).update(
            fin_le=AUJOURD_HUI() + timedelta(days=2)
        )
        with pytest.raises(Refus, match="allonge pas"):
            rattachements.passer_la_main(
                par=par,
                successeur=lieux.acteurs["lecteur"].rattachement,
                fin_le=AUJOURD_HUI() + timedelta(days=900),
            )

    def test_passer_la_main_a_qui_la_demandait_confirme_sa_demande(self, lieux):
        lecteur = lieux.acteurs["lecteur"]
        demande = rattachement(
            lecteur.utilisateur, lieux.verger, Role.GESTIONNAIRE, etat="en_attente"
        )
        nouveau = rattachements.passer_la_main(
            par=lieux.acteurs["gestionnaire"],
            successeur=lecteur.rattachement,
            fin_le=AUJOURD_HUI(),
        )
        assert nouveau.pk == demande.pk and relu(demande).est_confirme

    def test_un_role_echu_se_clot_et_s_annonce(self, lieux):
        par = lieux.acteurs["gestionnaire"]
        Rattachement.objects.filter(pk=par.rattachement.pk).update(
            fin_le=AUJOURD_HUI() - timedelta(days=1)
        )
        assert rattachements.finir_les_roles_echus() == 1
        assert relu(par.rattachement).etat == "termine"
        annonce = Courriel.objects.get(destinataire="lecteur@exemple.fr")
        assert "n’a plus de gestionnaire" in annonce.texte
        assert rattachements.finir_les_roles_echus() == 0

    def test_fermer_le_compte_du_dernier_gestionnaire_se_dit(self, lieux):
        fermer_le_compte(
            par=lieux.acteurs["administrateur"],
            utilisateur=lieux.acteurs["gestionnaire"].utilisateur,
            motif="Parti.",
        )
        assert not a_un_gestionnaire(lieux.verger, jour=AUJOURD_HUI())
        assert Courriel.objects.filter(
            destinataire="pilote@exemple.fr", objet__contains="plus de gestionnaire"
        ).exists()

    def test_la_reponse_arrive_meme_a_qui_ne_veut_rien(self, lieux):
        from parvis.courriels.actions import choisir_frequence

        attente = lieux.acteurs["attente"]
        choisir_frequence(adresse="attente@exemple.fr", sujet="rattachement", frequence="jamais")
        rattachements.refuser(
            par=lieux.acteurs["gestionnaire"],
            rattachement=attente.rattachement,
            motif="Pas au bureau.",
        )
        recu = Courriel.objects.get(destinataire="attente@exemple.fr")
        assert recu.frequence == "immediat" and "Pas au bureau." in recu.texte


def test_trois_codes_par_jour_meme_en_redemandant(lieux):
    qui = lieux.acteurs["inscrit"]
    for _ in range(3):
        demande = rattachements.revendiquer(par=qui, organisme=lieux.verger, role=Role.SIGNATAIRE)
        invitations.envoyer_un_code(par=qui, rattachement=demande)
        rattachements.terminer(par=qui, rattachement=demande)
    demande = rattachements.revendiquer(par=qui, organisme=lieux.verger, role=Role.SIGNATAIRE)
    with pytest.raises(Refus, match="Trois codes"):
        invitations.envoyer_un_code(par=qui, rattachement=demande)


def test_le_jeton_d_une_invitation_ne_se_garde_pas(lieux):
    from django.test import Client

    from parvis.comptes.models import EnvoiGarde

    champs = envoi(lieux.acteurs["lecteur"], reponse="accepter")
    Client().post("/compte/invitations/un-secret/", champs)
    assert not EnvoiGarde.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deux_administrateurs_ne_se_ferment_pas_l_un_l_autre(base_partagee):
    def preparer(_rang: int) -> Monde:
        lieux = monde()
        lieux.ajouter("seconde", lieux.agglo, Role.ADMINISTRATEUR)
        return lieux

    (lieux,) = dans_des_fils(preparer, 1)
    ensemble, noms = threading.Barrier(2, timeout=60), ("administrateur", "seconde")

    def fermer(rang: int) -> bool:
        ensemble.wait()
        try:
            fermer_le_compte(
                par=lieux.acteurs[noms[rang]],
                utilisateur=lieux.acteurs[noms[1 - rang]].utilisateur,
                motif="Essai.",
            )
        except Refus:
            return False
        return True

    assert sorted(dans_des_fils(fermer, 2)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_une_demande_et_une_ecriture_croisees_ne_se_bloquent_pas(base_partagee):
    """La chaîne du journal se prend toujours avant la ligne : sur PostgreSQL, l'inverse s'étreint."""

    def preparer(_rang: int) -> tuple[Monde, Organisme]:
        lieux = monde()
        return lieux, creer(par=lieux.acteurs["administrateur"], nom="Croisé", nature="association")

    ((lieux, croise),) = dans_des_fils(preparer, 1)
    (depart,) = dans_des_fils(lambda _: etat_de(croise), 1)
    ensemble = threading.Barrier(10, timeout=60)

    def agir(rang: int) -> None:
        ensemble.wait()
        if rang % 2:
            saisie = {**depart, "alias": [f"Nom {rang}"]}
            par = lieux.acteurs["administrateur"]
            modifier_l_organisme(par=par, organisme=croise, depart=depart, saisie=saisie)
        else:
            nom = ("lecteur", "signataire", "contributeur", "inscrit", "meuniere")[rang // 2]
            rattachements.revendiquer(
                par=lieux.acteurs[nom], organisme=croise, role=Role.SIGNATAIRE
            )

    dans_des_fils(agir, 10)
    (compte,) = dans_des_fils(lambda _: Rattachement.objects.filter(organisme=croise).count(), 1)
    assert compte == 5


@pytest.mark.parametrize("nom", ["Steve\n\nURGENT", "\u202eevetS", "C\u200bordier"])
def test_un_nom_ne_cache_rien(lieux, nom):
    qui = lieux.acteurs["lecteur"]
    reponse = lieux.client("lecteur").post("/compte/nom/", envoi(qui, prenom=nom, nom="Essai"))
    assert reponse.status_code == 422
    assert Utilisateur.objects.get(pk=qui.utilisateur.pk).prenom == "Lecteur"


@pytest.mark.parametrize(
    "adresse", ["a@localhost", "a@[127.0.0.1]", "zſam@essai.example", "sam@eſſai.example"]
)
@pytest.mark.parametrize("page", ["connexion/code/", "oubli/", "inscription/"])
def test_une_adresse_que_nul_serveur_ne_joint_ne_fait_rien_tomber(db, client, adresse, page):
    champs = {"email": adresse, "prenom": "Zoé", "nom": "Essai"}
    assert client.post(f"/compte/{page}", champs).status_code < 500
    assert not Utilisateur.objects.exists() and not Courriel.objects.exists()
