"""Les appels et les projets d'un quartier, sur sa page et sur la carte : ce que chacun y lit."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.dossiers.models import Projet
from tests.carte.conftest import dire, liens
from tests.carte.val import contrat_du
from tests.decors import decor
from tests.fabriques import appels, depots
from tests.fabriques import projets as fabrique
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import monde

pytestmark = pytest.mark.django_db
PAGE = "/tilleuls/quartiers/QN94001A/"
NI_PORTEUR_NI_PILOTE = (
    *("visiteur", "inscrit", "attente", "ancien", "meuniere", "voisine"),
    *("instructeur", "elu", "delegue", "conseiller", "administrateur"),
)


@decor
def ici(lieux):
    contrat = contrat_publie("tilleuls", contrat_du("Val-des-Tilleuls", ["Le Verger"])).contrat
    return depots.lieux(monde(), contrat)


@decor
def projet(ici, lieux):
    return fabrique.projet(
        ici.version,
        ici.monde.verger,
        "Le projet du quartier",
        lieux.grand_verger,
        etat="recevable",
        echelle="quartiers",
    )


def couche(client, code: str) -> dict:
    reponse = client.get(f"/tilleuls/carte/couches/{code}.geojson")
    return json.loads(reponse.content) if reponse.status_code == 200 else {}


class TestAppels:
    def test_la_page_d_un_quartier_montre_l_appel_ouvert_et_dit_s_il_nomme_le_quartier(
        self, client, ici
    ):
        page = client.get(PAGE)
        dit = dire(page)
        assert "Les appels ouverts à un projet d’ici" in dit
        assert "Ce quartier y est nommé, fiche 1-1 " in f"{dit} "
        assert f"/tilleuls/appels/{ici.version.appel.adresse}/" in liens(page)

    def test_sans_appel_elle_le_dit_et_mene_au_calendrier(self, client, lieux):
        contrat_publie("tilleuls")
        page = client.get(PAGE)
        assert "Aucun appel n’est ouvert en ce moment" in dire(page)
        assert "/tilleuls/appels/" in liens(page)
        assert "/tilleuls/projets/nouveau/" not in liens(page)
        assert couche(client, "appels") == {}

    def test_un_appel_clos_ou_a_venir_n_y_est_pas(self, client, ici):
        appels.ailleurs(
            ici.acteur("pilote"), ici.contrat, titre="Trop tôt", ouvre_le=appels.dans(3).date()
        )
        appels.ailleurs(
            ici.acteur("pilote"), ici.contrat, titre="Trop tard", ferme_le=appels.dans(-1).date()
        )
        appels.ailleurs(ici.acteur("pilote"), ici.contrat, titre="À l’heure", fiches=[])
        dit = dire(client.get(PAGE))
        assert "À l’heure" in dit and "Trop" not in dit

    def test_la_carte_les_montre_quartier_par_quartier(self, client, ici):
        objets = {o["id"]: o for o in couche(client, "appels")["features"]}
        grand = objets["appels-QN94001A"]
        assert grand["geometry"]["type"] == "Point"
        assert grand["properties"]["sous_titre"] == "1 appel ouvert à un projet d’ici"
        assert grand["properties"]["adresse"] == f"{PAGE}#appels"
        assert ["Nomment ce quartier", ici.version.titre] in grand["properties"]["lignes"]
        assert "Ce quartier y est nommé" not in dire(client.get("/tilleuls/quartiers/QN94002A/"))
        page = client.get("/tilleuls/carte/?couche=appels")
        assert "Le premier ferme : le" in dire(page)
        assert f"{PAGE}#appels" in liens(page)


class TestProjets:
    @pytest.mark.parametrize("nom", NI_PORTEUR_NI_PILOTE)
    def test_un_projet_non_vote_est_comme_un_projet_absent(self, ici, lieux, nom):
        client = ici.monde.client(nom)
        adresses = (PAGE, "/tilleuls/carte/", "/tilleuls/fiches/1-1/", "/tilleuls/quartiers/")
        avant = [dire(client.get(a)) for a in adresses]
        sans = client.get("/tilleuls/carte/couches/projets.geojson")
        fabrique.projet(
            ici.version,
            ici.monde.verger,
            "Le projet du quartier",
            lieux.grand_verger,
            echelle="quartiers",
        )
        assert [dire(client.get(a)) for a in adresses] == avant
        avec = client.get("/tilleuls/carte/couches/projets.geojson")
        assert (avec.status_code, dire(avec)) == (sans.status_code, dire(sans))
        assert avec.status_code == 404

    def test_qui_le_porte_et_le_pilote_le_lisent_marque(self, ici, projet):
        for nom, lien in (
            ("lecteur", f"/tilleuls/projets/{projet.projet_id}/"),
            ("pilote", f"/tilleuls/pilotage/dossiers/{projet.pk}/"),
        ):
            client = ici.monde.client(nom)
            page = client.get(PAGE)
            assert "Pas encore public" in dire(page)
            assert "Un projet devient public quand un financeur dit lui avoir voté" in dire(page)
            assert lien in liens(page)
            (objet,) = couche(client, "projets")["features"]
            assert objet["properties"]["sous_titre"] == "1 projet, dont 1 pas encore public"

    def test_vote_il_est_a_tous_sans_marque_ni_lien(self, client, ici, projet):
        fabrique.voter(projet, ici.caisse)
        page = client.get(PAGE)
        dit = dire(page).replace("\u202f", " ")
        assert "Le projet du quartier" in dit and "2 000 € votés" in dit
        assert "3 000" not in dit and "Pas encore public" not in dit
        assert not [lien for lien in liens(page) if f"/projets/{projet.projet_id}/" in lien]
        (objet,) = couche(client, "projets")["features"]
        assert objet["properties"]["adresse"] == f"{PAGE}#projets"
        assert objet["geometry"]["type"] == "Point"
        assert "Le projet du quartier" in dire(client.get("/tilleuls/carte/?couche=projets"))

    def test_l_ancien_quartier_et_son_successeur_montrent_le_meme_projet(self, client, ici, lieux):
        from parvis.territoires.models import Correspondance

        ancien = fabrique.projet(
            ici.version, ici.monde.verger, "D’avant", lieux.verger, etat="recevable"
        )
        fabrique.voter(ancien, ici.caisse)
        assert Correspondance.objects.filter(ancien=lieux.verger).exists()
        assert "D’avant" in dire(client.get(PAGE))

    def test_un_projet_de_tout_le_territoire_est_dans_la_liste_sans_point(self, client, ici):
        large = fabrique.projet(
            ici.version, ici.monde.verger, "Large", etat="recevable", echelle="agglomeration"
        )
        fabrique.voter(large, ici.caisse)
        assert couche(client, "projets")["features"] == []
        page = dire(client.get("/tilleuls/carte/?couche=projets"))
        assert "Large" in page and "non dessiné" in page
        assert "Dans tout le territoire du contrat" in dire(client.get(PAGE))

    def test_au_dela_de_cinq_la_carte_compte_et_la_page_montre_tout(self, client, ici, lieux):
        for rang in range(8):
            vu = fabrique.projet(
                ici.version, ici.monde.verger, f"Projet {rang}", lieux.val, etat="recevable"
            )
            fabrique.voter(vu, ici.caisse)
        (objet,) = couche(client, "projets")["features"]
        assert objet["properties"]["lignes"][-1] == ["Et", "3 projets de plus"]
        assert dire(client.get(PAGE)).count("Projet ") >= 8


@pytest.mark.parametrize("nom", ["visiteur", "gestionnaire", "pilote"])
def test_les_pages_coutent_autant_avec_1_3_ou_50_projets(ici, lieux, nom):
    client = ici.monde.client(nom)
    adresses = (
        PAGE,
        "/tilleuls/carte/?couche=projets&couche=appels",
        "/tilleuls/carte/couches/projets.geojson",
        "/tilleuls/fiches/1-1/",
    )
    couts: dict[str, set[int]] = {adresse: set() for adresse in adresses}
    for nombre in (1, 3, 50):
        while (rang := Projet.objects.count()) < nombre:
            vu = fabrique.projet(
                ici.version, ici.monde.verger, f"P{rang}", lieux.grand_verger, etat="recevable"
            )
            fabrique.voter(vu, ici.caisse)
        for adresse in adresses:
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            couts[adresse].add(len(requetes))
    assert {adresse: c for adresse, c in couts.items() if len(c) > 1} == {}
    assert max(max(c) for c in couts.values()) <= 45, couts
