"""Entrer : créer un compte, un code, un mot de passe, un second facteur ; et sortir."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from parvis.comptes.models import Utilisateur
from parvis.courriels.models import Courriel
from tests.fabriques.authentification import (
    MOT_DE_PASSE,
    Visiteur,
    code_du_telephone,
    code_recu,
    dernier,
    personne,
)

pytestmark = pytest.mark.django_db
INES, SUITE = "ines@exemple.fr", "/organismes/?q=verger"
EN_ARRIVANT = {"prenom": "Inès", "nom": "Cohen", "email": INES}


@pytest.fixture
def visiteur():
    return Visiteur()


@pytest.fixture
def commettre(django_capture_on_commit_callbacks):
    """Joue ce qui attend la fin de la transaction : les avis du second facteur."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def activer_le_second_facteur(visiteur, commettre) -> str:
    """Active le second facteur d'un visiteur connecté ; rend la clé."""
    visiteur.ouvrir("mfa_activate_totp")
    secret = visiteur.page.context["form"].secret
    with commettre():
        visiteur.envoyer(code=code_du_telephone(secret))
    return secret


class TestInscription:
    def test_par_code_seul(self, visiteur):
        visiteur.ouvrir("account_signup", next=SUITE)
        visiteur.envoyer(**EN_ARRIVANT)
        assert visiteur.chemin == reverse("account_email_verification_sent")
        assert not visiteur.est_connecte
        visiteur.envoyer(code=code_recu(INES))
        assert visiteur.est_connecte
        assert visiteur.chemin + "?q=verger" == SUITE
        ines = Utilisateur.objects.get()
        assert (str(ines), ines.courriel, ines.has_usable_password()) == ("Inès Cohen", INES, False)

    def test_avec_un_mot_de_passe(self, visiteur):
        visiteur.ouvrir("account_signup")
        visiteur.envoyer(**EN_ARRIVANT, password1=MOT_DE_PASSE)
        visiteur.envoyer(code=code_recu(INES))
        # La session survit au mot de passe posé à l'entrée.
        assert visiteur.ouvrir("comptes:accueil").status_code == 200
        assert visiteur.chemin == reverse("comptes:accueil")
        autre = Visiteur()
        autre.entrer_par_mot_de_passe(INES)
        assert autre.est_connecte

    def test_qui_prend_l_adresse_d_une_autre_n_y_laisse_pas_son_mot_de_passe(self, visiteur):
        visiteur.ouvrir("account_signup")
        visiteur.envoyer(**EN_ARRIVANT, password1=MOT_DE_PASSE)
        ines = Visiteur()
        ines.entrer_par_code(INES)
        assert ines.est_connecte
        intrus = Visiteur()
        intrus.entrer_par_mot_de_passe(INES)
        assert not intrus.est_connecte

    def test_un_code_faux_ne_passe_pas_et_les_essais_sont_comptes(self, visiteur):
        visiteur.ouvrir("account_signup")
        visiteur.envoyer(**EN_ARRIVANT)
        bon = code_recu(INES)
        for _ in range(2):
            visiteur.envoyer(code="000-000-000")
            assert visiteur.page.status_code == 422
            assert "Ce code n’est pas le bon" in visiteur.texte
        visiteur.envoyer(code="000-000-000")
        assert "Trop d’essais" in visiteur.texte
        visiteur.client.post(reverse("account_email_verification_sent"), {"code": bon})
        assert not visiteur.est_connecte

    def test_renvoyer_un_code_rend_l_ancien_inutile(self, visiteur):
        visiteur.ouvrir("account_signup")
        visiteur.envoyer(**EN_ARRIVANT)
        ancien = code_recu(INES)
        # Dix secondes séparent deux envois : on efface le compteur plutôt que d'attendre.
        cache.clear()
        visiteur.envoyer(action="resend")
        assert Courriel.objects.count() == 2
        visiteur.envoyer(code=ancien)
        assert not visiteur.est_connecte
        visiteur.envoyer(code=code_recu(INES))
        assert visiteur.est_connecte

    @pytest.mark.parametrize(
        ("faute", "phrase"),
        [
            ({"email": "ines"}, "Adresse de courriel : "),
            ({"prenom": ""}, "Prénom"),
            ({"password1": "court"}, "12 caractères"),
            ({"password1": "password1234"}, "courant"),
        ],
    )
    def test_une_faute_se_dit_a_sa_place(self, visiteur, faute, phrase):
        visiteur.ouvrir("account_signup")
        visiteur.envoyer(**(EN_ARRIVANT | faute))
        assert visiteur.page.status_code == 422
        assert phrase in visiteur.texte
        assert not Utilisateur.objects.exists()


