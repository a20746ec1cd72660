"""La page du tableau de bord : des chiffres définis, datés, qui mènent à leurs lignes."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.decors import decor
from tests.espace_porteur.conftest import mots
from tests.fabriques import comptes as organismes_
from tests.fabriques import depots, projets

pytestmark = pytest.mark.django_db


@decor
def lieu():
    return depots.lieux()


def ouvrir(ici, nom: str = "tableau_de_bord", *args, **choix):
    adresse = reverse(f"pilotage:{nom}", args=("tilleuls", *args))
    return ici.monde.client("pilote").get(adresse, choix)


def test_sans_dossier_la_page_dit_quoi_faire(lieu):
    assert "Aucun dossier reçu, pour l’instant" in mots(ouvrir(lieu))


def test_chaque_chiffre_se_lit_avec_sa_definition_et_l_annee_d_avant(lieu):
    an = lieu.version.appel.exercice
    avant = projets.projet(lieu.version, lieu.porte.organisme, "Avant", annee=an - 1)
    projets.voter(avant, lieu.caisse, "300")
    ici = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    projets.voter(ici, lieu.caisse, "1500")
    projets.projet(lieu.version, lieu.porte.organisme, "En attente")
    dit = mots(ouvrir(lieu))
    assert f"Projets soutenus 1 sur 2 reçus 1 sur 1 en {an - 1}" in dit
    assert f"Voté 1 500 € 50 % des 3 000 € demandés ; 300 € en {an - 1}" in dit
    assert "L’argent que les financeurs ont voté, sans les aides en nature." in dit
    assert "Habitants des quartiers n.d." in dit
    assert f"{lieu.caisse} 1 3 000 € 1 500 €" in dit
    assert "Le verger" in dit


def test_un_financeur_et_un_porteur_menent_a_leurs_seuls_dossiers(lieu):
    homonyme = organismes_.organisme(lieu.porte.organisme.nom)
    for titre, porteur, financeur in (
        ("Le verger", lieu.porte.organisme, lieu.caisse),
        ("La mare", homonyme, lieu.commune),
    ):
        dossier = projets.projet(lieu.version, porteur, titre, etat="recevable")
        projets.voter(dossier, financeur)
    page = ouvrir(lieu).content.decode()
    for choix, la, ailleurs in (
        (f"financeur={lieu.caisse.pk}", "Le verger", "La mare"),
        (f"financeur={lieu.commune.pk}", "La mare", "Le verger"),
        (f"porteur={lieu.porte.organisme.pk}", "Le verger", "La mare"),
        (f"porteur={homonyme.pk}", "La mare", "Le verger"),
    ):
        (lien,) = re.findall(rf'href="([^"]*&amp;{choix})"', page)
        dit = mots(lieu.monde.client("pilote").get(html.unescape(lien)))
        assert la in dit and ailleurs not in dit


def test_l_exercice_se_choisit(lieu):
    an = lieu.version.appel.exercice
    avant = projets.projet(lieu.version, lieu.porte.organisme, "Avant", annee=an - 1)
    projets.voter(avant, lieu.caisse, "300")
    projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    assert f"Tableau de bord {an - 1}" in mots(ouvrir(lieu))
    assert f"Tableau de bord {an} " in mots(ouvrir(lieu, exercice=an))


def test_les_annees_s_emportent(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    projets.voter(dossier, lieu.caisse, "1234.50")
    contenu = ouvrir(lieu, "tableau_de_bord_annees", "csv").content.decode("utf-8-sig")
    (ligne,) = csv.DictReader(io.StringIO(contenu), delimiter=";")
    assert (ligne["Voté (€)"], ligne["Dossiers reçus"]) == ("1234,50", "1")
    assert ouvrir(lieu, "tableau_de_bord_annees", "xlsx").content.startswith(b"PK")
    assert ouvrir(lieu, "tableau_de_bord_annees", "exe").status_code == 404


def test_la_page_ne_demande_pas_plus_a_la_base_quand_les_dossiers_sont_plus_nombreux(lieu):
    def requetes() -> int:
        with CaptureQueriesContext(connection) as faites:
            assert ouvrir(lieu).status_code == 200
        return len(faites)

    def ajouter(nombre: int) -> None:
        for n in range(nombre):
            dossier = projets.projet(lieu.version, lieu.porte.organisme, f"Projet {n}")
            projets.voter(dossier, lieu.caisse)

    ajouter(1)
    premiere = requetes()
    ajouter(2)
    troisieme = requetes()
    ajouter(47)
    # La connexion en fait une vingtaine.
    assert premiere == troisieme == requetes() <= 60
