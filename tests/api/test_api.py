"""L'API de lecture : ce qu'elle rend, à qui, et sa conformité à son propre schéma."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.api.views import api
from parvis.cadre.actions import importer_cadre
from tests.fabriques.cadre import (
    MACHINE,
    contrat_de,
    contrat_publie,
    contrat_publie_avec_tout,
    petit_contrat,
)

pytestmark = pytest.mark.django_db
BASE = "/api/v1/contrats/tilleuls/"
CHEMINS = (
    "",
    "piliers/",
    "fiches/",
    "fiches/1-1/",
    "financeurs/",
    "operateurs/",
    "dispositifs/",
    "recherche/?q=jardin",
)


@pytest.mark.parametrize("chemin", CHEMINS)
def test_chaque_adresse_rend_du_json(client, chemin):
    contrat_publie()
    reponse = client.get(BASE + chemin)
    assert reponse.status_code == 200
    assert reponse.json()


def test_les_contrats_publies_et_eux_seuls(client):
    contrat_publie("tilleuls")
    importer_cadre(par=MACHINE, contrat="chenes", lu=petit_contrat(), source="essai")
    recus = client.get("/api/v1/contrats/").json()
    assert [(c["code"], c["edition"]) for c in recus] == [("tilleuls", "2015-06")]


@pytest.mark.parametrize("chemin", CHEMINS)
def test_un_brouillon_repond_comme_un_contrat_absent(client, chemin):
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai")
    brouillon = client.get(BASE + chemin)
    absent = client.get(BASE.replace("tilleuls", "absent") + chemin)
    assert brouillon.status_code == absent.status_code == 404
    assert brouillon.content == absent.content
    assert brouillon.json() == {"detail": "Introuvable."}


def test_une_fiche_dit_tout(client):
    contrat_publie()
    fiche = client.get(BASE + "fiches/1-1/").json()
    assert [p["nom"] for p in fiche["financeurs"]] == [
        "Communes",
        "Caisse d'allocations familiales",
    ]
    assert fiche["financeurs"][1]["condition"] == "projets familiaux"
    assert fiche["dispositifs"][0]["degre"] == "en_place"
    assert fiche["constats"][0]["valeur"] in ("3.0000", "3")
    assert client.get(BASE + "fiches/9-9/").status_code == 404


def test_une_fiche_dit_ses_declinaisons(client):
    edition = contrat_publie_avec_tout("lieux", contrat_de(2), lieu="Le Pré-Joli")
    numero = edition.versions.first().numero
    (recue,) = client.get(f"/api/v1/contrats/lieux/fiches/{numero}/").json()["declinaisons"]
    assert (recue["lieu"], recue["type"], recue["sections"]) == ("Le Pré-Joli", "quartier", {})
    assert client.get("/api/v1/contrats/lieux/").json()["mots"]["fiche"] == "fiche"


def test_les_criteres_se_combinent(client):
    contrat_publie()
    recues = client.get(BASE + "fiches/", {"public": "jeunes", "mots": "jardin"}).json()
    assert {f["numero"] for f in recues} == {"1-1", "1-2"}
    assert client.get(BASE + "fiches/", {"pilier": "absent"}).json() == []


def test_la_recherche_dit_ses_corrections(client):
    contrat_publie()
    recu = client.get(BASE + "recherche/", {"q": "jardni"}).json()
    assert "jardni" in recu["corrections"]
    assert recu["resultats"]


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_rien_ne_s_ecrit(client, methode):
    contrat_publie()
    for chemin in CHEMINS:
        assert getattr(client, methode)(BASE + chemin).status_code == 405


@pytest.mark.parametrize("chemin", CHEMINS)
def test_une_adresse_coute_autant_avec_1_3_ou_50_fiches(client, chemin):
    couts = {}
    for nombre in (1, 3, 50):
        contrat_publie(f"c{nombre}", lu_=contrat_de(nombre))
        adresse = BASE.replace("tilleuls", f"c{nombre}") + chemin
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        couts[nombre] = len(requetes)
    assert len(set(couts.values())) == 1, couts


def test_le_schema_decrit_chaque_adresse(client):
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) == 9
    for operations in schema["paths"].values():
        assert set(operations) == {"get"}
        assert operations["get"]["summary"]


def test_la_page_de_l_api_cite_chaque_adresse(client):
    page = client.get("/api/").text
    for chemin in api.get_openapi_schema()["paths"]:
        assert chemin in page


@pytest.mark.parametrize("hostile", ["<script>", "' OR 1=1", "\x00", "é" * 3000, "%F0%9F"])
def test_une_demande_hostile_ne_fait_pas_tomber_l_api(client, hostile):
    contrat_publie()
    for nom, parametre in (("recherche/", "q"), ("fiches/", "mots"), ("fiches/", "lieu")):
        assert client.get(BASE + nom, {parametre: hostile}).status_code == 200