class TestConnexion:
    def test_par_code(self, visiteur):
        personne(INES)
        visiteur.entrer_par_code(INES, next=SUITE)
        assert visiteur.est_connecte
        assert visiteur.chemin + "?q=verger" == SUITE

    def test_un_code_ne_sert_qu_une_fois(self, visiteur):
        personne(INES)
        visiteur.entrer_par_code(INES)
        code = code_recu(INES)
        visiteur.client.logout()
        visiteur.ouvrir("account_confirm_login_code")
        assert visiteur.chemin == reverse("account_request_login_code")
        visiteur.client.post(reverse("account_confirm_login_code"), {"code": code})
        assert not visiteur.est_connecte

    def test_le_code_d_un_autre_navigateur_ne_vaut_rien(self, visiteur):
        personne(INES)
        visiteur.ouvrir("account_login")
        visiteur.envoyer(vers="account_request_login_code", email=INES)
        intrus = Visiteur()
        intrus.ouvrir("account_login")
        intrus.envoyer(vers="account_request_login_code", email=INES)
        premier = Courriel.objects.earliest("depose_le", "pk").texte.split("\n")[2]
        intrus.envoyer(code=premier)
        assert not intrus.est_connecte

    def test_les_essais_de_code_sont_comptes(self, visiteur):
        personne(INES)
        visiteur.ouvrir("account_login")
        visiteur.envoyer(vers="account_request_login_code", email=INES)
        for _ in range(3):
            visiteur.envoyer(code="000-000-000")
        assert "Trop d’essais" in visiteur.texte
        visiteur.client.post(reverse("account_confirm_login_code"), {"code": code_recu(INES)})
        assert not visiteur.est_connecte

    def test_un_code_perime_ne_passe_plus(self, visiteur, settings):
        personne(INES)
        visiteur.ouvrir("account_login")
        visiteur.envoyer(vers="account_request_login_code", email=INES)
        session = visiteur.client.session
        session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 15 * 60 + 1
        session.save()
        visiteur.envoyer(code=code_recu(INES))
        assert not visiteur.est_connecte

    def test_par_mot_de_passe(self, visiteur):
        personne(INES, mot_de_passe=MOT_DE_PASSE)
        visiteur.entrer_par_mot_de_passe(INES, next=SUITE)
        assert visiteur.est_connecte
        assert visiteur.chemin + "?q=verger" == SUITE

    def test_un_compte_ferme_ne_s_ouvre_plus(self, visiteur):
        ines = personne(INES, mot_de_passe=MOT_DE_PASSE, is_active=False)
        visiteur.entrer_par_mot_de_passe(INES)
        assert not visiteur.est_connecte
        assert "fermé" in visiteur.texte
        assert not ines.is_active

    @pytest.mark.parametrize(
        "ailleurs",
        [
            "https://exemple.org/",
            "//exemple.org",
            "javascript:alert(1)",
            "https:///exemple.org",
            "\\\\exemple.org",
        ],
    )
    @pytest.mark.parametrize("facon", ["entrer_par_code", "entrer_par_mot_de_passe"])
    def test_on_n_est_pas_mene_ailleurs(self, visiteur, facon, ailleurs):
        personne(INES, mot_de_passe=MOT_DE_PASSE)
        getattr(visiteur, facon)(INES, next=ailleurs)
        assert visiteur.est_connecte
        assert visiteur.chemin == reverse("comptes:accueil")

    def test_sortir_ferme_la_session(self, visiteur):
        personne(INES)
        visiteur.entrer_par_code(INES)
        cle = visiteur.client.session.session_key
        visiteur.ouvrir("account_logout")
        visiteur.envoyer()
        assert not visiteur.est_connecte
        visiteur.client.cookies["sessionid"] = cle
        assert visiteur.ouvrir("comptes:accueil").request["PATH_INFO"] == reverse("account_login")


