"""Des abus essayés, et refusés. La table est dans docs/abus.md ; la matrice couvre les adresses."""

import re

import pytest

from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.enums import Role
from parvis.comptes.models import Invitation, Rattachement
from parvis.courriels.models import Courriel
from tests.decors import decor
from tests.fabriques.comptes import Monde, entrer, envoi, monde, personne, rattachement

pytestmark = pytest.mark.django_db
JETONS = re.compile(r'(name="(?:csrfmiddlewaretoken|_acteur|suite|depart)" value=")[^"]*"')


@decor
def lieux() -> Monde:
    return monde()


def texte(reponse) -> str:
    return JETONS.sub(r'\1"', reponse.content.decode())


def lien_d_invitation(adresse: str) -> str:
    recu = Courriel.objects.filter(destinataire=adresse, sujet="invitation").latest("pk")
    return re.search(r"/compte/invitations/[^/\s]+/", recu.texte).group()


def inviter(lieux: Monde, adresse: str, role: str = Role.LECTEUR) -> str:
    par = lieux.acteurs["gestionnaire"]
    invitations.inviter(par=par, organisme=lieux.verger, courriel=adresse, role=role)
    return lien_d_invitation(adresse)


class TestInvitation:
    def test_inviter_ne_dit_pas_si_l_adresse_a_un_compte(self, lieux):
        client, par = lieux.client("gestionnaire"), lieux.acteurs["gestionnaire"]
        pages = []
        for adresse in ("inscrit@exemple.fr", "inconnu@exemple.fr"):
            client.post(
                f"/organismes/{lieux.verger.pk}/inviter/",
                envoi(par, courriel=adresse, role=Role.LECTEUR),
            )
            page = texte(client.get(f"/organismes/{lieux.verger.pk}/membres/"))
            pages.append(page.replace(adresse, "ADRESSE"))
            Invitation.objects.all().delete()
        assert re.sub(r"annuler/[^\"]*|invitations/\d+", "", pages[0]) == re.sub(
            r"annuler/[^\"]*|invitations/\d+", "", pages[1]
        )

    def test_le_lien_d_un_autre_repond_comme_un_lien_faux(self, lieux):
        lien = inviter(lieux, "inscrit@exemple.fr")
        client = lieux.client("meuniere")
        vole, faux = client.get(lien), client.get("/compte/invitations/faux/")
        assert vole.status_code == faux.status_code == 404
        assert texte(vole) == texte(faux)
        champs = envoi(lieux.acteurs["meuniere"], reponse="accepter")
        assert client.post(lien, champs).status_code == 404
        assert not Rattachement.objects.filter(
            utilisateur=lieux.acteurs["meuniere"].utilisateur, organisme=lieux.verger
        ).exists()

    def test_un_visiteur_n_apprend_rien_du_lien(self, lieux):
        lien = inviter(lieux, "inscrit@exemple.fr")
        from django.test import Client

        reponse = Client().get(lien)
        assert reponse["Location"].startswith("/compte/connexion/") and reponse.content == b""

    def test_l_ancienne_invitation_d_un_membre_parti_ne_le_ramene_pas(self, lieux):
        lien = inviter(lieux, "signataire@exemple.fr", Role.GESTIONNAIRE)
        parti = lieux.acteurs["signataire"]
        rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=parti.rattachement)
        client = lieux.client("signataire")
        assert client.get(lien).status_code == 404
        assert client.post(lien, envoi(parti, reponse="accepter")).status_code in (404, 409)

    def test_les_invitations_d_un_president_parti_tombent(self, lieux):
        lien = inviter(lieux, "complice@exemple.fr", Role.GESTIONNAIRE)
        president = lieux.acteurs["gestionnaire"]
        rattachements.terminer(par=president, rattachement=president.rattachement)
        assert entrer(personne("Complice")).get(lien).status_code == 404


