"""Le suivi de l'argent d'un projet, à l'écran : noter ce qui répond ailleurs, donner un lien."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, LienDeLecture
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire
from tests.fabriques import depots
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


@decor
def ailleurs(recu):
    return Demande.objects.create(
        dossier=recu,
        exercice=recu.exercice,
        rang=9,
        financeur_nom="Fondation du Grand Air",
        guichet=Guichet.AILLEURS,
        montant_demande=Decimal(900),
        etat=EtatDeDemande.DEMANDEE,
        demande_le=timezone.now() - timedelta(days=40),
    )


@pytest.fixture
def site(ici):
    return Site(ici.monde, "gestionnaire")


def creer_un_lien(site, recu):
    """Rend l'adresse du lien, telle que la page la montre cette seule fois."""
    page = site.post("creer_un_lien", recu.projet_id, pour="La trésorière").content.decode()
    return re.search(r"http://testserver(/lecture/[\w-]+/)", page)[1]


def test_le_suivi_dit_la_phrase_de_l_argent(site, recu, ailleurs):
    page = lire(site.get("suivi", recu.projet_id))
    assert "3 900 € demandés." in page and "Rien n’est encore sûr" in page
    assert "Caisse des Tilleuls répond avant le" in page
    assert "Fondation du Grand Air n’a pas encore répondu" in page


def test_noter_la_reponse_d_un_financeur_d_ailleurs(site, recu, ailleurs):
    hier = (timezone.localdate() - timedelta(days=1)).isoformat()
    adresse = ("noter_la_suite", recu.projet_id, ailleurs.pk)
    refuse = site.post(*adresse, etat="accordee", vote="700", vote_le="", engage="800")
    assert refuse.status_code == 422
    page = lire(refuse)
    assert "L’accord a un montant et une date" in page and "plus que ce qui est accordé" in page
    assert 'value="800"' in refuse.content.decode()
    site.post(*adresse, etat="accordee", numero="A-12", vote="700", vote_le=hier)
    page = lire(site.get("suivi", recu.projet_id))
    assert "900 € demandés · 700 € votés · 0 € versé." in page
    assert "700 € sûrs, et rien n’est encore versé." in page and "n° A-12" in page
    assert "Corriger" in page


def test_un_projet_sans_depot_dit_quand_le_suivi_commence(ici, site):
    page = lire(site.get("suivi", depots.brouillon(ici).projet_id))
    assert "Rien n’est encore demandé" in page


def test_le_lecteur_lit_sans_noter(ici, recu, ailleurs):
    page = lire(Site(ici.monde, "lecteur").get("suivi", recu.projet_id))
    assert "Fondation du Grand Air" in page
    assert "Noter la réponse" not in page and "Créer un lien" not in page


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_le_suivi_se_lit_en_un_nombre_fixe_de_requetes(site, recu, nombre):
    for rang in range(nombre):
        Demande.objects.create(
            dossier=recu,
            exercice=recu.exercice,
            rang=100 + rang,
            financeur_nom=f"Fondation {rang}",
            guichet=Guichet.AILLEURS,
            montant_demande=Decimal(1),
            etat=EtatDeDemande.DEMANDEE,
            demande_le=timezone.now(),
        )
    site.get("suivi", recu.projet_id)
    with CaptureQueriesContext(connection) as menees:
        site.get("suivi", recu.projet_id)
    assert len(menees) <= 14, [m["sql"][:90] for m in menees]


# Le lien de lecture.


def test_le_lien_se_montre_une_fois_et_s_ouvre_sans_compte(site, recu, ailleurs):
    adresse = creer_un_lien(site, recu)
    assert adresse not in site.get("suivi", recu.projet_id).content.decode()
    reponse = Client().get(adresse)
    page = lire(reponse)
    assert reponse.status_code == 200 and "3 900 € demandés." in page
    assert "noindex" in reponse.headers["X-Robots-Tag"] and "noindex" in page
    assert reponse.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in reponse.headers["Cache-Control"]


def test_la_lecture_ne_dit_ni_contact_ni_compte_ni_piece_ni_personne(site, recu, ailleurs):
    Demande.objects.filter(pk=ailleurs.pk).update(
        suivi_le=timezone.now(), suivi_par="Gestionnaire Essai"
    )
    page = Client().get(creer_un_lien(site, recu)).content.decode()
    for secret in (
        "lucie@verger.example",
        "contact@verger.example",
        "Lucie Bardet",
        "Gestionnaire Essai",
        "FR76",
        "statuts.pdf",
        f"/dossiers/{recu.pk}/",
    ):
        assert secret not in page, secret


def test_un_jeton_faux_est_absent_comme_un_lien_ferme(site, recu):
    adresse = creer_un_lien(site, recu)
    site.post("fermer_un_lien", recu.projet_id, LienDeLecture.objects.get().pk)
    fausse = reverse("espace_porteur:lecture", args=("n-importe-quoi",))
    for essai in (adresse, fausse):
        reponse = Client().get(essai)
        assert reponse.status_code == 404
    assert "Fermé" in lire(site.get("suivi", recu.projet_id))


def test_lire_n_ecrit_rien_et_la_page_compte_ensuite(site, recu):
    adresse = creer_un_lien(site, recu)
    Client().get(adresse)
    assert LienDeLecture.objects.get().lectures == 0
    assert Client().post(f"{adresse}lue/").status_code == 200
    assert LienDeLecture.objects.get().lectures == 1
    assert "Lu 1 fois" in lire(site.get("suivi", recu.projet_id))
    assert Client().post("/lecture/faux/lue/").status_code == 404


def test_un_lien_sans_destinataire_se_refuse(site, recu):
    refuse = site.post("creer_un_lien", recu.projet_id, pour=" ")
    assert refuse.status_code == 422 and "Dites pour qui" in lire(refuse)
    assert not LienDeLecture.objects.exists()
