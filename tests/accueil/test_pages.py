"""Les pages publiques : ce qu'elles montrent, à qui, et ce qu'elles coûtent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.cadre.actions import importer_cadre
from parvis.cadre.importation import structure as lu
from tests.decors import decor
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_de,
    contrat_publie,
    fiche,
    petit_contrat,
)

pytestmark = pytest.mark.django_db

PAGES_DU_CONTRAT = {
    "contrat": (),
    "sommaire": (),
    "appels": (),
    "fiches": (),
    "fiche": ("1-1",),
    "pilier": ("vivre-ensemble",),
    "enjeu": ("1",),
    "financeurs": (),
    "financeur": ("communes",),
    "operateurs": (),
    "operateur": ("associations",),
    "dispositifs": (),
    "dispositif": ("aide-au-demarrage",),
    "croisement": (),
    "recherche": (),
    "orientation": (),
    "editions": (),
    "comparaison": (),
    "edition": ("2015-06",),
    "permanente": ("2015-06", "1-1"),
}
PAGES_DU_SITE = ("lexique", "mentions", "accessibilite", "donnees", "composants", "sante", "theme")


def adresse(nom: str, contrat: str = "tilleuls") -> str:
    return reverse(f"accueil:{nom}", args=(contrat, *PAGES_DU_CONTRAT[nom]))


@decor
def publie():
    """Publie le petit contrat."""
    return contrat_publie()


@decor
def un_brouillon():
    """Importe le petit contrat, sans le publier."""
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai")


@decor
def deux_contrats():
    """Publie deux contrats ; le premier n'a qu'une fiche."""
    contrat_publie("tilleuls", lu_=contrat_de(1))
    contrat_publie("chenes")


@decor
def de_trois_tailles():
    """Publie un contrat d'une fiche, un de trois, un de cinquante."""
    for nombre in (1, 3, 50):
        contrat_publie(f"contrat-{nombre}", lu_=contrat_de(nombre))


@pytest.mark.parametrize("nom", PAGES_DU_CONTRAT)
def test_chaque_page_du_contrat_s_ouvre(publie, client, nom):
    assert client.get(adresse(nom)).status_code == 200


@pytest.mark.parametrize("nom", PAGES_DU_SITE)
def test_chaque_page_du_site_s_ouvre_meme_sans_contrat(client, nom):
    assert client.get(reverse(f"accueil:{nom}")).status_code == 200


@pytest.mark.parametrize("nom", PAGES_DU_CONTRAT)
def test_un_brouillon_repond_comme_un_contrat_absent(un_brouillon, client, nom):
    brouillon, absent = client.get(adresse(nom)), client.get(adresse(nom, "absent00"))
    assert brouillon.status_code == absent.status_code == 404
    assert brouillon.content == absent.content


@pytest.mark.parametrize("nom", [n for n, args in PAGES_DU_CONTRAT.items() if args])
def test_ce_qui_n_existe_pas_dans_ce_contrat_est_introuvable(deux_contrats, client, nom):
    args = tuple("9-9" if a == "1-1" else "absent" for a in PAGES_DU_CONTRAT[nom])
    assert client.get(reverse(f"accueil:{nom}", args=("tilleuls", *args))).status_code == 404


def test_la_fiche_d_un_autre_contrat_est_introuvable(deux_contrats, client):
    assert client.get("/chenes/fiches/2-1/").status_code == 200
    assert client.get("/tilleuls/fiches/2-1/").status_code == 404


@pytest.mark.parametrize("nom", PAGES_DU_CONTRAT)
def test_une_page_ne_se_modifie_pas(publie, client, nom):
    for methode in ("post", "put", "patch", "delete"):
        assert getattr(client, methode)(adresse(nom)).status_code == 405


@pytest.mark.parametrize("nom", PAGES_DU_CONTRAT)
def test_une_page_coute_autant_de_requetes_avec_1_3_ou_50_fiches(de_trois_tailles, client, nom):
    couts = {}
    for nombre in (1, 3, 50):
        client.get(adresse(nom, f"contrat-{nombre}"))
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse(nom, f"contrat-{nombre}")).status_code == 200
        couts[nombre] = len(requetes)
    assert len(set(couts.values())) == 1, couts
    assert couts[50] <= 20


def test_aucune_page_ne_pose_de_cookie(client):
    contrat_publie()
    for nom in PAGES_DU_CONTRAT:
        assert not client.get(adresse(nom)).cookies


def test_sans_contrat_l_entree_dit_quoi_faire(client):
    reponse = client.get("/")
    assert reponse.status_code == 200
    assert "importer_cadre" in reponse.text


def test_avec_un_contrat_l_entree_y_mene(client):
    contrat_publie()
    assert client.get("/").headers["Location"] == "/tilleuls/"


def test_avec_deux_contrats_l_entree_donne_le_choix(client):
    contrat_publie("tilleuls")
    contrat_publie("chenes")
    page = client.get("/").text
    assert "/tilleuls/" in page
    assert "/chenes/" in page


