"""Un formulaire envoyé trop tard, ou au titre d'un autre organisme : refusé, et jamais perdu."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.comptes import jetons
from parvis.comptes.acces import CHOIX
from parvis.comptes.actions import envois, rattachements
from parvis.comptes.actions.envois import garder_l_envoi, ouvrir_l_envoi
from parvis.comptes.enums import Role
from parvis.comptes.models import EnvoiGarde, Utilisateur
from parvis.comptes.rules.sessions import ENVOIS_GARDES
from parvis.socle.chiffre import Illisible, chiffrer, dechiffrer
from tests.fabriques.comptes import Monde, acteur, entrer, envoi, monde, rattachement

pytestmark = pytest.mark.django_db
NOM = "/compte/nom/"


def nom_de(lieux: Monde, qui: str) -> str:
    return str(Utilisateur.objects.get(pk=lieux.acteurs[qui].utilisateur.pk))


def champs_de(page: bytes, adresse: str) -> dict[str, str]:
    """Rend les champs du formulaire qui vise cette adresse, comme un navigateur les enverrait."""
    html = page.decode()
    corps = re.search(
        rf'<form[^>]*action="{re.escape(adresse)}".*?</form>', html, re.DOTALL
    ).group()
    caches = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', corps))
    textes = dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', corps, re.DOTALL))
    return caches | textes


class TestSessionFinie:
    def test_le_texte_revient_apres_la_connexion(self, lieux):
        champs = envoi(lieux.acteurs["lecteur"], prenom="Zoé", nom="Là-bas & “ici”")
        reponse = Client().post(NOM, champs)
        gardee = EnvoiGarde.objects.get()
        assert (
            reponse["Location"] == f"/compte/connexion/?next=/compte/reprise/{gardee.identifiant}/"
        )
        assert nom_de(lieux, "lecteur") == "Lecteur Essai"

        client = lieux.client("lecteur")
        page = client.get(f"/compte/reprise/{gardee.identifiant}/")
        assert "Là-bas &amp; “ici”" in page.content.decode()
        renvoi = champs_de(page.content, NOM)
        renvoi["nom"] = "Là-bas & “ici”"
        assert client.post(NOM, renvoi).status_code == 302
        assert nom_de(lieux, "lecteur") == "Zoé Là-bas & “ici”"
        assert not EnvoiGarde.objects.exists()

    def test_un_champ_compose_se_relit_ligne_a_ligne(self, lieux):
        budget = {
            "lignes": [
                {"cle": "l-777", "compte": "601", "libelle": "Livres & jeux", "saisie": "40*3"}
            ],
            "demandes": [
                {
                    "cle": "d-1",
                    "financeur": str(lieux.moulin.pk),
                    "nature": "numeraire",
                    "saisie": "7",
                },
                {"cle": "d-2", "financeur": "autre", "nom": "Fondation X", "saisie": ""},
            ],
        }
        champs = envoi(lieux.acteurs["lecteur"], budget=json.dumps(budget))
        Client().post("/tilleuls/dossiers/1/budget/", champs)
        gardee = EnvoiGarde.objects.get()
        page = lieux.client("lecteur").get(f"/compte/reprise/{gardee.identifiant}/").text
        for ligne in (
            "601 · Livres &amp; jeux · 40*3",
            "Le Club du Moulin · 7",
            "autre · Fondation X",
        ):
            assert f"<li>{ligne}</li>" in page
        assert page.count("l-777") == 1  # dans le champ caché qui se renvoie tel quel

    def test_un_autre_compte_ne_le_voit_pas(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        adresse = f"/compte/reprise/{EnvoiGarde.objects.get().identifiant}/"
        etranger, absent = (
            lieux.client("gestionnaire").get(une)
            for une in (adresse, "/compte/reprise/00000000-0000-0000-0000-000000000007/")
        )
        assert etranger.status_code == absent.status_code == 404
        assert (
            "reprendre" not in lieux.client("gestionnaire").get("/compte/").content.decode().lower()
        )

    def test_il_attend_aussi_dans_l_espace(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        assert "Un texte vous attend" in lieux.client("lecteur").get("/compte/").content.decode()

    def test_sans_preuve_de_l_affichage_rien_n_est_garde(self, lieux):
        for faux in ({}, {jetons.CHAMP: "faux"}, {jetons.CHAMP: ""}):
            assert Client().post(NOM, {"prenom": "A", "nom": "B", **faux}).status_code == 302
        assert not EnvoiGarde.objects.exists()

    def test_tous_les_temoins_perdus_le_texte_est_encore_garde(self, lieux):
        """Sans témoin, la protection contre les envois forgés refuse d'abord : elle garde aussi."""
        client = Client(enforce_csrf_checks=True)
        reponse = client.post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        assert reponse.status_code == 302 and "/compte/reprise/" in reponse["Location"]
        assert ouvrir_l_envoi(EnvoiGarde.objects.get()).champs == {"prenom": ["A"], "nom": ["B"]}

    def test_un_envoi_forge_ne_fait_rien(self, lieux):
        client = lieux.client("lecteur")
        client.handler.enforce_csrf_checks = True
        sans_jeton = client.post(NOM, {"prenom": "A", "nom": "B"})
        assert sans_jeton.status_code == 403 and not EnvoiGarde.objects.exists()
        refuse = client.post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        assert refuse.status_code == 409
        assert nom_de(lieux, "lecteur") == "Lecteur Essai"

    def test_une_heure_et_pas_plus(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        EnvoiGarde.objects.update(
            garde_le=timezone.now() - timedelta(hours=2),
            expire_le=timezone.now() - timedelta(seconds=1),
        )
        adresse = f"/compte/reprise/{EnvoiGarde.objects.get().identifiant}/"
        assert lieux.client("lecteur").get(adresse).status_code == 404
        assert envois.oublier_les_envois_echus() == 1

    def test_le_texte_est_chiffre(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="Zoé", nom="Confidentiel"))
        assert "Confidentiel" not in EnvoiGarde.objects.get().contenu

    def test_il_s_efface_si_l_on_n_en_veut_plus(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="A", nom="B"))
        adresse = f"/compte/reprise/{EnvoiGarde.objects.get().identifiant}/"
        lieux.client("lecteur").post(adresse, envoi(lieux.acteurs["lecteur"]))
        assert not EnvoiGarde.objects.exists()

    def test_renvoye_avec_une_faute_il_revient_dans_le_formulaire(self, lieux):
        Client().post(NOM, envoi(lieux.acteurs["lecteur"], prenom="", nom="Long texte"))
        garde = EnvoiGarde.objects.get()
        renvoi = envoi(lieux.acteurs["lecteur"], prenom="", nom="Long texte")
        page = lieux.client("lecteur").post(NOM, renvoi | {jetons.REPRISE: str(garde.identifiant)})
        assert page.status_code == 422 and "Long texte" in page.content.decode()
        assert not EnvoiGarde.objects.exists()

    @pytest.mark.parametrize("faux", ["", "rien", "00000000-0000-0000-0000-000000000007"])
    def test_une_reprise_fausse_n_efface_rien(self, lieux, faux):
        autre = lieux.acteurs["signataire"]
        garder_l_envoi(
            utilisateur=autre.utilisateur.pk, rattachement=None, adresse=NOM, champs={"a": ["b"]}
        )
        renvoi = envoi(lieux.acteurs["lecteur"], prenom="A", nom="B")
        lieux.client("lecteur").post(NOM, renvoi | {jetons.REPRISE: faux})
        assert EnvoiGarde.objects.count() == 1

    def test_htmx_mene_a_la_connexion(self, lieux):
        champs = envoi(lieux.acteurs["lecteur"], prenom="A", nom="B")
        reponse = Client().post(NOM, champs, headers={"HX-Request": "true"})
        assert reponse.status_code == 204
        assert "/compte/reprise/" in reponse["HX-Redirect"]

    def test_les_fichiers_se_nomment(self, lieux):
        from django.core.files.uploadedfile import SimpleUploadedFile

        champs = envoi(lieux.acteurs["lecteur"], prenom="A", nom="B")
        Client().post(NOM, champs | {"piece": SimpleUploadedFile("bilan.pdf", b"%PDF")})
        garde = EnvoiGarde.objects.get()
        assert ouvrir_l_envoi(garde).fichiers == ["bilan.pdf"]
        page = lieux.client("lecteur").get(f"/compte/reprise/{garde.identifiant}/")
        assert "bilan.pdf" in page.content.decode()

    def test_les_mots_de_passe_ne_sont_jamais_gardes(self, lieux):
        champs = envoi(lieux.acteurs["lecteur"], password1="secret", oldpassword="ancien")
        assert Client().post("/compte/mot-de-passe/", champs).status_code == 302
        assert not EnvoiGarde.objects.exists()

    def test_une_personne_n_en_garde_pas_sans_fin(self, lieux):
        qui = lieux.acteurs["lecteur"].utilisateur.pk
        for rang in range(ENVOIS_GARDES + 3):
            garder_l_envoi(
                utilisateur=qui, rattachement=None, adresse=NOM, champs={"rang": [str(rang)]}
            )
        textes = [ouvrir_l_envoi(e).champs["rang"] for e in EnvoiGarde.objects.all()]
        assert len(textes) == ENVOIS_GARDES and textes[0] == [str(ENVOIS_GARDES + 2)]

    def test_un_compte_ferme_ne_garde_rien(self, lieux):
        lecteur = lieux.acteurs["lecteur"].utilisateur
        Utilisateur.objects.filter(pk=lecteur.pk).update(is_active=False)
        assert (
            garder_l_envoi(utilisateur=lecteur.pk, rattachement=None, adresse=NOM, champs={})
            is None
        )


