"""Le géocodeur qui va mal : l'écran continue, et l'adresse cherchée ne se répand pas."""

import logging
import time
from functools import partial

import pytest
from django.core.cache import cache

from parvis.connecteurs.geocodage import (
    AdresseCherchee,
    AdresseTrouvee,
    GeocodageIndisponible,
    chercher,
    chercher_en_lot,
    client,
    faux_serveur,
)

TILLEULS = AdresseCherchee("12 rue des Tilleuls, Val-des-Tilleuls")
BATELIERS = AdresseCherchee("7 boulevard des Bateliers")


@pytest.fixture
def service(brancher):
    """Rend de quoi démarrer le faux service dans un mode."""
    return partial(brancher, faux_serveur, "GEOCODAGE")


def une_adresse():
    return chercher(TILLEULS)


def un_lot():
    return chercher_en_lot([TILLEULS, BATELIERS])


les_deux = pytest.mark.parametrize("demander", [une_adresse, un_lot])


class TestQuandLeServiceVaMal:
    @les_deux
    @pytest.mark.parametrize(("mode", "appels"), [("trop", 2), ("panne", 2), ("html", 1)])
    def test_se_dit_en_francais_sans_insister(self, service, demander, mode, appels):
        serveur = service(mode)
        serveur.attente = "0.1"
        with pytest.raises(GeocodageIndisponible, match="placez le point sur la carte"):
            demander()
        assert len(serveur.appels) == appels

    @les_deux
    @pytest.mark.parametrize("mode", ["enorme", "ailleurs"])
    def test_une_reponse_hostile_est_refusee(self, service, demander, mode):
        serveur = service(mode)
        with pytest.raises(GeocodageIndisponible):
            demander()
        # La redirection n'est pas suivie.
        assert len(serveur.appels) == 1

    @les_deux
    def test_une_barre_finale_demandee_se_suit_une_fois(self, service, demander):
        serveur = service("barre")
        assert demander()[0].voie == "Rue des Tilleuls"
        un, deux = (chemin for _, chemin, _ in serveur.appels)
        assert deux == f"{un}/"

    @les_deux
    def test_le_service_presse_est_rappele_une_fois(self, service, demander):
        serveur = service("trop_puis_normal")
        serveur.attente = "0.2"
        assert demander()[0].numero == "12"
        assert len(serveur.appels) == 2
        assert serveur.appels[0] == serveur.appels[1]

    def test_un_delai_plus_long_que_l_ecran_n_est_pas_attendu(self, service):
        serveur = service("trop")
        serveur.attente = "60"
        debut = time.monotonic()
        with pytest.raises(GeocodageIndisponible):
            chercher(TILLEULS)
        assert time.monotonic() - debut < 1
        assert len(serveur.appels) == 1

    def test_des_types_inattendus_ne_font_rien_tomber(self, service):
        service("types")
        assert chercher(TILLEULS) == [AdresseTrouvee("LISIBLE", 1.0, "", 2.39, 48.79)]

    def test_un_lot_qui_n_est_pas_un_tableau_est_une_panne(self, service):
        service("types")
        with pytest.raises(GeocodageIndisponible):
            un_lot()

    @les_deux
    def test_un_service_lent_n_arrete_pas_l_ecran(self, service, monkeypatch, demander):
        monkeypatch.setattr(client, "DELAI_TOTAL", 0.3)
        monkeypatch.setattr(client, "DELAI_D_UN_LOT", 0.3)
        service("lent", lenteur=1.5)
        debut = time.monotonic()
        with pytest.raises(GeocodageIndisponible):
            demander()
        assert time.monotonic() - debut < 1.2

    def test_un_lot_a_plus_de_temps_qu_une_adresse(self, service, monkeypatch):
        monkeypatch.setattr(client, "DELAI_TOTAL", 0.2)
        service("lent", lenteur=0.6)
        assert un_lot()[0].numero == "12"

    def test_apres_une_panne_on_n_attend_pas_a_chaque_ecran(self, service):
        serveur = service("panne")
        for demander in (une_adresse, un_lot, une_adresse):
            with pytest.raises(GeocodageIndisponible):
                demander()
        assert len(serveur.appels) == 2
        serveur.mode = "normal"
        cache.delete(client.EN_PANNE)
        assert chercher(TILLEULS)

    def test_une_demande_refusee_n_arrete_pas_les_autres(self, service, monkeypatch):
        serveur = service()
        monkeypatch.setattr(client, "NOMBRE_MAXIMAL", 1000)
        with pytest.raises(GeocodageIndisponible):
            chercher(TILLEULS, 1000)
        assert chercher(TILLEULS, 5)
        assert len(serveur.appels) == 2

    def test_une_mauvaise_adresse_de_service_se_repose(self, service, settings):
        serveur = service()
        settings.GEOCODAGE = f"{serveur.adresse}/geocodage/"
        for _ in range(2):
            with pytest.raises(GeocodageIndisponible):
                chercher(TILLEULS)
        assert [chemin for _, chemin, _ in serveur.appels] == ["/geocodage/search"]

    @les_deux
    def test_eteint_le_service_le_dit(self, settings, demander):
        settings.GEOCODAGE = ""
        with pytest.raises(GeocodageIndisponible, match="éteinte"):
            demander()

    @les_deux
    @pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://[::1", "pas une adresse"])
    def test_personne_au_bout_du_fil(self, settings, demander, base):
        settings.GEOCODAGE = base
        with pytest.raises(GeocodageIndisponible):
            demander()


class TestUneAdresseEstPersonnelle:
    @pytest.mark.parametrize("mode", ["normal", "html", "ailleurs", "barre", "panne"])
    def test_ni_journalisee_ni_gardee_en_clair(self, service, caplog, mode):
        serveur = service(mode)
        serveur.attente = "0"
        caplog.set_level(logging.DEBUG)
        for demander in (une_adresse, un_lot):
            try:
                demander()
            except GeocodageIndisponible as panne:
                assert "illeuls" not in str(panne)
            cache.delete(client.EN_PANNE)
        assert serveur.appels
        assert "illeuls" not in caplog.text
        # Les valeurs sont des adresses publiques, qui ne disent pas qui les cherche.
        assert "illeuls" not in "".join(cache._cache)