class TestSecondFacteur:
    def test_il_est_demande_apres_le_code_et_mene_ou_l_on_allait(self, visiteur, commettre):
        personne(INES)
        visiteur.entrer_par_code(INES)
        secret = activer_le_second_facteur(visiteur, commettre)
        assert "codes de secours" in visiteur.texte
        assert "second facteur" in dernier(INES).objet
        autre = Visiteur()
        autre.entrer_par_code(INES, next=SUITE)
        assert autre.chemin == reverse("mfa_authenticate")
        assert not autre.est_connecte
        autre.envoyer(code="000000")
        assert not autre.est_connecte
        # Un code de téléphone ne sert qu'une fois : celui de la période suivante.
        autre.envoyer(code=code_du_telephone(secret, decalage=1))
        assert autre.est_connecte
        assert autre.chemin + "?q=verger" == SUITE

    def test_un_code_de_secours_remplace_le_telephone_une_fois(self, visiteur, commettre):
        personne(INES, mot_de_passe=MOT_DE_PASSE)
        visiteur.entrer_par_mot_de_passe(INES)
        visiteur.ouvrir("mfa_activate_totp")
        # Ce compte a un mot de passe : il est redemandé avant un changement important.
        assert visiteur.chemin == reverse("account_reauthenticate")
        visiteur.envoyer(password=MOT_DE_PASSE)
        activer_le_second_facteur(visiteur, commettre)
        secours = visiteur.page.context["unused_codes"][0]
        for attendu in (True, False):
            autre = Visiteur()
            autre.entrer_par_mot_de_passe(INES)
            autre.envoyer(code=secours)
            assert autre.est_connecte is attendu

    def test_le_secret_ne_se_lit_pas_dans_la_base(self, visiteur, commettre):
        personne(INES)
        visiteur.entrer_par_code(INES)
        secret = activer_le_second_facteur(visiteur, commettre)
        secours = visiteur.page.context["unused_codes"]
        gardes = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert Authenticator.objects.count() == 2
        assert secret not in gardes
        assert not any(code in gardes for code in secours)
        assert secret not in str(dict(visiteur.client.session))

    def test_trop_de_codes_faux_arretent_les_essais_d_ou_qu_ils_viennent(self, visiteur, commettre):
        personne(INES)
        visiteur.entrer_par_code(INES)
        secret = activer_le_second_facteur(visiteur, commettre)
        for ip, essais in (("198.51.100.1", 3), ("198.51.100.2", 3)):
            autre = Visiteur(ip)
            autre.entrer_par_code(INES)
            for _ in range(essais):
                autre.envoyer(code="000000")
        assert "Trop d’essais" in autre.texte
        autre.envoyer(code=code_du_telephone(secret, decalage=1))
        assert not autre.est_connecte

    def test_le_retirer_demande_le_code_et_previent(self, visiteur, commettre):
        personne(INES)
        visiteur.entrer_par_code(INES)
        secret = activer_le_second_facteur(visiteur, commettre)
        autre = Visiteur()
        autre.entrer_par_code(INES)
        autre.envoyer(code=code_du_telephone(secret, decalage=1))
        autre.ouvrir("mfa_deactivate_totp")
        session = autre.client.session
        for trace in session["account_authentication_methods"]:
            trace["at"] -= 3600
        session.save()
        autre.ouvrir("mfa_deactivate_totp")
        assert autre.chemin == reverse("mfa_reauthenticate")
        autre.envoyer(code=code_du_telephone(secret, decalage=-1))
        assert autre.chemin == reverse("mfa_deactivate_totp")
        autre.envoyer()
        assert not Authenticator.objects.exists()
        assert "retiré" in dernier(INES).objet

    def test_ses_codes_se_telechargent_et_se_refont(self, visiteur, commettre):
        personne(INES)
        visiteur.entrer_par_code(INES)
        activer_le_second_facteur(visiteur, commettre)
        anciens = visiteur.page.context["unused_codes"]
        fichier = visiteur.client.get(reverse("mfa_download_recovery_codes"))
        assert fichier["Content-Disposition"] == 'attachment; filename="codes-de-secours.txt"'
        texte = fichier.content.decode()
        assert all(f"{code[:4]} {code[4:]}" in texte for code in anciens)
        visiteur.ouvrir("mfa_generate_recovery_codes")
        with commettre():
            visiteur.envoyer()
        assert set(visiteur.page.context["unused_codes"]).isdisjoint(anciens)


