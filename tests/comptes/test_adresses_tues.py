"""Aucune réponse ne dit si une adresse a un compte ; les essais sont comptés pour tous pareil."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.courriels.models import Courriel
from tests.fabriques.authentification import MOT_DE_PASSE, Visiteur, personne

pytestmark = pytest.mark.django_db
# De même longueur : la page les montre, et seul le nom doit pouvoir les distinguer.
CONNUE, SANS_MOT_DE_PASSE, FERMEE, INCONNUE = (
    f"{nom}@exemple.fr" for nom in ("ines", "rose", "paul", "zoee")
)
COMPTES = [CONNUE, SANS_MOT_DE_PASSE, FERMEE]
JETONS = re.compile(r'(name="csrfmiddlewaretoken" value="|nonce="|\'nonce-)[^"\']+')


@pytest.fixture(autouse=True)
def _comptes():
    personne(CONNUE, mot_de_passe=MOT_DE_PASSE)
    personne(SANS_MOT_DE_PASSE)
    personne(FERMEE, mot_de_passe=MOT_DE_PASSE, is_active=False)


@pytest.fixture
def hachages(monkeypatch):
    """Compte les mots de passe hachés : c'est ce qui prend du temps."""
    faits = []
    origine = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda soi, *args: faits.append(1) or origine(soi, *args),
    )
    return faits


def demander_un_code(adresse, visiteur):
    visiteur.ouvrir("account_login", next="/organismes/")
    visiteur.envoyer(vers="account_request_login_code", suivre=False, email=adresse)


def essayer_un_mot_de_passe(adresse, visiteur):
    visiteur.ouvrir("account_login")
    visiteur.envoyer(login=adresse, password="un mot de passe faux", suivre=False)


def s_inscrire(adresse, visiteur, mot_de_passe=MOT_DE_PASSE):
    visiteur.ouvrir("account_signup", next="/organismes/")
    visiteur.envoyer(prenom="A", nom="B", email=adresse, password1=mot_de_passe, suivre=False)


def s_inscrire_sans_mot_de_passe(adresse, visiteur):
    s_inscrire(adresse, visiteur, mot_de_passe="")


def oublier_son_mot_de_passe(adresse, visiteur):
    visiteur.ouvrir("account_reset_password")
    visiteur.envoyer(email=adresse, suivre=False)


def taper_un_code_faux(adresse, visiteur):
    demander_un_code(adresse, visiteur)
    visiteur.ouvrir(visiteur.page["Location"])
    visiteur.envoyer(code="000-000-000", suivre=False)


def renvoyer_un_code(adresse, visiteur):
    s_inscrire(adresse, visiteur)
    visiteur.ouvrir(visiteur.page["Location"])
    cache.clear()
    visiteur.envoyer(action="resend", suivre=False)


GESTES = [
    demander_un_code,
    essayer_un_mot_de_passe,
    s_inscrire,
    s_inscrire_sans_mot_de_passe,
    oublier_son_mot_de_passe,
    taper_un_code_faux,
    renvoyer_un_code,
]


def reponse(visiteur, adresse) -> dict:
    """Rend tout ce que le visiteur reçoit, ses jetons et l'adresse qu'il a tapée en moins."""
    page = visiteur.page
    entetes = {nom: JETONS.sub(r"\1", valeur) for nom, valeur in page.headers.items()}
    return {
        "statut": page.status_code,
        "entetes": {n: v for n, v in entetes.items() if n != "Expires"},
        "temoins": sorted((nom, m["path"], m["max-age"]) for nom, m in page.cookies.items()),
        "corps": JETONS.sub(r"\1", page.content.decode()).replace(adresse, "…"),
    }


def jouer(geste, adresse) -> tuple[dict, dict, int]:
    """Fait le geste, puis ouvre la page où il mène ; rend les deux réponses et les courriels."""
    visiteur = Visiteur()
    cache.clear()
    avant = Courriel.objects.count()
    geste(adresse, visiteur)
    premiere = reponse(visiteur, adresse)
    courriels = Courriel.objects.count() - avant
    visiteur.ouvrir(premiere["entetes"].get("Location", visiteur.page.request["PATH_INFO"]))
    return premiere, reponse(visiteur, adresse), courriels


@pytest.mark.parametrize("adresse", COMPTES)
@pytest.mark.parametrize("geste", GESTES)
def test_la_reponse_est_la_meme_octet_pour_octet(geste, adresse):
    connue, inconnue = jouer(geste, adresse), jouer(geste, INCONNUE)
    assert connue[0] == inconnue[0]
    assert connue[1] == inconnue[1]
    if geste is not renvoyer_un_code:
        # Renvoyer ne récrit pas deux fois à qui n'a rien demandé.
        assert connue[2] == inconnue[2]


def test_une_difference_serait_vue():
    visiteur = Visiteur()
    visiteur.entrer_par_mot_de_passe(FERMEE)
    fermee = reponse(visiteur, FERMEE)
    essayer_un_mot_de_passe(INCONNUE, visiteur)
    assert fermee != reponse(visiteur, INCONNUE)


@pytest.mark.parametrize("geste", [essayer_un_mot_de_passe, s_inscrire])
@pytest.mark.parametrize("adresse", COMPTES)
def test_un_mot_de_passe_se_hache_autant_de_fois(geste, adresse, hachages):
    nombres = []
    for une in (adresse, INCONNUE):
        hachages.clear()
        jouer(geste, une)
        nombres.append(len(hachages))
    assert nombres[0] == nombres[1] >= 1


