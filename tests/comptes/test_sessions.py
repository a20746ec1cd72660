"""Combien de temps une session dure, et ce que le navigateur a le droit d'en garder."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from parvis.comptes import jetons, middleware
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import EnvoiGarde
from parvis.comptes.urls import authentification
from tests.fabriques.authentification import Visiteur, code_recu, personne

pytestmark = pytest.mark.django_db
INES, AMINA = "ines@exemple.fr", "amina@exemple.fr"
MINUTE, HEURE = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ines():
    """Rend Inès, déjà entrée."""
    personne(INES)
    visiteur = Visiteur()
    visiteur.entrer_par_code(INES)
    return visiteur


@pytest.fixture
def horloge(monkeypatch):
    """Rend de quoi avancer l'heure que lit le middleware."""
    depart, ecart = timezone.now(), [timedelta()]

    class Horloge:
        @staticmethod
        def now():
            return depart + ecart[0]

        @staticmethod
        def avancer(duree):
            ecart[0] += duree

    monkeypatch.setattr(middleware, "timezone", Horloge)
    return Horloge


def est_dedans(visiteur) -> bool:
    visiteur.ouvrir("comptes:accueil")
    return visiteur.chemin == reverse("comptes:accueil")


class TestDuree:
    def test_sans_rien_faire_deux_heures_elle_se_ferme(self, ines, horloge):
        assert est_dedans(ines)
        horloge.avancer(2 * HEURE - MINUTE)
        assert est_dedans(ines)
        horloge.avancer(2 * HEURE + MINUTE)
        assert not est_dedans(ines)
        assert not ines.est_connecte

    def test_meme_active_elle_se_ferme_apres_douze_heures(self, ines, horloge):
        for _ in range(12):
            assert est_dedans(ines)
            horloge.avancer(HEURE - MINUTE)
        assert est_dedans(ines)
        horloge.avancer(13 * MINUTE)
        assert not est_dedans(ines)

    def test_les_deux_limites_se_reglent(self, ines, horloge, settings):
        settings.INACTIVITE_PERMISE, settings.DUREE_DE_SESSION = 10 * MINUTE, 15 * MINUTE
        assert est_dedans(ines)
        horloge.avancer(9 * MINUTE)
        assert est_dedans(ines)
        horloge.avancer(7 * MINUTE)
        assert not est_dedans(ines)

    def test_la_session_d_apres_repart_de_zero(self, ines, horloge):
        assert est_dedans(ines)
        horloge.avancer(3 * HEURE)
        assert not est_dedans(ines)
        ines.entrer_par_code(INES)
        assert est_dedans(ines)

    def test_le_temoin_change_a_l_entree_et_a_la_sortie(self):
        personne(INES)
        visiteur = Visiteur()
        visiteur.ouvrir("account_login")
        visiteur.envoyer(vers="account_request_login_code", email=INES)
        avant = visiteur.client.cookies["sessionid"].value
        visiteur.envoyer(code=code_recu(INES))
        pendant = visiteur.client.cookies["sessionid"].value
        assert avant != pendant
        visiteur.ouvrir("account_logout")
        visiteur.envoyer()
        assert visiteur.client.cookies["sessionid"].value != pendant

    def test_le_temoin_meurt_avec_le_navigateur_et_ne_se_lit_pas_en_javascript(self, ines):
        temoin = ines.client.cookies["sessionid"]
        assert temoin["max-age"] == ""
        assert temoin["httponly"] is True
        assert temoin["samesite"] == "Lax"


class TestCache:
    @pytest.mark.parametrize(
        "page",
        [
            *("comptes:accueil", "comptes:profil", "comptes:courriels", "comptes:trouver"),
            *("account_email", "account_set_password", "mfa_index", "mfa_activate_totp"),
            *("account_logout", "accueil:lexique", "accueil:mentions", "accueil:composants"),
            *("accueil:instance", "accueil:donnees"),
        ],
    )
    def test_une_page_vue_en_etant_connecte_ne_se_garde_pas(self, ines, page):
        assert ines.client.get(reverse(page))["Cache-Control"] == "private, no-store"

    def test_une_page_absente_non_plus(self, ines):
        assert ines.client.get("/rien/du/tout/")["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("page", [motif.name for motif in authentification.urlpatterns])
    def test_les_pages_d_entree_ne_se_gardent_jamais(self, page):
        assert "no-store" in Visiteur().client.get(reverse(page))["Cache-Control"]

    def test_sur_un_poste_partage_on_ne_voit_pas_la_page_d_avant(self, ines):
        personne(AMINA, prenom="Amina", nom="Traoré")
        assert b"In\xc3\xa8s Cohen" in ines.ouvrir("comptes:accueil").content
        ines.ouvrir("account_logout")
        ines.envoyer()
        for page in ("accueil:lexique", "account_login", "comptes:accueil"):
            assert b"Cohen" not in ines.ouvrir(page).content
        ines.entrer_par_code(AMINA)
        for page in ("comptes:accueil", "account_email", "accueil:lexique"):
            contenu = ines.ouvrir(page).content
            assert b"Amina" in contenu
            assert b"Cohen" not in contenu
            assert INES.encode() not in contenu


class TestGarde:
    """Le site garde une heure un formulaire envoyé trop tard : jamais un code ni un mot de passe."""

    @pytest.mark.parametrize("page", [motif.name for motif in authentification.urlpatterns])
    def test_rien_de_ce_qu_on_tape_ici_n_est_garde(self, page):
        utilisateur = personne(INES)
        secret = {
            "password": "secret",
            "password1": "secret",
            "oldpassword": "secret",
            "code": "123-456-789",
            jetons.CHAMP: jetons.ecrire(Acteur(utilisateur, None)),
        }
        Visiteur().client.post(reverse(page), secret)
        assert not EnvoiGarde.objects.exists()

    def test_un_autre_formulaire_l_est(self):
        utilisateur = personne(INES)
        jeton = jetons.ecrire(Acteur(utilisateur, None))
        Visiteur().client.post(reverse("comptes:profil"), {"nom": "Cohen", jetons.CHAMP: jeton})
        assert EnvoiGarde.objects.exists()

    def test_le_code_d_un_organisme_non_plus(self):
        """Lui aussi prouve que l'on lit une boîte de courriel."""
        utilisateur = personne(INES)
        jeton = jetons.ecrire(Acteur(utilisateur, None))
        envoi = {"code": "ABCD-2345", jetons.CHAMP: jeton}
        Visiteur().client.post(reverse("comptes:demande", args=[1]), envoi)
        assert not EnvoiGarde.objects.exists()
