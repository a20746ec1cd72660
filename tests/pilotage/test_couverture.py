"""Les pages de la couverture : ce qui manque d'abord, des cases qui mènent à leurs dossiers, à emporter."""

import csv
import html
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.dossiers.models import Demande, FicheDeDossier
from tests.decors import decor
from tests.espace_porteur.conftest import mots
from tests.fabriques import cadre, depots, programmation, projets
from tests.fabriques.postes import poste
from tests.fabriques.territoires import commune

pytestmark = pytest.mark.django_db
PAGES = ("", "_lieux", "_publics", "_droit_commun", "_sujets")


@decor
def grand():
    return programmation.programmation(30, fiches=6)


@decor
def lieu():
    return depots.lieux()


def ouvrir(ici, nom: str, *args, **choix):
    adresse = reverse(f"pilotage:couverture{nom}", args=("tilleuls", *args))
    return ici.monde.client("pilote").get(adresse, choix)


@pytest.mark.parametrize("page", PAGES)
def test_sans_un_dossier_chaque_page_dit_quoi_faire_et_ne_compte_rien(lieu, page):
    reponse = ouvrir(lieu, page)
    assert reponse.status_code == 200
    if page in ("", "_lieux", "_publics"):
        assert "Aucun dossier reçu, pour l’instant" in mots(reponse)


def test_la_page_dit_d_abord_les_fiches_sans_projet(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    projets.voter(dossier, lieu.caisse, "1234")
    reponse = ouvrir(lieu, "")
    dit = mots(reponse)
    an = dossier.exercice
    assert f"Ce qui manque en {an}" in dit
    assert "2 fiches sur 3 sans projet soutenu" in dit
    assert dit.index(f"aucun projet soutenu en {an}") < dit.index("1 projet 1 234 €")
    servie = dossier.fiches.get().fiche.numero
    lien = f"?exercice={dossier.exercice}&amp;fiche={servie}"
    assert lien in reponse.content.decode()


def test_les_postes_aides_se_lisent_a_part_et_ne_changent_aucune_somme(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    projets.voter(dossier, lieu.caisse, "1234")
    avant = ouvrir(lieu, "_tableau", "fiches", "csv").content
    for numero in ("D1", "D2"):
        poste(lieu.contrat, exercice=dossier.exercice, numero=numero, montant=Decimal("7164"))
    # Une année sans dossier a ses postes quand même.
    poste(lieu.contrat, exercice=1999, numero="D1")
    dit = mots(ouvrir(lieu, ""))
    assert f"Poste FONJEP, {dossier.exercice} : 2 postes 14 328 €" in dit
    assert "Poste FONJEP, 1999 : 1 poste" in dit
    assert ouvrir(lieu, "_tableau", "fiches", "csv").content == avant


def test_une_case_mene_aux_dossiers_qu_elle_annonce_et_a_eux_seuls(lieu):
    pris = [
        projets.projet(lieu.version, lieu.porte.organisme, titre, etat="recevable")
        for titre in ("Le verger", "La mare", "Le rucher")
    ]
    projets.voter(pris[0], lieu.caisse)
    # Le deuxième ne la sert qu'en second ; le troisième sert une autre fiche.
    numero, autre = "1-1", lieu.contrat.fiches.get(numero="2-1")
    for dossier in pris[1:]:
        dossier.fiches.update(fiche=autre)
    FicheDeDossier.objects.create(dossier=pris[1], fiche=lieu.contrat.fiches.get(numero=numero))
    page = ouvrir(lieu, "").content.decode()
    (lien, annonces) = re.search(r'href="([^"]*fiche=1-1)">(\d+) dossiers', page).groups()
    assert annonces == "2"
    dit = mots(lieu.monde.client("pilote").get(html.unescape(lien)))
    assert "Le verger" in dit and "La mare" in dit and "Le rucher" not in dit


def test_l_exercice_se_choisit_et_un_exercice_inconnu_rend_le_dernier_vote(lieu):
    an = lieu.version.appel.exercice
    ancien = projets.projet(lieu.version, lieu.porte.organisme, "Avant", annee=an - 1)
    projets.voter(ancien, lieu.caisse)
    projets.projet(lieu.version, lieu.porte.organisme, "Cette année")
    for page in ("_lieux", "_publics"):
        assert f", {an - 1}" in mots(ouvrir(lieu, page))
        assert f", {an}" in mots(ouvrir(lieu, page, exercice=an))
        assert f", {an - 1}" in mots(ouvrir(lieu, page, exercice="1999"))
        assert f", {an - 1}" in mots(ouvrir(lieu, page, exercice="²"))


@pytest.mark.parametrize("tableau", ["fiches", "lieux", "publics", "droit-commun", "partenaires"])
def test_chaque_tableau_s_emporte(grand, tableau):
    reponse = ouvrir(grand.ici, "_tableau", tableau, "csv")
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) > 2
    assert len({len(ligne) for ligne in lignes}) == 1
    assert ouvrir(grand.ici, "_tableau", tableau, "xlsx").content.startswith(b"PK")


def test_ce_que_l_on_emporte_fait_la_somme_des_votes(grand):
    votes = Demande.objects.filter(guichet="plateforme", montant_vote__isnull=False)
    vote = sum(votes.values_list("montant_vote", flat=True))
    contenu = ouvrir(grand.ici, "_tableau", "fiches", "csv").content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(contenu), delimiter=";"))
    assert sum(Decimal(ligne["Voté (€)"].replace(",", ".")) for ligne in lignes) == vote


def test_les_sujets_s_emportent_avec_la_phrase_du_contrat():
    parle = cadre.fiche("1-1", titre="Un emploi pour les jeunes du quartier")
    petit = cadre.avec_fiche(cadre.petit_contrat(), parle)
    ici = depots.lieux(contrat=cadre.contrat_publie(lu_=petit).contrat)
    projets.projet(ici.version, ici.porte.organisme, "Le verger")
    contenu = ouvrir(ici, "_tableau", "sujets", "csv").content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(contenu), delimiter=";"))
    assert ("La jeunesse", "1-1", "Un emploi pour les jeunes du quartier") in [
        (ligne["Sujet"], ligne["Fiche"], ligne["Le contrat y dit"]) for ligne in lignes
    ]


def test_un_tableau_qui_n_existe_pas_repond_comme_une_page_absente(lieu):
    assert ouvrir(lieu, "_tableau", "secrets", "csv").status_code == 404
    assert ouvrir(lieu, "_tableau", "fiches", "exe").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_une_page_ne_demande_pas_plus_a_la_base_quand_les_dossiers_sont_plus_nombreux(lieu, page):
    def requetes() -> int:
        with CaptureQueriesContext(connection) as faites:
            assert ouvrir(lieu, page).status_code == 200
        return len(faites)

    ville = commune("94999", "Bourg-Neuf")

    def ajouter(nombre: int) -> None:
        for n in range(nombre):
            dossier = projets.projet(lieu.version, lieu.porte.organisme, f"Projet {n}", ville)
            projets.voter(dossier, lieu.caisse)

    ajouter(1)
    premiere = requetes()
    ajouter(2)
    troisieme = requetes()
    ajouter(47)
    # La connexion en fait une vingtaine.
    assert premiere == troisieme == requetes() <= 60
