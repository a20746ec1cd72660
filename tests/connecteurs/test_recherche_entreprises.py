"""Le client de l'annuaire public, contre notre faux service : jamais une page qui tombe ou qui attend."""

import time
from datetime import date
from functools import partial
from math import inf

import pytest
from django.core.cache import cache

from parvis.connecteurs import appel
from parvis.connecteurs.recherche_entreprises import (
    RechercheIndisponible,
    chercher_un_nom,
    chercher_un_numero,
    client,
    faux_serveur,
)
from parvis.connecteurs.recherche_entreprises.faux_serveur import entree
from parvis.connecteurs.recherche_entreprises.reponse import ReponseIllisible, lire

JARDINS, CINE_CLUB = entree(2), entree(11)


@pytest.fixture
def service(brancher):
    """Rend de quoi démarrer le faux service dans un mode."""
    return partial(brancher, faux_serveur, "RECHERCHE_ENTREPRISES")


def test_un_siren_rend_l_organisme_et_son_siege(service):
    serveur = service()
    (trouvee,) = chercher_un_numero(JARDINS["siren"])
    assert (trouvee.nom, trouvee.siret) == ("LES JARDINS DU VERGER", JARDINS["siege"]["siret"])
    assert (trouvee.forme_juridique, trouvee.est_association) == ("9220", True)
    assert (trouvee.commune_code, trouvee.rna) == ("94041", "W941000002")
    assert serveur.appels[0][1].startswith("Parvis")


def test_un_siret_rend_son_etablissement_et_non_le_siege(service):
    service()
    antenne = JARDINS["matching_etablissements"][0]
    (trouvee,) = chercher_un_numero(antenne["siret"])
    assert (trouvee.siret, trouvee.est_siege) == (antenne["siret"], False)
    (siege,) = chercher_un_numero(JARDINS["siege"]["siret"])
    assert siege.est_siege


def test_un_rna_rend_l_association(service):
    service()
    assert [t.siren for t in chercher_un_numero("W941000002")] == [JARDINS["siren"]]


def test_un_organisme_ferme_le_dit(service):
    service()
    (trouvee,) = chercher_un_numero(CINE_CLUB["siren"])
    assert (trouvee.est_fermee, trouvee.fermee_le) == (True, date(2020, 6, 30))


def test_un_nom_rend_tous_ceux_qui_repondent(service):
    service()
    assert len(chercher_un_nom("  du   verger ")) == 3
    assert chercher_un_nom("introuvable") == []


def test_trois_lettres_au_moins(service):
    serveur = service()
    assert chercher_un_nom(" ab ") == []
    assert serveur.appels == []


def test_une_reponse_se_garde(service):
    serveur = service()
    for _ in range(3):
        assert chercher_un_nom("verger")
        assert chercher_un_nom("VERGER")
        assert chercher_un_numero(JARDINS["siren"])
    assert len(serveur.appels) == 2


def test_le_service_presse_est_rappele_une_fois_apres_son_delai(service):
    serveur = service("trop_puis_normal")
    debut = time.monotonic()
    assert chercher_un_nom("verger")
    assert 1 <= time.monotonic() - debut < client.DELAI_TOTAL
    assert len(serveur.appels) == 2


def test_un_delai_plus_long_que_l_ecran_n_est_pas_attendu(service):
    serveur = service("trop")
    serveur.attente = "60"
    debut = time.monotonic()
    with pytest.raises(RechercheIndisponible):
        chercher_un_nom("verger")
    assert time.monotonic() - debut < 1
    assert len(serveur.appels) == 1


@pytest.mark.parametrize(("mode", "appels"), [("trop", 2), ("panne", 2), ("html", 1)])
def test_un_service_en_panne_se_dit_en_francais_sans_insister(service, mode, appels):
    serveur = service(mode)
    with pytest.raises(RechercheIndisponible, match="à la main"):
        chercher_un_nom("verger")
    assert len(serveur.appels) == appels


@pytest.mark.parametrize("mode", ["enorme", "ailleurs"])
def test_une_reponse_hostile_est_refusee(service, mode):
    serveur = service(mode)
    with pytest.raises(RechercheIndisponible):
        chercher_un_nom("verger")
    # La redirection n'est pas suivie.
    assert len(serveur.appels) == 1


def test_des_types_inattendus_ne_font_rien_tomber(service):
    service("types")
    (trouvee,) = chercher_un_nom("lisible")
    assert (trouvee.nom, trouvee.siret, trouvee.sigle) == ("LISIBLE", "", "")
    assert trouvee.fermee_le is None


@pytest.mark.parametrize("contenu", [None, [], {}, {"results": "x"}, {"results": {}}, 3])
def test_une_reponse_sans_liste_est_illisible(contenu):
    with pytest.raises(ReponseIllisible):
        lire(contenu)


def test_un_service_lent_n_arrete_pas_l_ecran(service, monkeypatch):
    monkeypatch.setattr(client, "DELAI_TOTAL", 0.3)
    service("lent", lenteur=1.5)
    debut = time.monotonic()
    with pytest.raises(RechercheIndisponible):
        chercher_un_nom("verger")
    assert time.monotonic() - debut < 1.2


def test_un_nom_de_domaine_sans_reponse_n_arrete_pas_l_ecran(settings, monkeypatch):
    settings.RECHERCHE_ENTREPRISES = "https://annuaire.invalid"
    monkeypatch.setattr(client, "DELAI_TOTAL", 0.2)
    monkeypatch.setattr(client, "_appeler", lambda *args: time.sleep(1.5))
    debut = time.monotonic()
    with pytest.raises(RechercheIndisponible):
        chercher_un_nom("verger")
    assert time.monotonic() - debut < 1


def test_apres_une_panne_on_n_attend_pas_a_chaque_ecran(service):
    serveur = service("panne")
    for _ in range(3):
        with pytest.raises(RechercheIndisponible):
            chercher_un_nom("verger")
    assert len(serveur.appels) == 2
    serveur.mode = "normal"
    cache.delete(client.EN_PANNE)
    assert chercher_un_nom("verger")


def test_ce_qui_est_garde_se_lit_pendant_une_panne(service):
    serveur = service()
    connues = chercher_un_nom("verger")
    serveur.mode = "panne"
    with pytest.raises(RechercheIndisponible):
        chercher_un_nom("autre chose")
    assert chercher_un_nom("verger") == connues


def test_eteinte_la_recherche_le_dit(settings):
    settings.RECHERCHE_ENTREPRISES = ""
    with pytest.raises(RechercheIndisponible, match="éteinte"):
        chercher_un_nom("verger")


def test_personne_au_bout_du_fil(settings):
    settings.RECHERCHE_ENTREPRISES = "http://127.0.0.1:9"
    with pytest.raises(RechercheIndisponible):
        chercher_un_numero(JARDINS["siren"])


@pytest.mark.parametrize(
    ("consigne", "attente"),
    [
        ("", appel.ATTENTE_SANS_CONSIGNE),
        ("2", 2),
        ("-1", 0),
        ("inf", inf),
        ("nan", inf),
        ("lundi", inf),
    ],
)
def test_le_delai_demande_se_lit_sans_confiance(consigne, attente):
    assert appel.attente(consigne) == attente
