"""La page d'un organisme : la trouver, la créer, la tenir ; deux écritures croisées."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parvis.comptes.actions.organismes import EcrituresCroisees, modifier_l_organisme
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.organismes import etat_de
from parvis.connecteurs.recherche_entreprises import faux_serveur
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.organismes.actions.saisie import creer, modifier
from parvis.organismes.models import Organisme
from tests.fabriques.comptes import Monde, envoi, monde, personne, rattachement
from tests.fabriques.fils import dans_des_fils

pytestmark = pytest.mark.django_db


def valeurs_de(page: bytes) -> dict[str, str]:
    """Rend ce que le formulaire de la page enverrait, sans les cases."""
    html = page.decode()
    champs = dict(
        re.findall(r'<input type="(?:text|email|url|hidden)" name="(\w+)" value="([^"]*)"', html)
    )
    champs |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL))
    for nom, corps in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        choisi = re.search(r'<option value="([^"]*)" selected', corps)
        champs[nom] = choisi.group(1) if choisi else ""
    return champs


class TestTrouver:
    def test_par_le_nom_avec_une_faute(self, lieux):
        page = lieux.client("inscrit").get("/organismes/?q=amis du vergé").content.decode()
        assert "Les Amis du Verger" in page

    def test_dans_le_registre_seulement_si_on_le_demande(self, lieux, settings):
        with faux_serveur.demarre("normal") as serveur:
            settings.RECHERCHE_ENTREPRISES = serveur.adresse
            client = lieux.client("inscrit")
            assert "Créer sa page" not in client.get("/organismes/?q=verger").content.decode()
            page = client.get("/organismes/?q=verger&registre=oui").content.decode()
            assert "Créer sa page" in page

    def test_sans_reseau_l_ecran_continue(self, lieux, settings):
        settings.RECHERCHE_ENTREPRISES = ""
        page = lieux.client("inscrit").get("/organismes/?q=verger&registre=oui")
        assert page.status_code == 200
        assert "Les Amis du Verger" in page.content.decode()
        assert "Le registre ne répond pas" in page.content.decode()


class TestCreer:
    def creer(self, lieux, **champs):
        valeurs = {"nom": "Le Four commun", "nature": "association"}
        return lieux.client("inscrit").post(
            "/organismes/nouveau/", envoi(lieux.acteurs["inscrit"], **(valeurs | champs))
        )

    def test_cree_et_ouvre_la_page(self, lieux):
        reponse = self.creer(lieux, siret="732 829 320 00074")
        cree = Organisme.objects.get(nom="Le Four commun")
        assert reponse["Location"] == f"/organismes/{cree.pk}/"
        assert (cree.siret, cree.siren) == ("73282932000074", "732829320")

    def test_un_numero_faux_se_dit_et_rien_ne_se_perd(self, lieux):
        reponse = self.creer(lieux, siret="732 829 320 00075", adresse="1 rue du Four")
        page = reponse.content.decode()
        assert reponse.status_code == 422
        assert "derniers chiffres" in page and "1 rue du Four" in page
        assert not Organisme.objects.filter(nom="Le Four commun").exists()

    def test_un_organisme_qui_ressemble_se_montre_d_abord(self, lieux):
        reponse = self.creer(lieux, nom="Amis du verger")
        page = reponse.content.decode()
        assert reponse.status_code == 422 and "Il existe peut-être déjà" in page
        assert f"/organismes/{lieux.verger.pk}/rejoindre/" in page
        assert self.creer(lieux, nom="Amis du verger", est_different="on").status_code == 302

    def test_le_registre_remplit_le_formulaire(self, lieux, settings):
        with faux_serveur.demarre("normal") as serveur:
            settings.RECHERCHE_ENTREPRISES = serveur.adresse
            from parvis.connecteurs.recherche_entreprises import chercher_un_nom

            trouvee = chercher_un_nom("verger")[0]
            page = lieux.client("inscrit").get(f"/organismes/nouveau/?numero={trouvee.siret}")
            assert valeurs_de(page.content)["siret"] == trouvee.siret


class TestModifier:
    def ouvrir(self, lieux, nom="gestionnaire"):
        client = lieux.client(nom)
        page = client.get(f"/organismes/{lieux.verger.pk}/modifier/")
        return client, valeurs_de(page.content)

    def envoyer(self, lieux, client, champs, nom="gestionnaire", **changes):
        envoye = champs | envoi(lieux.acteurs[nom]) | changes
        return client.post(f"/organismes/{lieux.verger.pk}/modifier/", envoye)

    def test_enregistre_et_annonce_aux_autres(self, lieux):
        client, champs = self.ouvrir(lieux)
        reponse = self.envoyer(
            lieux, client, champs, telephone="01 99 00 12 34", alias="Vergers\nAmis"
        )
        assert reponse.status_code == 302
        lieux.verger.refresh_from_db()
        assert lieux.verger.telephone == "01 99 00 12 34"
        assert [a.nom for a in lieux.verger.alias.order_by("nom")] == ["Amis", "Vergers"]
        adresses = set(
            Courriel.objects.filter(sujet="organisme").values_list("destinataire", flat=True)
        )
        assert "lecteur@exemple.fr" in adresses and "gestionnaire@exemple.fr" not in adresses

    def test_ne_rien_changer_n_ecrit_rien(self, lieux):
        client, champs = self.ouvrir(lieux)
        # La fabrique n'a pas la clé de tri de l'action : un premier envoi la pose.
        self.envoyer(lieux, client, champs)
        avant = Evenement.objects.count()
        client, champs = self.ouvrir(lieux)
        assert self.envoyer(lieux, client, champs).status_code == 302
        assert Evenement.objects.count() == avant

    def test_deux_ecritures_sur_des_lignes_differentes_se_reunissent(self, lieux):
        client, champs = self.ouvrir(lieux)
        autre, siens = self.ouvrir(lieux, "administrateur")
        self.envoyer(lieux, autre, siens, "administrateur", telephone="01 99 00 00 01")
        assert self.envoyer(lieux, client, champs, sigle="ADV").status_code == 302
        lieux.verger.refresh_from_db()
        assert (lieux.verger.telephone, lieux.verger.sigle) == ("01 99 00 00 01", "ADV")

    def test_deux_ecritures_sur_la_meme_ligne_se_montrent(self, lieux):
        client, champs = self.ouvrir(lieux)
        autre, siens = self.ouvrir(lieux, "administrateur")
        self.envoyer(lieux, autre, siens, "administrateur", sigle="LUI", adresse="2 rue Basse")
        reponse = self.envoyer(lieux, client, champs, sigle="MOI")
        page = reponse.content.decode()
        assert reponse.status_code == 409
        assert "LUI" in page and 'value="MOI"' in page and "2 rue Basse" in page
        lieux.verger.refresh_from_db()
        assert lieux.verger.sigle == "LUI"
        # Renvoyé tel quel, en connaissance de cause, le texte s'enregistre.
        assert self.envoyer(lieux, client, valeurs_de(reponse.content)).status_code == 302
        lieux.verger.refresh_from_db()
        assert (lieux.verger.sigle, lieux.verger.adresse) == ("MOI", "2 rue Basse")

    def test_un_depart_falsifie_est_refuse(self, lieux):
        client, champs = self.ouvrir(lieux)
        assert self.envoyer(lieux, client, champs, depart="faux").status_code == 422


CROISEES = 50


def verger_croise(_rang: int) -> tuple[Monde, Organisme]:
    lieux = monde()
    par = lieux.acteurs["administrateur"]
    return lieux, creer(par=par, nom="Verger croisé", nature="association")


Ecrire = Callable[[Monde, Organisme, dict[str, Any], int], object]


def reunir_les_noms(lieux: Monde, verger: Organisme, depart: dict[str, Any], rang: int) -> None:
    saisie = {**depart, "alias": [f"Nom numéro {rang}"]}
    par = lieux.acteurs["administrateur"]
    modifier_l_organisme(par=par, organisme=verger, depart=depart, saisie=saisie)


def ecraser_les_noms(lieux: Monde, verger: Organisme, depart: dict[str, Any], rang: int) -> None:
    """Écrit sans comparer à l'état de départ : le dernier a raison."""
    with transaction.atomic():
        courant = Organisme.objects.select_for_update().get(pk=verger.pk)
        modifier(
            par=lieux.acteurs["administrateur"],
            organisme=courant,
            version=courant.version,
            valeurs={"alias": [f"Nom numéro {rang}"]},
        )