def test_la_fiche_montre_ses_quatre_rubriques_et_ses_reserves(client):
    mort = lu.DispositifConnu(
        "Aide au démarrage", "Une aide.", fin_le="2019-01-01", suite="Aide nouvelle"
    )
    contrat_publie(lu_=petit_contrat(dispositifs_connus=(mort,)))
    page = client.get("/tilleuls/fiches/1-1/").text
    for attendu in (
        "Cultiver ensemble",
        "Créer un jardin partagé",
        "Caisse d’allocations familiales",
        "projets familiaux",
        "Associations",
        "Aide au démarrage",
        "Aide nouvelle",
        "Le Verger",
        "/tilleuls/editions/2015-06/fiches/1-1/",
    ):
        assert attendu in page


def test_l_adresse_permanente_garde_l_ancien_texte(client):
    contrat_publie()
    contrat_publie(lu_=avec_fiche(petit_contrat(), fiche("1-1", titre="Un titre tout neuf")))
    assert "tout neuf" in client.get("/tilleuls/fiches/1-1/").text
    assert "tout neuf" not in client.get("/tilleuls/editions/2015-06/fiches/1-1/").text
    assert "tout neuf" in client.get("/tilleuls/editions/2015-06-2/fiches/1-1/").text


def test_l_enjeu_sans_fiche_montre_celles_qui_lui_repondent(client):
    contrat_publie()
    assert "/tilleuls/fiches/1-1/" in client.get("/tilleuls/enjeux/3/").text


def test_les_filtres_sont_dans_l_adresse_et_se_combinent(client):
    contrat_publie()
    page = client.get("/tilleuls/fiches/", {"public": "jeunes", "financeur": "communes"}).text
    assert "/tilleuls/fiches/1-1/" in page
    assert "/tilleuls/fiches/2-1/" not in page


@pytest.mark.parametrize("nom", ["fiches", "recherche"])
def test_htmx_recoit_le_fragment_et_le_navigateur_la_page(client, nom):
    contrat_publie()
    entiere = client.get(adresse(nom), {"q": "jardin", "mots": "jardin"})
    fragment = client.get(
        adresse(nom), {"q": "jardin", "mots": "jardin"}, headers={"HX-Request": "true"}
    )
    assert "<html" in entiere.text
    assert "<html" not in fragment.text
    assert "/tilleuls/fiches/1-1/" in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]


def test_la_recherche_corrige_et_le_dit(client):
    contrat_publie()
    page = client.get("/tilleuls/recherche/", {"q": "jardni"}).text
    assert "/tilleuls/fiches/1-1/" in page
    assert "jardni" in page


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", "' OR 1=1 --", "%00", "é" * 3000, "\x00", "{{ 7*7 }}"]
)
def test_une_question_hostile_ne_casse_ni_n_injecte_rien(client, question):
    contrat_publie()
    for nom, parametre in (("recherche", "q"), ("fiches", "mots"), ("fiches", "financeur")):
        reponse = client.get(adresse(nom), {parametre: question})
        assert reponse.status_code == 200
        assert "<script>alert" not in reponse.text


def test_le_texte_d_un_contrat_est_echappe(client):
    piege = fiche("1-1", titre="<img src=x onerror=alert(1)>", descriptif="<b>gras</b> & co")
    contrat_publie(lu_=avec_fiche(petit_contrat(), piege))
    for nom in PAGES_DU_CONTRAT:
        page = client.get(adresse(nom)).text
        assert "<img src=x" not in page
        assert "<b>gras" not in page


def test_une_page_introuvable_aide_a_repartir(client):
    reponse = client.get("/rien/du/tout/")
    assert reponse.status_code == 404
    assert 'lang="fr"' in reponse.text


def test_la_couleur_du_theme_est_servie_si_elle_est_sure(client, settings):
    settings.THEME = settings.THEME | {"couleur": "#004466"}
    assert "--accent: #004466" in client.get("/theme.css").text
    settings.THEME = settings.THEME | {"couleur": "red; } body { display: none"}
    assert client.get("/theme.css").text == ""


def test_security_txt_existe_quand_le_contact_est_regle(client, settings):
    settings.CONTACT = settings.CONTACT | {"courriel": ""}
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.CONTACT = settings.CONTACT | {"courriel": "securite@exemple.fr"}
    assert "mailto:securite@exemple.fr" in client.get("/.well-known/security.txt").text


def test_ce_qui_s_envoie_a_une_page_retiree_revient_a_l_ecran(client):
    champs = {"texte": "Une heure\nde travail", "jeton": "abc", "password": "un secret long"}
    reponse = client.post("/rien/du/tout/", champs)
    assert reponse.status_code == 404
    page = reponse.content.decode()
    assert "Une heure\nde travail" in page and "Rien n’a été enregistré" in page
    assert "abc" not in page and "un secret" not in page
    assert "Rien n’a été enregistré" not in client.get("/rien/du/tout/").text