@pytest.mark.parametrize(
    ("geste", "ecart"),
    [(demander_un_code, 1), (oublier_son_mot_de_passe, 1), (essayer_un_mot_de_passe, 1)],
)
def test_la_base_travaille_autant(geste, ecart):
    nombres = []
    for adresse in (CONNUE, SANS_MOT_DE_PASSE, INCONNUE):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            geste(adresse, Visiteur())
        nombres.append(len(requetes))
    assert max(nombres) - min(nombres) <= ecart, nombres


def test_s_inscrire_avec_l_adresse_d_une_autre_ne_change_rien_chez_elle():
    jouer(s_inscrire, CONNUE)
    assert Courriel.objects.get().objet == "Vous avez déjà un compte"
    assert EmailAddress.objects.filter(email=CONNUE).count() == 1
    autre = Visiteur()
    autre.entrer_par_mot_de_passe(CONNUE)
    assert autre.est_connecte


class TestLimites:
    LIMITE = 10

    def echouer(self, adresse, visiteur, fois=LIMITE):
        for _ in range(fois):
            essayer_un_mot_de_passe(adresse, visiteur)
        return visiteur.page.status_code

    def test_apres_dix_essais_la_porte_se_ferme_que_le_compte_existe_ou_non(self):
        reponses = []
        for adresse in (CONNUE, INCONNUE):
            visiteur = Visiteur()
            cache.clear()
            assert self.echouer(adresse, visiteur, self.LIMITE - 1) == 422
            assert self.echouer(adresse, visiteur, 1) == 429
            visiteur.ouvrir("account_login")
            visiteur.envoyer(login=adresse, password=MOT_DE_PASSE, suivre=False)
            reponses.append(reponse(visiteur, adresse))
            assert not visiteur.est_connecte
        assert reponses[0] == reponses[1]
        assert reponses[0]["statut"] == 429

    def test_un_inconnu_ne_ferme_pas_le_compte_d_une_autre(self):
        self.echouer(CONNUE, Visiteur("198.51.100.7"))
        ines = Visiteur()
        ines.entrer_par_mot_de_passe(CONNUE)
        assert ines.est_connecte

    def test_un_collegue_du_meme_reseau_entre_encore(self):
        personne("lea@exemple.fr", mot_de_passe=MOT_DE_PASSE)
        self.echouer(CONNUE, Visiteur())
        collegue = Visiteur()
        collegue.entrer_par_mot_de_passe("lea@exemple.fr")
        assert collegue.est_connecte

    def test_le_code_par_courriel_reste_ouvert(self):
        visiteur = Visiteur()
        self.echouer(CONNUE, visiteur)
        visiteur.entrer_par_code(CONNUE)
        assert visiteur.est_connecte

    def test_la_porte_se_rouvre_apres_un_quart_d_heure(self, settings):
        visiteur = Visiteur()
        self.echouer(CONNUE, visiteur)
        for essai in AccessAttempt.objects.all():
            essai.attempt_time -= settings.AXES_COOLOFF_TIME + timedelta(seconds=1)
            essai.save()
        visiteur.entrer_par_mot_de_passe(CONNUE)
        assert visiteur.est_connecte

    def test_un_essai_reussi_efface_les_essais_rates(self):
        visiteur = Visiteur()
        self.echouer(CONNUE, visiteur, self.LIMITE - 1)
        visiteur.entrer_par_mot_de_passe(CONNUE)
        autre = Visiteur()
        assert self.echouer(CONNUE, autre, self.LIMITE - 1) == 422

    def test_la_base_ne_garde_pas_le_mot_de_passe_essaye(self):
        essayer_un_mot_de_passe(CONNUE, Visiteur())
        essai = AccessAttempt.objects.get()
        assert "un mot de passe faux" not in f"{essai.get_data} {essai.post_data}"

    PAR_RESEAU, PAR_ADRESSE = 10, 30

    @pytest.mark.parametrize("geste", [demander_un_code, oublier_son_mot_de_passe])
    @pytest.mark.parametrize("adresse", [CONNUE, INCONNUE])
    def test_une_adresse_ne_recoit_pas_des_codes_sans_fin(self, geste, adresse):
        for _ in range(self.PAR_RESEAU + 2):
            geste(adresse, Visiteur())
        assert Courriel.objects.count() == self.PAR_RESEAU
        # Qui insiste d'ailleurs ne ferme pas la porte à l'intéressé…
        geste(adresse, Visiteur(ip="203.0.113.9"))
        assert Courriel.objects.count() == self.PAR_RESEAU + 1
        # … mais la boîte aux lettres ne se remplit pas de partout.
        for rang in range(self.PAR_ADRESSE):
            geste(adresse, Visiteur(ip=f"203.0.113.{20 + rang}"))
        assert Courriel.objects.count() == self.PAR_ADRESSE

    def test_un_reseau_ne_cree_pas_des_comptes_sans_fin(self):
        for rang in range(22):
            visiteur = Visiteur()
            s_inscrire_sans_mot_de_passe(f"n{rang}@exemple.fr", visiteur)
        assert visiteur.page.status_code == 429
        assert Courriel.objects.count() == 20