class TestMotDePasseEtAdresse:
    def test_oublie_il_se_refait_par_un_code(self, visiteur):
        personne(INES, mot_de_passe=MOT_DE_PASSE)
        ouverte = Visiteur()
        ouverte.entrer_par_mot_de_passe(INES)
        visiteur.ouvrir("account_reset_password")
        visiteur.envoyer(email=INES)
        visiteur.envoyer(code=code_recu(INES))
        nouveau = "encore quatre autres mots"
        visiteur.envoyer(password1=nouveau, password2=nouveau)
        assert "changé" in visiteur.texte
        assert dernier(INES).objet == "Votre mot de passe a changé"
        # Les sessions ouvertes avec l'ancien mot de passe se ferment.
        assert ouverte.ouvrir("comptes:accueil").request["PATH_INFO"] == reverse("account_login")
        for mot_de_passe, entre in ((MOT_DE_PASSE, False), (nouveau, True)):
            autre = Visiteur()
            autre.entrer_par_mot_de_passe(INES, mot_de_passe)
            assert autre.est_connecte is entre

    def test_oublie_ce_qu_on_allait_faire_ne_se_perd_pas(self, visiteur):
        personne(INES)
        visiteur.ouvrir("account_reset_password", next=SUITE)
        visiteur.envoyer(email=INES)
        visiteur.envoyer(code=code_recu(INES))
        visiteur.envoyer(password1=MOT_DE_PASSE, password2=MOT_DE_PASSE)
        visiteur.envoyer(login=INES, password=MOT_DE_PASSE)
        assert visiteur.chemin + "?q=verger" == SUITE

    def test_se_choisit_puis_se_change(self, visiteur):
        ines = personne(INES)
        visiteur.entrer_par_code(INES)
        visiteur.ouvrir("account_set_password")
        visiteur.envoyer(password1=MOT_DE_PASSE, password2=MOT_DE_PASSE)
        assert visiteur.chemin == reverse("comptes:accueil")
        assert "enregistré" in visiteur.texte
        assert dernier(INES).objet == "Votre compte a un mot de passe"
        visiteur.ouvrir("account_change_password")
        nouveau = "encore quatre autres mots"
        visiteur.envoyer(oldpassword="faux", password1=nouveau, password2=nouveau)
        assert visiteur.page.status_code == 422
        visiteur.envoyer(oldpassword=MOT_DE_PASSE, password1=nouveau, password2=nouveau)
        assert visiteur.est_connecte
        ines.refresh_from_db()
        assert ines.check_password(nouveau)

    def test_l_adresse_change_par_un_code_et_l_ancienne_est_prevenue(self, visiteur):
        ines = personne(INES)
        visiteur.entrer_par_code(INES)
        nouvelle = "ines.cohen@exemple.fr"
        visiteur.ouvrir("account_email")
        visiteur.envoyer(email=nouvelle)
        ines.refresh_from_db()
        assert ines.courriel == INES
        visiteur.envoyer(code=code_recu(nouvelle))
        ines.refresh_from_db()
        assert ines.courriel == nouvelle
        assert visiteur.chemin == reverse("comptes:accueil")
        assert nouvelle in dernier(INES).texte
        autre = Visiteur()
        autre.entrer_par_code(nouvelle)
        assert autre.est_connecte

    def test_l_adresse_d_une_autre_ne_se_prend_pas(self, visiteur):
        ines = personne(INES)
        personne("amina@exemple.fr")
        visiteur.entrer_par_code(INES)
        visiteur.ouvrir("account_email")
        visiteur.envoyer(email="amina@exemple.fr")
        assert visiteur.chemin == reverse("account_email_verification_sent")
        visiteur.envoyer(code=code_recu("amina@exemple.fr"))
        ines.refresh_from_db()
        assert ines.courriel == INES