class TestSeHausser:
    @pytest.mark.parametrize(
        "role", ["administrateur", "pilote", "expert", "instructeur", "roi", ""]
    )
    def test_on_n_invite_pas_a_un_role_que_l_on_ne_peut_pas_donner(self, lieux, role):
        reponse = lieux.client("gestionnaire").post(
            f"/organismes/{lieux.verger.pk}/inviter/",
            envoi(lieux.acteurs["gestionnaire"], courriel="x@exemple.fr", role=role),
        )
        assert reponse.status_code == 422 and not Invitation.objects.exists()

    @pytest.mark.parametrize("role", ["administrateur", "pilote", "instructeur", "elu"])
    def test_on_ne_demande_pas_un_role_qui_se_donne(self, lieux, role):
        reponse = lieux.client("inscrit").post(
            f"/organismes/{lieux.verger.pk}/rejoindre/", envoi(lieux.acteurs["inscrit"], role=role)
        )
        assert reponse.status_code == 422
        assert not Rattachement.objects.filter(
            utilisateur=lieux.acteurs["inscrit"].utilisateur
        ).exists()

    def test_qui_attend_ne_se_confirme_pas_lui_meme(self, lieux):
        attente = lieux.acteurs["attente"]
        adresse = f"/organismes/{lieux.verger.pk}/demandes/{attente.rattachement.pk}/confirmer/"
        assert lieux.client("attente").post(adresse, envoi(attente)).status_code == 404
        attente.rattachement.refresh_from_db()
        assert not attente.rattachement.est_confirme

    def test_des_champs_caches_en_plus_ne_changent_rien(self, lieux):
        """Ni l'organisme, ni l'état, ni la preuve ne se glissent dans un formulaire."""
        lieux.client("inscrit").post(
            f"/organismes/{lieux.verger.pk}/rejoindre/",
            envoi(
                lieux.acteurs["inscrit"],
                role=Role.SIGNATAIRE,
                etat="confirme",
                preuve="nomination",
                confirme_le="2026-01-01",
                organisme=lieux.moulin.pk,
                utilisateur=lieux.acteurs["pilote"].utilisateur.pk,
            ),
        )
        demande = Rattachement.objects.get(utilisateur=lieux.acteurs["inscrit"].utilisateur)
        assert (demande.etat, demande.preuve, demande.organisme) == ("en_attente", "", lieux.verger)

    def test_le_profil_ne_change_que_le_nom(self, lieux):
        qui = lieux.acteurs["inscrit"]
        lieux.client("inscrit").post(
            "/compte/nom/",
            envoi(qui, prenom="Zoé", nom="Neuve", courriel="pilote@exemple.fr", is_active="", id=1),
        )
        qui.utilisateur.refresh_from_db()
        assert (str(qui.utilisateur), qui.utilisateur.courriel) == (
            "Zoé Neuve",
            "inscrit@exemple.fr",
        )


class TestCeQuUneListeRevele:
    def test_qui_attend_ne_voit_ni_les_membres_ni_l_histoire(self, lieux):
        page = texte(lieux.client("attente").get(f"/organismes/{lieux.verger.pk}/"))
        assert "Gestionnaire Essai" not in page and "Ce qui s’est passé" not in page

    @pytest.mark.parametrize(
        "question", ["Gestionnaire Essai", "lecteur@exemple.fr", "contact@verger"]
    )
    def test_chercher_un_organisme_ne_trouve_pas_ses_membres(self, lieux, question):
        page = texte(lieux.client("inscrit").get("/organismes/", {"q": question}))
        assert "C’est le mien" not in page

    def test_demander_a_entrer_ne_dit_pas_qui_y_est(self, lieux):
        page = texte(lieux.client("inscrit").get(f"/organismes/{lieux.verger.pk}/rejoindre/"))
        assert "Essai" not in page.partition("<main")[2]

    def test_l_adresse_de_l_organisme_reste_masquee_pour_qui_attend(self, lieux):
        attente = lieux.acteurs["attente"]
        page = texte(lieux.client("attente").get(f"/compte/demandes/{attente.rattachement.pk}/"))
        assert "contact@verger.example" not in page and "c•••@v•••.example" in page


class TestCache:
    def test_la_page_de_l_un_n_est_pas_servie_a_l_autre(self, lieux):
        for nom in ("lecteur", "signataire"):
            reponse = lieux.client(nom).get("/compte/")
            assert reponse["Cache-Control"] == "private, no-store"
            assert f"{nom}@exemple.fr" in reponse.content.decode()

    @pytest.mark.parametrize(
        "adresse", ["/", "/lexique/", "/rien-ici/", "/compte/", "/compte/rien/"]
    )
    def test_aucune_page_d_un_connecte_ne_se_garde(self, lieux, adresse):
        reponse = lieux.client("lecteur").get(adresse)
        assert reponse["Cache-Control"] == "private, no-store"
        assert "Cookie" in reponse["Vary"]


def test_un_role_fini_demain_vaut_encore_aujourd_hui_et_plus_apres(lieux, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    qui = personne("Interimaire")
    demain = timezone.localdate() + timedelta(days=1)
    rattachement(qui, lieux.verger, Role.LECTEUR, fin_le=demain)
    client, adresse = entrer(qui), f"/organismes/{lieux.verger.pk}/"
    assert client.get(adresse).status_code == 200
    monkeypatch.setattr(
        "parvis.comptes.acces.timezone.localdate", lambda: demain + timedelta(days=1)
    )
    assert client.get(adresse).status_code == 404