def noms_apres(ecrire: Ecrire) -> list[str]:
    """Lance cinquante écritures parties du même état ; rend les noms qui restent à la fin."""
    ((lieux, verger),) = dans_des_fils(verger_croise, 1)
    (depart,) = dans_des_fils(lambda _: etat_de(verger), 1)
    ensemble = threading.Barrier(CROISEES, timeout=60)

    def mener(rang: int) -> None:
        ensemble.wait()
        ecrire(lieux, verger, depart, rang)

    dans_des_fils(mener, CROISEES)
    (etat,) = dans_des_fils(lambda _: etat_de(Organisme.objects.get(pk=verger.pk)), 1)
    return etat["alias"]


@pytest.mark.django_db(transaction=True)
def test_cinquante_ecritures_croisees_sont_toutes_la(base_partagee):
    assert len(noms_apres(reunir_les_noms)) == CROISEES


@pytest.mark.django_db(transaction=True)
def test_temoin_qui_ecrase_perd_des_ecritures(base_partagee):
    assert len(noms_apres(ecraser_les_noms)) < CROISEES


def test_le_meme_champ_change_par_deux_est_refuse(lieux):
    par, depart = lieux.acteurs["gestionnaire"], etat_de(lieux.verger)
    ecrire = {"par": par, "organisme": lieux.verger, "depart": depart}
    modifier_l_organisme(saisie=depart | {"sigle": "UN"}, **ecrire)
    with pytest.raises(EcrituresCroisees) as croisees:
        modifier_l_organisme(saisie=depart | {"sigle": "DEUX"}, **ecrire)
    assert croisees.value.reunion.conflits == ["sigle"]
    assert croisees.value.courant["sigle"] == "UN"


@pytest.mark.parametrize("page", ["", "membres/", "modifier/"])
def test_le_nombre_de_requetes_ne_suit_pas_celui_des_membres(lieux, page):
    comptes = []
    for _ in (1, 3, 50):
        for rang in range(Rattachement.objects.count(), Rattachement.objects.count() + 20):
            rattachement(personne(f"Membre{rang}"), lieux.verger, "lecteur")
        client = lieux.client("gestionnaire")
        client.get("/compte/")
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(f"/organismes/{lieux.verger.pk}/{page}").status_code == 200
        comptes.append(len(requetes))
    assert len(set(comptes)) == 1 and comptes[0] <= 20
