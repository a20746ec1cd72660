"""Envoyer : ce que lit le destinataire, ce que répond le serveur, ce qu'il en reste."""

import re

import pytest
from django.core.checks import run_checks
from django.core.mail import EmailMessage
from django.urls import reverse

from parvis.courriels import actions, composition, rules
from parvis.courriels.checks import AUCUN_SERVEUR
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.execution import envoyer_les_dus
from parvis.courriels.jetons import JetonIllisible, jeton, lire_jeton
from parvis.courriels.models import Courriel
from tests.courriels.conftest import MATIN
from tests.courriels.serveur import port_libre, serveur

pytestmark = pytest.mark.django_db
MOI = "exécutant-1"
ADRESSE = "amina@tilleuls.example"


@pytest.fixture
def boite(settings):
    """Rend ce que reçoit un vrai serveur d'envoi, que l'instance utilise."""
    with serveur() as (recus, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.COURRIELS_PARTENT = True
        settings.ADRESSE = "https://contrat.agglo.example"
        settings.DEFAULT_FROM_EMAIL = "Contrat de ville <ne-pas-repondre@agglo.example>"
        yield recus


def envoyer() -> int:
    return envoyer_les_dus(executant=MOI)


def lien(texte: str) -> str:
    return re.search(r"https://contrat\.agglo\.example(/desabonnement/\S+)", texte).group(1)


class TestCeQueLitLeDestinataire:
    def test_un_code(self, boite, deposer):
        depose = deposer()
        assert envoyer() == 1
        (recu,) = boite.messages
        assert recu["To"] == ADRESSE
        assert recu["From"] == "Contrat de ville <ne-pas-repondre@agglo.example>"
        assert recu["Subject"] == "Votre code"
        assert recu["Message-ID"] == f"<{depose.identifiant}@agglo.example>"
        assert recu["Auto-Submitted"] == "auto-generated"
        assert recu["List-Unsubscribe"] is None
        texte = recu.get_content()
        assert texte.startswith("Bonjour,\n\nLe code est 123 456.\n\n")
        assert "Pourquoi ce message\u00a0?\nVous le recevez parce que cette adresse" in texte
        assert "Pour ne plus recevoir" not in texte
        assert [(p.get_content_type(), p.get_filename()) for p in recu.walk()] == [
            ("text/plain", None)
        ]

    def test_une_nouvelle_s_arrete_d_un_geste(self, boite, deposer):
        deposer(sujet=Sujet.PLATEFORME, texte="L’<disque> est plein & lent.")
        envoyer()
        (recu,) = boite.messages
        assert "L’<disque> est plein & lent." in recu.get_content()
        chemin = lien(recu.get_content())
        assert (
            recu["List-Unsubscribe"]
            .strip()
            .startswith("<https://contrat.agglo.example/desabonnement/")
        )
        assert recu["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert lire_jeton(chemin.split("/")[2]) == (ADRESSE, [Sujet.PLATEFORME])

    def test_un_resume_s_arrete_sujet_par_sujet_ou_tout_entier(self, boite, deposer):
        for sujet in (Sujet.ORGANISME, Sujet.RATTACHEMENT, Sujet.ORGANISME):
            deposer(sujet=sujet)
        actions.preparer_les_resumes()
        assert envoyer() == 1
        (recu,) = boite.messages
        assert recu.get_content().count("Pour ne plus recevoir") == 2
        chemin = lien(recu["List-Unsubscribe"].replace(" ", "").rstrip(">"))
        tous = [Sujet.RATTACHEMENT, Sujet.ORGANISME]
        assert lire_jeton(chemin.split("/")[2]) == (ADRESSE, tous)

    def test_le_texte_a_l_ecran_est_celui_qui_part(self, boite, deposer):
        depose = deposer(sujet=Sujet.PLATEFORME)
        texte = composition.texte_complet(depose)
        assert type(texte) is str, "un texte brut n'est jamais « sûr » pour l'écran"
        envoyer()
        sans_jeton = r"/desabonnement/\S+"
        assert re.sub(sans_jeton, "", boite.messages[0].get_content().strip()) == re.sub(
            sans_jeton, "", texte.strip()
        )


class TestCeQueRepondLeServeur:
    @pytest.mark.parametrize(
        ("reponse", "etat"),
        [("550 Boîte inconnue", Etat.ABANDONNE), ("450 Plus tard", Etat.A_ENVOYER)],
    )
    def test_un_destinataire_refuse(self, boite, deposer, reponse, etat):
        refuse = deposer(destinataire="parti@tilleuls.example")
        deposer()
        boite.refus = {"parti@tilleuls.example": reponse.replace("î", "i")}
        assert envoyer() == 1
        refuse.refresh_from_db()
        assert (refuse.etat, refuse.essais) == (etat, 1)
        assert reponse[:3] in refuse.erreur

    @pytest.mark.parametrize(
        ("reponse", "etat"),
        [("554 Indesirable", Etat.ABANDONNE), ("451 Plus tard", Etat.A_ENVOYER)],
    )
    def test_un_texte_refuse(self, boite, deposer, reponse, etat):
        depose = deposer()
        boite.refus_du_texte = reponse
        assert envoyer() == 0
        depose.refresh_from_db()
        assert (depose.etat, depose.erreur) == (etat, f"Le serveur refuse : {reponse}")

    def test_un_serveur_muet_n_use_qu_un_essai(self, boite, deposer, settings):
        settings.EMAIL_PORT = port_libre()
        premier, second = deposer(), deposer()
        assert envoyer() == 0
        premier.refresh_from_db()
        second.refresh_from_db()
        assert (premier.etat, premier.essais) == (Etat.A_ENVOYER, 1)
        assert "ne prend rien" in premier.erreur
        assert second.essais == 0

    def test_un_courriel_qui_ne_se_compose_pas_n_arrete_pas_les_autres(
        self, boite, deposer, monkeypatch
    ):
        faux = deposer(objet="Faux")
        deposer()
        composer = composition.message

        def message(courriel) -> EmailMessage:
            if courriel == faux:
                raise ValueError("lien perdu")
            return composer(courriel)

        monkeypatch.setattr("parvis.courriels.execution.message", message)
        assert envoyer() == 1
        faux.refresh_from_db()
        assert faux.erreur == "Le courriel ne se compose pas : lien perdu"

    def test_un_bail_perdu_pendant_l_envoi_se_dit(self, boite, deposer, monkeypatch, caplog):
        deposer()
        monkeypatch.setattr(actions, "noter_l_envoi", lambda **_: False)
        assert envoyer() == 1
        assert "partira peut-être deux fois" in caplog.text

    def test_un_tour_a_une_fin(self, boite, deposer):
        for _ in range(3):
            deposer()
        assert envoyer_les_dus(executant=MOI, limite=2) == 2
        assert len(boite.messages) == 2


class TestSansServeur:
    def test_hors_demonstration_rien_ne_part_et_rien_n_est_perdu(self, deposer, settings):
        settings.COURRIELS_PARTENT = False
        depose = deposer()
        assert envoyer() == 0
        depose.refresh_from_db()
        assert (depose.etat, depose.essais) == (Etat.A_ENVOYER, 0)

    def test_en_demonstration_il_est_dit_envoye_et_reste_lisible(self, deposer, settings):
        settings.COURRIELS_PARTENT = settings.DEMONSTRATION = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        deposer()
        assert envoyer() == 1
        envoye = Courriel.objects.get()
        assert envoye.etat == Etat.ENVOYE
        assert "123 456" in composition.texte_complet(envoye)

    @pytest.mark.parametrize("partent", [True, False])
    def test_check_deploy_previent(self, settings, partent):
        settings.COURRIELS_PARTENT = partent
        assert (AUCUN_SERVEUR in run_checks(include_deployment_checks=True)) is not partent


class TestJetons:
    def test_un_jeton_dit_l_adresse_et_ses_sujets(self):
        assert lire_jeton(jeton(ADRESSE, [Sujet.ORGANISME])) == (ADRESSE, [Sujet.ORGANISME])

    @pytest.mark.parametrize("sujets", [[], [Sujet.SECURITE], ["publicite"]])
    def test_un_jeton_qui_n_arrete_rien_est_illisible(self, sujets):
        with pytest.raises(JetonIllisible):
            lire_jeton(jeton(ADRESSE, sujets))

    @pytest.mark.parametrize("faux", ["", "x", "a:b:c"])
    def test_un_jeton_fait_ailleurs_est_illisible(self, faux):
        with pytest.raises(JetonIllisible):
            lire_jeton(faux)

    def test_un_jeton_coupe_est_illisible(self):
        with pytest.raises(JetonIllisible):
            lire_jeton(jeton(ADRESSE, [Sujet.ORGANISME])[:-1])

    def test_un_jeton_tient_dans_une_adresse(self):
        long = jeton(f"{'a' * 64}@{'b' * 180}.example", rules.desabonnables(Sujet))
        assert reverse("accueil:desabonnement", args=[long]).endswith(f"{long}/")


def test_rien_n_est_du_avant_l_heure(boite, deposer):
    depose = deposer()
    Courriel.objects.filter(pk=depose.pk).update(prochain_essai_le=MATIN.replace(year=2099))
    assert envoyer() == 0
    assert boite.messages == []
