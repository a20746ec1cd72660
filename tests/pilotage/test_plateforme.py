"""L'accueil de l'administratrice, le journal, et ce qui vaut pour toutes ses listes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.journal.queries.verification import ruptures
from parvis.organismes.models import Organisme
from parvis.pilotage.actions.doublons import reunir, separer
from parvis.pilotage.actions.utilisateurs import fermer_le_compte
from parvis.pilotage.queries import courriels as q_courriels
from parvis.pilotage.queries import organismes as q_organismes
from parvis.pilotage.queries import utilisateurs as q_utilisateurs
from parvis.pilotage.queries.attente import attente_de_la_plateforme
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)


def test_l_accueil_dit_ce_qui_attend(site, abandonner, voisin, agir, creer):
    agir("Ida", Role.GESTIONNAIRE, organisme=creer("Jardins"), est_confirme=False)
    abandonner()
    page = lire(site.get("/pilotage/"))
    assert "1 courriel</a> n’a pas pu partir" in page
    assert f"Personne ne conduit « {voisin} »" in page
    assert "Une demande attend dans" in page
    assert "2 organismes</a> n’ont pas de gestionnaire" in page


def test_l_accueil_ne_compte_rien_pour_un_autre(pilote, abandonner):
    abandonner()
    attente = attente_de_la_plateforme(pilote, jour=JOUR)
    assert (attente.abandonnes, attente.demandes, attente.actes) == (0, 0, 0)


def test_rien_n_attend(site, administratrice, agir):
    agir("Ida", Role.GESTIONNAIRE, organisme=administratrice.organisme)
    assert "Rien ne vous attend" in lire(site.get("/pilotage/"))


def test_le_journal_se_verifie_quand_on_le_demande(site, paire, sans_declencheurs):
    assert "intact" not in lire(site.get("/pilotage/journal/"))
    assert "Le journal est intact" in lire(site.get("/pilotage/journal/?verifier=oui"))
    with sans_declencheurs():
        Evenement.objects.filter(rang=1).update(objet_nom="Autre chose")
    page = lire(site.get("/pilotage/journal/?verifier=oui"))
    assert "Le journal ne tient plus" in page
    assert "son contenu a changé" in page


def test_chaque_lecture_est_vide_pour_un_pilote(pilote, paire, abandonner):
    courriel, (premiere, seconde) = abandonner(), paire
    reunir(par=pilote, doublon=seconde, garde=premiere, raison="La même.")
    assert q_organismes.page_des_organismes(pilote, {}, jour=JOUR)[0].total == 0
    assert q_organismes.page_des_doublons(pilote, {}).total == 0
    assert q_organismes.page_des_reunis(pilote, {}).total == 0
    assert q_utilisateurs.page_des_utilisateurs(pilote, {}, jour=JOUR)[0].total == 0
    assert q_courriels.page_des_courriels(pilote, {})[0].total == 0
    assert q_courriels.abandonnes(pilote, {}) == []
    with pytest.raises(Organisme.DoesNotExist):
        q_organismes.comparaison(pilote, premiere.pk, seconde.pk, jour=JOUR)
    with pytest.raises(Organisme.DoesNotExist):
        q_organismes.doublon_reuni(pilote, seconde.pk)
    with pytest.raises(Utilisateur.DoesNotExist):
        q_utilisateurs.utilisateur(pilote, pilote.utilisateur.pk)
    with pytest.raises(Rattachement.DoesNotExist):
        q_utilisateurs.rattachement_a_finir(pilote, 1, 1)
    with pytest.raises(Courriel.DoesNotExist):
        q_courriels.abandonnes_choisis(pilote, [str(courriel.identifiant)])


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(site, agir, abandonner, administratrice):
    pages = ("", "organismes/", "doublons/", "doublons/reunis/", "utilisateurs/", "courriels/")
    comptes = {page: [] for page in pages}
    site.get("/pilotage/")
    for depuis, jusque in ((0, 1), (1, 3), (3, 50)):
        for rang in range(depuis, jusque):
            double = Organisme.objects.create(nom=f"Jardin {rang}", nature="gip")
            jumeau = Organisme.objects.create(nom=f"jardin {rang}", nature="gip")
            Organisme.objects.create(nom=f"D {rang}", nature="gip", fusionne_dans=jumeau)
            agir(f"P{rang}", Role.GESTIONNAIRE, organisme=double)
            abandonner()
        for page, mesures in comptes.items():
            with CaptureQueriesContext(connection) as lues:
                assert site.get(f"/pilotage/{page}").status_code == 200
            mesures.append(len(lues))
    assert all(len(set(mesures)) == 1 for mesures in comptes.values()), comptes


@pytest.mark.parametrize(
    "page", ["organismes/", "doublons/", "doublons/reunis/", "utilisateurs/", "courriels/"]
)
def test_une_adresse_hostile_ne_casse_rien(site, page):
    for valeur in ("\x00", "'; --", "9" * 400, "<script>alert(1)</script>", "²"):
        lue = site.get(
            f"/pilotage/{page}", apres=valeur, avant=valeur, etat=valeur, role=valeur, q=valeur
        )
        assert lue.status_code == 200
        assert b"<script>alert" not in lue.content


def test_le_journal_tient_apres_tous_ces_actes(site, administratrice, paire, pilote):
    premiere, seconde = paire
    reunir(par=administratrice, doublon=seconde, garde=premiere, raison="La même.")
    separer(par=administratrice, doublon=Organisme.objects.get(pk=seconde.pk))
    fermer_le_compte(par=administratrice, utilisateur=pilote.utilisateur, motif="x")
    assert ruptures() == []
    page = lire(site.get("/pilotage/journal/"))
    assert "a séparé de cette page" in page
    assert "(effacé)" not in page
