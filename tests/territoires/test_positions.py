"""Une adresse se cherche parmi celles qui sont chargées, puis auprès du service, qui peut se taire."""

import pytest

from parvis.connecteurs.geocodage import AdresseCherchee
from parvis.connecteurs.geocodage.faux_serveur import demarre
from parvis.territoires.models import Adresse
from parvis.territoires.queries.positions import LOCALE, SERVICE, chercher, chercher_en_lot
from parvis.territoires.rules.adresses import cle_de_voie
from tests.fabriques.territoires import VAL, commune

pytestmark = pytest.mark.django_db
ICI = (2.40, 48.78)


@pytest.fixture(autouse=True)
def locales(settings):
    """Deux numéros d'une voie chargée, et d'une voie que le service connaît mieux."""
    settings.GEOCODAGE = ""
    val = commune(VAL, codes_postaux="94990")
    for numero, voie in ((1, "Rue Locale"), (3, "Rue Locale"), (1, "Rue des Tilleuls")):
        Adresse.objects.create(
            cle=f"{voie} {numero}",
            commune=val,
            numero=numero,
            voie=voie,
            voie_cle=cle_de_voie(voie),
            code_postal="94990",
            lon=ICI[0],
            lat=ICI[1],
        )


@pytest.fixture
def geocodeur(settings):
    with demarre() as serveur:
        settings.GEOCODAGE = serveur.adresse
        yield serveur


def test_une_adresse_chargee_et_sure_ne_sort_pas_de_la_machine(geocodeur):
    recherche = chercher("1 rue Locale", code_postal="94990")
    premiere = recherche.trouvees[0]
    assert (premiere.libelle, premiere.score, premiere.precision, premiere.origine) == (
        *("1 Rue Locale, 94990 Val-des-Tilleuls", 1.0),
        *("Numéro", LOCALE),
    )
    assert (premiere.lieu.lon, premiere.lieu.lat, premiere.lieu.commune) == (*ICI, VAL)
    assert premiere.lieu.voie == ()
    assert (recherche.panne, geocodeur.appels) == ("", [])


def test_une_voie_porte_toutes_ses_adresses():
    (voie, *_) = chercher("rue Locale", commune=VAL).trouvees
    assert (voie.precision, voie.lieu.voie) == ("Voie, sans numéro", (ICI, ICI))


def test_ce_qui_n_est_pas_charge_se_demande_au_service(geocodeur):
    recherche = chercher("12 avenue du Verger", commune=VAL)
    premiere = recherche.trouvees[0]
    assert (premiere.libelle, premiere.origine, premiere.lieu.commune) == (
        *("12 Avenue du Verger 94990 Val-des-Tilleuls", SERVICE),
        VAL,
    )
    assert premiere.est_sure
    assert len(geocodeur.appels) == 1
    scores = [t.score for t in recherche.trouvees]
    assert scores == sorted(scores, reverse=True)
    assert len(chercher("avenue des Tilleuls", nombre=1).trouvees) == 1


def test_le_service_eteint_se_dit_et_ce_qui_est_charge_reste():
    recherche = chercher("12 rue Lacale", commune=VAL)
    assert "La recherche d’adresses est éteinte" in recherche.panne
    assert [t.origine for t in recherche.trouvees] == [LOCALE] * len(recherche.trouvees)
    assert not any(t.est_sure for t in recherche.trouvees)


def test_en_lot_la_meilleure_des_deux_l_emporte(geocodeur):
    faits = []
    demandes = [
        AdresseCherchee("1 rue Locale", commune_code=VAL),
        AdresseCherchee("12 avenue du Verger", commune_code=VAL),
        AdresseCherchee("8 chemin de Nulle-Part", commune_code=VAL),
        AdresseCherchee(""),
    ]
    trouvees, panne = chercher_en_lot(demandes, faits.append)
    assert [t and t.origine for t in trouvees] == [LOCALE, SERVICE, None, None]
    # Chercher sur place est la première moitié, demander au service la seconde.
    assert (panne, faits) == ("", [2, 2, 4])


def test_en_lot_une_panne_garde_ce_qui_est_deja_trouve(monkeypatch, geocodeur):
    monkeypatch.setattr("parvis.connecteurs.geocodage.LOT_MAXIMAL", 1)
    demandes = [AdresseCherchee(f"{n} avenue du Verger", commune_code=VAL) for n in (2, 4)]
    assert [t.origine for t in chercher_en_lot(demandes)[0]] == [SERVICE, SERVICE]
    assert len(geocodeur.appels) == 2
    geocodeur.mode = "panne"
    trouvees, panne = chercher_en_lot([AdresseCherchee("1 rue Locale"), *demandes])
    assert [t and t.origine for t in trouvees] == [LOCALE, None, None]
    assert "ne répond pas" in panne
