"""Les personnes : fermer un compte, finir un rôle, inviter ; jamais un mot de passe."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction

from parvis.comptes.actions.invitations import inviter
from parvis.comptes.actions.journal import noter_pour
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import Invitation, Utilisateur
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.pilotage.actions.utilisateurs import fermer_le_compte, rouvrir_le_compte
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)


def test_les_personnes_se_cherchent_sans_accent_et_se_filtrent(site, agir, personne):
    agir("Éloïse", Role.PILOTE, contrat="tilleuls")
    ferme = personne("Hana")
    Utilisateur.objects.filter(pk=ferme.pk).update(is_active=False)

    def prenoms(**choix):
        page = lire(site.get("/pilotage/utilisateurs/", **choix))
        return {p for p in ("Éloïse", "Hana", "Chloé") if f">{p} Traoré</a>" in page}

    assert prenoms() == {"Éloïse", "Hana", "Chloé"}
    assert prenoms(q="eloise TRAORE") == {"Éloïse"}
    assert prenoms(q="hana@tilleuls") == {"Hana"}
    assert prenoms(etat="ferme") == prenoms(role="aucun") == {"Hana"}
    assert prenoms(role="pilote") == {"Éloïse"}
    assert "Personne ne répond" in lire(site.get("/pilotage/utilisateurs/", q="zzz"))


def test_un_contrat_se_lit_par_son_titre(site, pilote, naviguer, contrat):
    personne = pilote.utilisateur.pk
    with transaction.atomic():
        noter_pour("comptes.nommer", par=pilote, rattachement=pilote.rattachement)
    ecrans = [
        site.get("/pilotage/utilisateurs/"),
        site.get(f"/pilotage/utilisateurs/{personne}/"),
        naviguer(pilote).get("/compte/"),
        naviguer(pilote).get(f"/{contrat.code}/pilotage/"),
        naviguer(pilote).get(f"/organismes/{pilote.organisme.pk}/"),
    ]
    for ecran in ecrans:
        texte = re.sub(r"<[^>]*>", " ", lire(ecran).partition('id="contenu"')[2])
        assert contrat.titre in texte
        assert not re.search(rf"(?<!@)\b{contrat.code}\b", texte)


def test_fermer_un_compte_finit_ses_sessions_a_l_instant(site, pilote, naviguer, contrat):
    ouverte, adresse = naviguer(pilote), f"/{contrat.code}/pilotage/"
    invitation = inviter(
        par=pilote,
        organisme=pilote.organisme,
        courriel="k@x.example",
        role="pilote",
        contrat=contrat.code,
    )
    assert ouverte.get(adresse).status_code == 200
    pk = pilote.utilisateur.pk
    site.post(f"/pilotage/utilisateurs/{pk}/fermer/", motif="A quitté la collectivité.")
    assert ouverte.get(adresse)["Location"].startswith("/compte/connexion/")
    assert Session.objects.count() == 1
    invitation.refresh_from_db()
    assert invitation.etat == EtatDInvitation.ANNULEE
    assert "Compte fermé" in lire(site.get("/pilotage/utilisateurs/", etat="ferme"))
    assert "A quitté la collectivité." in lire(site.get("/pilotage/journal/"))
    site.post(f"/pilotage/utilisateurs/{pk}/rouvrir/", motif="Revient.")
    # La vieille session ne revit pas.
    assert ouverte.get(adresse)["Location"].startswith("/compte/connexion/")
    assert naviguer(pilote).get(adresse).status_code == 200
    ecrits = Courriel.objects.filter(destinataire=pilote.utilisateur.courriel)
    assert ecrits.count() == 2


def test_on_ne_ferme_pas_son_propre_compte(site, administratrice):
    soi = administratrice.utilisateur
    site.post(f"/pilotage/utilisateurs/{soi.pk}/fermer/", motif="Adieu")
    soi.refresh_from_db()
    assert soi.is_active
    page = lire(site.get(f"/pilotage/utilisateurs/{soi.pk}/"))
    assert "Vous ne fermez pas votre propre compte" in page
    assert "Fermer le compte" not in page


def test_fermer_et_rouvrir_disent_leurs_motifs(administratrice, pilote):
    personne = pilote.utilisateur
    with pytest.raises(Refus, match=r"déjà ouvert.*Dites pourquoi"):
        rouvrir_le_compte(par=administratrice, utilisateur=personne, motif=" ")
    fermer_le_compte(par=administratrice, utilisateur=personne, motif="x")
    with pytest.raises(Refus, match="déjà fermé"):
        fermer_le_compte(par=administratrice, utilisateur=personne, motif="x")
    assert Evenement.objects.filter(action="pilotage.fermer_le_compte").count() == 1


def test_le_nom_d_une_personne_n_est_que_dans_les_details_effacables(administratrice, pilote):
    fermer_le_compte(par=administratrice, utilisateur=pilote.utilisateur, motif="x")
    acte = Evenement.objects.get(action="pilotage.fermer_le_compte")
    assert "Amina" not in acte.objet_nom
    assert acte.details.contenu["personne"] == "Amina Traoré"


def test_finir_le_role_d_une_personne(site, administratrice, pilote, gestionnaire):
    lien, pk = pilote.rattachement, pilote.utilisateur.pk
    # Le rôle de l'un sous l'adresse de l'autre.
    autre = f"/pilotage/utilisateurs/{gestionnaire.utilisateur.pk}/roles/{lien.pk}/fin/"
    assert site.post(autre).status_code == 404
    assert site.post(f"/pilotage/utilisateurs/{pk}/roles/{lien.pk}/fin/").status_code == 302
    lien.refresh_from_db()
    assert lien.etat == EtatDeRattachement.TERMINE
    # Clos, ou le sien : plus rien à finir.
    assert site.post(f"/pilotage/utilisateurs/{pk}/roles/{lien.pk}/fin/").status_code == 404
    soi = administratrice
    sien = f"/pilotage/utilisateurs/{soi.utilisateur.pk}/roles/{soi.rattachement.pk}/fin/"
    assert site.post(sien).status_code == 404
    assert "Terminé" in lire(site.get(f"/pilotage/utilisateurs/{pk}/"))


def test_ni_mot_de_passe_ni_personne_absente(site, pilote):
    pilote.utilisateur.set_password("un-secret-que-nul-ne-lit")
    pilote.utilisateur.save()
    page = lire(site.get(f"/pilotage/utilisateurs/{pilote.utilisateur.pk}/"))
    assert "password" not in page
    assert pilote.utilisateur.password not in page
    assert site.get("/pilotage/utilisateurs/987654/").status_code == 404
    for acte in ("fermer", "rouvrir"):
        assert site.post(f"/pilotage/utilisateurs/987654/{acte}/").status_code == 404


def test_donner_un_role_de_contrat_ou_l_administration(site, creer, contrat, voisin):
    epci = creer("Agglomération", "epci")
    assert str(epci.pk) in lire(site.get("/pilotage/utilisateurs/inviter/", q="agglo"))
    adresse = f"/pilotage/utilisateurs/inviter/{epci.pk}/"
    for role, code in (("pilote", voisin.code), ("administrateur", ""), ("gestionnaire", "")):
        site.post(adresse, courriel="k@x.example", role=role, contrat=code)
    assert set(Invitation.objects.values_list("role", "contrat")) == {
        ("pilote", voisin.code),
        ("administrateur", ""),
        ("gestionnaire", ""),
    }


@pytest.mark.parametrize(
    ("role", "code", "motif"),
    [
        ("pilote", "", "Dites pour quel contrat"),
        ("administrateur", "tilleuls", "ne dépend d’aucun contrat"),
        ("pilote", "nulle-part", "À revoir"),
        ("lecteur", "", "À revoir"),
    ],
)
def test_un_role_mal_donne_se_refuse(site, creer, contrat, role, code, motif):
    adresse = f"/pilotage/utilisateurs/inviter/{creer('Agglomération', 'epci').pk}/"
    reponse = site.post(adresse, courriel="k@x.example", role=role, contrat=code)
    assert reponse.status_code == 422
    assert motif in lire(reponse)
    assert not Invitation.objects.exists()


def test_un_organisme_absent_n_invite_personne(site):
    assert site.get("/pilotage/utilisateurs/inviter/987654/").status_code == 404
    assert site.post("/pilotage/utilisateurs/inviter/987654/").status_code == 404
