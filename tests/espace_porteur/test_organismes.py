"""Les projets d'un organisme, année par année, et les appels qui s'adressent à sa sorte de structure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.dossiers.models import Dossier, Projet
from parvis.orientation.moteur.structures import STRUCTURES, structures_de
from parvis.orientation.queries.appels import appels_pour
from tests.carte.conftest import dire, liens
from tests.decors import decor
from tests.fabriques import appels, depots
from tests.fabriques import projets as fabrique
from tests.fabriques.comptes import organisme

pytestmark = pytest.mark.django_db


@decor
def ici():
    return depots.lieux()


def page(ici, nom: str, ou=None):
    return ici.monde.client(nom).get(f"/organismes/{(ou or ici.monde.verger).pk}/projets/")


class TestProjets:
    def test_ses_membres_lisent_tout_annee_par_annee(self, ici):
        ancien = fabrique.projet(
            ici.version, ici.monde.verger, "Le verger", etat="recevable", annee=2024
        )
        neuf = fabrique.projet(ici.version, ici.monde.verger, "x", etat="brouillon")
        Dossier.objects.filter(pk=neuf.pk).update(projet=ancien.projet)
        lue = page(ici, "lecteur")
        dit = dire(lue)
        assert dit.index(f" {neuf.exercice} ") < dit.index(" 2024 ")
        assert dit.count("Pas encore public") == 2
        assert "brouillon, rien n’est déposé" in dit and "recevable" in dit
        assert f"/tilleuls/projets/{ancien.projet_id}/" in liens(lue)

    def test_le_pilote_y_lit_ce_qu_il_a_recu_et_rien_de_plus(self, ici):
        recu = fabrique.projet(ici.version, ici.monde.verger, "Reçu")
        fabrique.projet(ici.version, ici.monde.verger, "Secret", etat="brouillon")
        fabrique.projet(ici.version, ici.monde.moulin, "Du Moulin")
        lue = page(ici, "pilote")
        assert f"/tilleuls/pilotage/dossiers/{recu.pk}/" in liens(lue)
        assert "Secret" not in dire(lue) and "Du Moulin" not in dire(lue)

    def test_un_organisme_sans_depot_et_un_brouillon_se_lisent_pareil_du_pilote(self, ici):
        avant = dire(page(ici, "pilote"))
        assert "Cet organisme n’a rien déposé dans ce contrat." in avant
        fabrique.projet(ici.version, ici.monde.verger, "Secret", etat="brouillon")
        assert dire(page(ici, "pilote")) == avant

    def test_le_pilote_d_un_autre_contrat_n_y_lit_rien(self, ici):
        fabrique.projet(ici.version, ici.monde.verger, "Reçu")
        assert "Reçu" not in dire(page(ici, "voisine"))

    def test_qui_n_en_est_pas_la_trouve_absente(self, ici):
        absente = ici.monde.client("meuniere").get("/organismes/999999/projets/")
        refusee = page(ici, "meuniere")
        assert refusee.status_code == absente.status_code == 404
        assert dire(refusee) == dire(absente)

    def test_la_structure_porteuse_y_a_ce_qu_elle_porte(self, ici):
        porte = fabrique.projet(ici.version, ici.monde.verger, "Porté", etat="brouillon")
        Projet.objects.filter(pk=porte.projet_id).update(structure_porteuse=ici.monde.moulin)
        assert "Porté" in dire(page(ici, "meuniere", ici.monde.moulin))

    def test_la_page_de_l_organisme_en_demande_le_fragment(self, ici):
        client, adresse = ici.monde.client("lecteur"), f"/organismes/{ici.monde.verger.pk}/"
        lue = client.get(adresse)
        assert f'hx-get="{adresse}projets/"' in lue.text and f"{adresse}projets/" in liens(lue)
        fragment = client.get(f"{adresse}projets/", headers={"HX-Request": "true"})
        assert "<html" not in fragment.text and "Ses projets, année par année" in fragment.text
        autre = ici.monde.client("administrateur").get(adresse)
        assert "hx-get" not in autre.text


class TestAppels:
    @pytest.mark.parametrize(
        ("nature", "nom", "codes"),
        [
            ("association", "Plume et Pavé", {"association"}),
            ("association", "Centre social des Écluses", {"association", "centre-social"}),
            ("bailleur", "Office Rive-Haute", {"bailleur"}),
            ("epci", "Grand-Orly", {"commune"}),
            ("association", "Régie de quartier du Port", {"association", "insertion"}),
            ("etat", "Préfecture", set()),
        ],
    )
    def test_la_nature_et_le_nom_disent_la_sorte(self, nature, nom, codes):
        assert structures_de(nature, nom) == codes
        assert codes <= {code for code, _, _ in STRUCTURES}

    def test_une_fiche_qui_cite_des_associations_leur_ouvre_son_appel(self, ici):
        from tests.fabriques.cadre import MACHINE

        edition = ici.contrat.editions.get()
        assoc = appels_pour(MACHINE, edition, ici.monde.verger)
        assert [a.fiches for a in assoc.appels] and assoc.est_reconnu
        bailleur = appels_pour(MACHINE, edition, organisme("Office", "bailleur"))
        assert (len(bailleur.appels), bailleur.autres) == (0, 1)
        inconnu = appels_pour(MACHINE, edition, organisme("Préfecture 2", "etat"))
        assert (len(inconnu.appels), inconnu.est_reconnu) == (1, False)

    def test_un_appel_sans_fiche_s_adresse_a_chacun(self, ici):
        from tests.fabriques.cadre import MACHINE

        appels.ailleurs(ici.acteur("pilote"), ici.contrat, titre="Pour tous", fiches=[])
        trouves = appels_pour(MACHINE, ici.contrat.editions.get(), organisme("Office", "bailleur"))
        assert [a.echeance.titre for a in trouves.appels] == ["Pour tous"]


@pytest.mark.parametrize("nom", ["lecteur", "pilote"])
def test_la_page_coute_autant_avec_1_3_ou_50_projets(ici, nom):
    client, couts = ici.monde.client(nom), set()
    for nombre in (1, 3, 50):
        while (rang := Projet.objects.count()) < nombre:
            vu = fabrique.projet(ici.version, ici.monde.verger, f"P{rang}", etat="recevable")
            fabrique.voter(vu, ici.caisse)
        adresse = f"/organismes/{ici.monde.verger.pk}/projets/"
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        couts.add(len(requetes))
    assert len(couts) == 1 and max(couts) <= 35, couts
