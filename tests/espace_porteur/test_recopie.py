"""Recopier un dossier sur un portail, à l'écran : lire, cocher avec et sans script, noter le numéro."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.dossiers.models import ChampRecopie
from parvis.dossiers.queries.portails import a_recopier
from tests.decors import decor
from tests.espace_porteur.conftest import Site, lire, mots
from tests.fabriques import depots, portails
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def ici():
    territoire_du_contrat()
    return depots.lieux()


@decor
def brouillon(ici):
    return portails.brouillon(ici)


@decor
def recu(ici):
    dossier = depots.depose(ici)
    portails.demande_a_l_etat(dossier)
    return dossier


@pytest.fixture
def site(ici):
    return Site(ici.monde, "gestionnaire")


def empreinte(ici, dossier, champ):
    return a_recopier(ici.porte, depots.relire(dossier), "dauphin").champs[champ].empreinte


def test_la_page_montre_chaque_champ_pret_a_coller(site, brouillon):
    reponse = site.get("recopier", brouillon.pk, "dauphin")
    page = lire(reponse)
    assert "Recopier sur le portail de l’État pour la politique de la ville (Dauphin)" in page
    assert "donnés à titre indicatif" in page and portails.LIEN in page
    assert "0 champ recopié sur" in page
    assert 'value="Le verger du pied d’immeuble" readonly' in page
    assert "28 signes sur 250" in mots(reponse)
    # Sans script, le bouton « Copier » ne se montre pas ; la case se garde par le sien.
    assert page.count("data-recopier=") == page.count("data-marquer") > 15
    assert "Votre dossier n’en dit rien." in page


def test_on_y_arrive_du_dossier_et_du_suivi(site, recu):
    adresse = reverse("espace_porteur:recopier", args=("tilleuls", recu.pk, "dauphin"))
    assert adresse in site.get("dossier", recu.pk).content.decode()
    assert "Recopier pour Préfecture" in lire(site.get("dossier", recu.pk))
    assert adresse in site.get("suivi", recu.projet_id).content.decode()


def test_un_dossier_sans_demande_ailleurs_n_a_rien_a_recopier(ici, site):
    dossier = depots.brouillon(ici)
    assert "À recopier ailleurs" not in lire(site.get("dossier", dossier.pk))
    assert site.get("recopier", dossier.pk, "dauphin").status_code == 404


def test_cocher_sans_script_revient_au_champ(ici, site, brouillon):
    lue = empreinte(ici, brouillon, "projet-titre")
    fait = {"champ": "projet-titre", "recopie": "oui", "lue": lue}
    reponse = site.post("marquer_un_champ", brouillon.pk, "dauphin", **fait)
    assert reponse.status_code == 302 and reponse.url.endswith("#champ-projet-titre")
    page = lire(site.get("recopier", brouillon.pk, "dauphin"))
    assert "1 champ recopié sur" in page and "par Gestionnaire Essai, le" in page


def test_cocher_avec_le_script_dit_ou_l_on_en_est(ici, site, brouillon):
    lue = empreinte(ici, brouillon, "projet-titre")
    fait = {"champ": "projet-titre", "lue": lue}
    adresse = ("marquer_un_champ", brouillon.pk, "dauphin")
    dit = site.post(*adresse, script=True, recopie="oui", **fait).json()
    assert dit["recopies"] == 1 and dit["total"] > 15
    assert site.post(*adresse, script=True, **fait).json()["recopies"] == 0
    refus = site.post(*adresse, script=True, champ="projet-titre", recopie="oui", lue="autre")
    assert refus.status_code == 409 and "a changé" in refus.json()["dit"]
    assert site.post(*adresse, script=True, champ="rien", recopie="oui").status_code == 404


def test_un_refus_sans_script_se_lit_sur_la_page(site, brouillon):
    site.post(
        "marquer_un_champ", brouillon.pk, "dauphin", champ="projet-titre", recopie="oui", lue="x"
    )
    assert "a changé pendant que vous le recopiiez" in lire(
        site.get("recopier", brouillon.pk, "dauphin")
    )


def test_une_limite_vue_sur_le_portail_montre_ce_qui_depasse(site, brouillon):
    adresse = ("dire_la_limite", brouillon.pk, "dauphin")
    site.post(*adresse, champ="projet-titre", limite="12")
    page = mots(site.get("recopier", brouillon.pk, "dauphin"))
    assert "28 signes sur 12 (vu sur le portail)" in page
    assert "16 signes de trop." in page and "serait coupé après « …Le verger du" in page
    site.post(*adresse, champ="projet-titre", limite="beaucoup")
    assert "par exemple 2000" in lire(site.get("recopier", brouillon.pk, "dauphin"))
    site.post(*adresse, champ="projet-titre", limite="")
    assert ChampRecopie.objects.get().limite is None
    assert site.post(*adresse, champ="rien", limite="12").status_code == 404


def test_le_numero_se_note_et_se_voit_partout(site, recu):
    demande = portails.prefecture().demandes_recues.get()
    adresse = ("noter_le_numero", recu.pk, "dauphin")
    refuse = site.post(*adresse, demande=demande.pk, numero="AB-12")
    assert refuse.status_code == 422
    assert "huit chiffres" in lire(refuse) and 'value="AB-12"' in refuse.content.decode()
    site.post(*adresse, demande=demande.pk, numero="da 01234567")
    assert "Le numéro de Préfecture est noté : DA01234567." in lire(
        site.get("recopier", recu.pk, "dauphin")
    )
    assert "n° DA01234567" in lire(site.get("suivi", recu.projet_id))
    assert "n° DA01234567" in lire(site.get("dossier", recu.pk))
    assert site.post(*adresse, demande="9999999", numero="01234567").status_code == 404
    assert site.post(*adresse, demande="x", numero="01234567").status_code == 404
    site.post(*adresse, demande=demande.pk, numero="")
    assert "n’a plus de numéro" in lire(site.get("recopier", recu.pk, "dauphin"))


def test_le_lecteur_lit_sans_cocher(ici, recu):
    page = lire(Site(ici.monde, "lecteur").get("recopier", recu.pk, "dauphin"))
    assert "data-recopier=" in page
    assert "data-marquer" not in page and "Noter le numéro" not in page
    assert "pas encore de numéro" in page


def test_le_pilote_lit_ou_en_est_le_porteur(ici, site, recu):
    lue = empreinte(ici, recu, "projet-titre")
    site.post("marquer_un_champ", recu.pk, "dauphin", champ="projet-titre", recopie="oui", lue=lue)
    client = ici.monde.client("pilote")
    adresse = reverse("pilotage:recopier", args=("tilleuls", recu.pk, "dauphin"))
    dossier = client.get(reverse("pilotage:dossier", args=("tilleuls", recu.pk)))
    assert adresse in dossier.content.decode()
    page = lire(client.get(adresse))
    assert "1 champ recopié sur" in page and "pas encore de numéro" in page
    assert "Recopié par Gestionnaire Essai" in page and "data-marquer" not in page


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_la_page_se_lit_en_un_nombre_fixe_de_requetes(site, recu, nombre):
    for rang in range(nombre):
        portails.demande_a_l_etat(recu, rang=100 + rang, ligne=f"Ligne {rang}")
    site.get("recopier", recu.pk, "dauphin")
    with CaptureQueriesContext(connection) as menees:
        site.get("recopier", recu.pk, "dauphin")
    assert len(menees) <= 26, [m["sql"][:90] for m in menees]
