"""Se désabonner sans compte ni témoin ; lire les courriels, en démonstration seulement."""

import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from parvis.courriels import actions, queries
from parvis.courriels.enums import Frequence, Sujet
from parvis.courriels.jetons import jeton
from parvis.courriels.models import Courriel, Preference

pytestmark = pytest.mark.django_db
ADRESSE = "amina.traore@tilleuls.example"


def desabonnement(*sujets: str, adresse: str = ADRESSE) -> str:
    return reverse("accueil:desabonnement", args=[jeton(adresse, sujets)])


@pytest.fixture
def messagerie():
    """Rend la messagerie qui poste d'un geste (RFC 8058) : ni témoin, ni page d'origine."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def depose():
    with transaction.atomic():
        return actions.deposer(
            destinataire=ADRESSE,
            sujet=Sujet.SECURITE,
            objet="Votre code <script>",
            texte="Le code est <b>123 456</b>. Voir https://contrat.agglo.example/aide/",
        )


class TestDesabonnement:
    def test_la_page_dit_ce_qui_s_arreterait_sans_rien_arreter(self, client):
        page = client.get(desabonnement(Sujet.ORGANISME, Sujet.RATTACHEMENT))
        assert "Changements de la fiche de votre organisme" in page.content.decode()
        assert "Arrivées, départs" in page.content.decode()
        assert not Preference.objects.exists()

    def test_l_adresse_n_est_jamais_montree_en_entier(self, client):
        chemin = desabonnement(Sujet.ORGANISME)
        for page in (client.get(chemin), client.post(chemin)):
            assert "a•••@t•••.example" in page.content.decode()
            assert "amina.traore" not in page.content.decode()
            assert "tilleuls" not in page.content.decode()
            assert "no-store" in page["Cache-Control"]

    def test_un_geste_suffit_sans_temoin_ni_renvoi(self, messagerie):
        reponse = messagerie.post(desabonnement(Sujet.ORGANISME), {"List-Unsubscribe": "One-Click"})
        assert reponse.status_code == 200
        assert "C’est fait" in reponse.content.decode()
        assert queries.frequence(ADRESSE, Sujet.ORGANISME) == Frequence.JAMAIS
        assert queries.frequence(ADRESSE, Sujet.RATTACHEMENT) == Frequence.QUOTIDIEN

    def test_refaire_ne_change_rien(self, messagerie):
        for _ in range(2):
            messagerie.post(desabonnement(Sujet.ORGANISME))
        assert Preference.objects.count() == 1

    @pytest.mark.parametrize("methode", ["get", "post"])
    @pytest.mark.parametrize("sujets", [(), (Sujet.SECURITE,)])
    def test_un_mauvais_jeton_repond_comme_une_page_absente(self, client, methode, sujets):
        absente = client.get("/rien/du/tout/")
        reponse = getattr(client, methode)(desabonnement(*sujets))
        assert reponse.status_code == 404
        assert reponse.content == absente.content
        assert not Preference.objects.exists()

    def test_un_jeton_retouche_n_arrete_rien_pour_un_autre(self, client):
        signature = desabonnement(Sujet.ORGANISME).split(":", 1)[1]
        autre = desabonnement(Sujet.ORGANISME, adresse="autre@x.example").split(":", 1)[0]
        assert client.post(f"{autre}:{signature}").status_code == 404
        assert not Preference.objects.exists()

    @pytest.mark.parametrize("methode", ["put", "patch", "delete"])
    def test_rien_d_autre_n_y_est_permis(self, client, methode):
        assert getattr(client, methode)(desabonnement(Sujet.ORGANISME)).status_code == 405


class TestDemonstration:
    @pytest.fixture(autouse=True)
    def _en_demonstration(self, settings):
        settings.DEMONSTRATION = True

    def test_chaque_courriel_se_lit_tel_qu_il_part(self, client, depose):
        liste = client.get(reverse("accueil:courriels")).content.decode()
        assert "Votre code &lt;script&gt;" in liste
        chemin = reverse("accueil:courriel", args=[depose.identifiant])
        assert chemin in liste
        lettre = client.get(chemin).content.decode()
        assert "&lt;b&gt;123 456&lt;/b&gt;" in lettre
        assert 'href="https://contrat.agglo.example/aide/"' in lettre
        assert "Pourquoi ce message" in lettre

    def test_la_liste_se_limite_a_une_adresse(self, client, depose):
        chemin = reverse("accueil:courriels")
        assert "Votre code" in client.get(chemin, {"adresse": ADRESSE.upper()}).content.decode()
        autre = client.get(chemin, {"adresse": "autre@x.example"}).content.decode()
        assert "Votre code" not in autre
        assert "Aucun courriel" in autre

    def test_un_message_repris_mene_a_son_resume(self, client):
        with transaction.atomic():
            repris = actions.deposer(
                destinataire=ADRESSE, sujet=Sujet.ORGANISME, objet="Une nouvelle", texte="x"
            )
        Courriel.objects.update(depose_le="2015-06-01T00:00Z")
        actions.preparer_les_resumes()
        resume = Courriel.objects.get(sujet=Sujet.RESUME)
        lettre = client.get(reverse("accueil:courriel", args=[repris.identifiant]))
        assert reverse("accueil:courriel", args=[resume.identifiant]) in lettre.content.decode()

    def test_la_liste_coute_toujours_autant(self, client, depose, django_assert_num_queries):
        chemin = reverse("accueil:courriels")
        with django_assert_num_queries(1):
            client.get(chemin)
        for rang in range(3):
            Courriel.objects.create(
                destinataire=f"{rang}@x.example",
                sujet=Sujet.SECURITE,
                frequence=Frequence.IMMEDIAT,
                depose_le=depose.depose_le,
                prochain_essai_le=depose.depose_le,
            )
        with django_assert_num_queries(1):
            client.get(chemin)

    def test_un_courriel_absent(self, client):
        assert client.get(reverse("accueil:courriel", args=[uuid.uuid4()])).status_code == 404


def test_hors_demonstration_ces_pages_n_existent_pas(client, depose):
    absente = client.get("/rien/du/tout/")
    for chemin in (
        reverse("accueil:courriels"),
        reverse("accueil:courriel", args=[depose.identifiant]),
    ):
        reponse = client.get(chemin)
        assert reponse.status_code == 404
        assert reponse.content == absente.content