class TestDeuxCasquettes:
    """Deux organismes, deux onglets : rien ne part au nom de l'autre."""

    @pytest.fixture
    def double(self, lieux):
        """Rend une personne qui agit pour le Verger et pour le Moulin, et son navigateur."""
        qui = lieux.acteurs["lecteur"].utilisateur
        moulin = rattachement(qui, lieux.moulin, Role.GESTIONNAIRE)
        verger = lieux.acteurs["lecteur"].rattachement
        client = entrer(qui)
        session = client.session
        session[CHOIX] = moulin.pk
        session.save()
        return client, acteur(qui, verger), acteur(qui, moulin)

    def test_un_formulaire_ouvert_sous_une_casquette_est_refuse_sous_l_autre(self, lieux, double):
        client, verger, _ = double
        reponse = client.post(NOM, envoi(verger, prenom="A", nom="B"))
        assert reponse.status_code == 409
        assert "Reprendre ce que j’avais écrit" in reponse.content.decode()
        assert nom_de(lieux, "lecteur") == "Lecteur Essai"

    def test_la_reprise_propose_de_reprendre_la_bonne_casquette(self, lieux, double):
        client, verger, moulin = double
        client.post(NOM, envoi(verger, prenom="Zoé", nom="Double"))
        adresse = f"/compte/reprise/{EnvoiGarde.objects.get().identifiant}/"
        page = client.get(adresse).content.decode()
        assert "Agir pour Les Amis du Verger" in page and "Envoyer maintenant" not in page
        changement = envoi(moulin, rattachement=verger.rattachement.pk, suite=adresse)
        assert client.post("/compte/agir-pour/", changement)["Location"] == adresse
        page = client.get(adresse)
        assert client.post(NOM, champs_de(page.content, NOM)).status_code == 302
        assert nom_de(lieux, "lecteur") == "Zoé Double"

    def test_une_casquette_perdue_le_texte_se_lit_sans_partir(self, lieux, double):
        client, verger, _ = double
        client.post(NOM, envoi(verger, prenom="Zoé", nom="Perdue"))
        rattachements.terminer(par=lieux.acteurs["gestionnaire"], rattachement=verger.rattachement)
        adresse = f"/compte/reprise/{EnvoiGarde.objects.get().identifiant}/"
        page = client.get(adresse).content.decode()
        assert "ne peut plus être envoyé" in page and "Perdue" in page
        assert "data-reprise" not in page

    def test_le_formulaire_d_un_autre_compte_est_refuse(self, lieux, double):
        client, _, _ = double
        autre = lieux.acteurs["signataire"]
        reponse = client.post(NOM, envoi(autre, prenom="A", nom="B"))
        assert reponse.status_code == 409
        assert "un autre compte" in reponse.content.decode()
        assert "Reprendre" not in reponse.content.decode()
        assert EnvoiGarde.objects.get().utilisateur == autre.utilisateur

    def test_on_ne_prend_pas_la_casquette_d_un_autre(self, lieux, double):
        client, _, moulin = double
        for faux in (lieux.acteurs["pilote"].rattachement.pk, 999_999, "x", "", "9" * 30, "²"):
            reponse = client.post("/compte/agir-pour/", envoi(moulin, rattachement=faux))
            assert reponse.status_code == 404
        assert client.session[CHOIX] == moulin.rattachement.pk

    @pytest.mark.parametrize(
        "suite", ["https://ailleurs.exemple/", "//ailleurs.exemple", "javascript:1"]
    )
    def test_changer_de_casquette_ne_mene_jamais_ailleurs(self, double, suite):
        client, verger, moulin = double
        champs = envoi(moulin, rattachement=verger.rattachement.pk, suite=suite)
        assert client.post("/compte/agir-pour/", champs)["Location"] == "/compte/"


class TestAncien:
    def test_une_session_ouverte_ne_survit_pas_au_role(self, lieux):
        gestionnaire = lieux.acteurs["gestionnaire"]
        client, adresse = lieux.client("gestionnaire"), f"/organismes/{lieux.verger.pk}/"
        assert client.get(adresse).status_code == 200
        rattachements.terminer(par=gestionnaire, rattachement=gestionnaire.rattachement)
        assert client.get(adresse).status_code == 404
        assert client.get(f"{adresse}membres/").status_code == 404
        # Le formulaire affiché avant son départ ne part plus.
        assert client.post(f"{adresse}inviter/", envoi(gestionnaire)).status_code == 409

    def test_une_session_ouverte_ne_survit_pas_au_compte(self, lieux):
        client = lieux.client("lecteur")
        Utilisateur.objects.filter(pk=lieux.acteurs["lecteur"].utilisateur.pk).update(
            is_active=False
        )
        assert client.get("/compte/")["Location"].startswith("/compte/connexion/")


class TestChiffre:
    def test_s_ouvre_pour_son_usage_seulement(self):
        coffre = chiffrer("un", "été")
        assert dechiffrer("un", coffre) == "été" and "été" not in coffre
        with pytest.raises(Illisible):
            dechiffrer("autre", coffre)

    def test_une_cle_changee_s_ouvre_avec_l_ancienne_gardee(self, settings):
        ancienne, coffre = settings.SECRET_KEY, chiffrer("un", "été")
        settings.SECRET_KEY = "n" * 60
        with pytest.raises(Illisible):
            dechiffrer("un", coffre)
        settings.SECRET_KEY_FALLBACKS = [ancienne]
        assert dechiffrer("un", coffre) == "été"

    def test_un_envoi_illisible_ne_fait_pas_tomber_la_page(self, lieux, settings):
        qui = lieux.acteurs["lecteur"]
        garde = garder_l_envoi(
            utilisateur=qui.utilisateur.pk, rattachement=None, adresse=NOM, champs={"a": ["b"]}
        )
        EnvoiGarde.objects.update(contenu="abîmé")
        page = lieux.client("lecteur").get(f"/compte/reprise/{garde.identifiant}/")
        assert page["Location"] == "/compte/"


def test_un_jeton_trop_vieux_ne_prouve_rien(monkeypatch):
    lieux = monde()
    champ = jetons.ecrire(lieux.acteurs["lecteur"])
    assert not jetons.lire(champ).est_perime
    monkeypatch.setattr(jetons, "DUREE", timedelta(seconds=-1))
    vieux = jetons.lire(champ)
    assert vieux.est_perime and not jetons.vaut_pour(vieux, lieux.acteurs["lecteur"])
    # Il ne prouve plus rien, mais le texte n'est pas perdu.
    perdu = envoi(lieux.acteurs["lecteur"], prenom="Zoé", nom="Lundi")
    assert "/compte/reprise/" in Client().post(NOM, perdu)["Location"]
