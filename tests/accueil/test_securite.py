"""En-têtes de sécurité sur chaque page, page de santé, pages d'erreur."""

import json

import pytest
from django.db import DatabaseError, connection

from tests.accueil.adresses import adresse, motifs

pytestmark = pytest.mark.django_db
ATTENDUS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def directives(reponse) -> dict[str, list[str]]:
    morceaux = [d.split() for d in reponse["Content-Security-Policy"].split(";")]
    return {nom: valeurs for nom, *valeurs in morceaux}


@pytest.mark.parametrize("nom", [*motifs(), "introuvable"])
def test_chaque_page_porte_ses_en_tetes(contrat_publie, client, nom):
    reponse = client.get("/rien-ici/" if nom == "introuvable" else adresse(nom))
    assert {en_tete: reponse[en_tete] for en_tete in ATTENDUS} == ATTENDUS
    assert "geolocation=()" in reponse["Permissions-Policy"]
    politique = directives(reponse)
    assert politique["default-src"] == politique["frame-ancestors"] == ["'none'"]
    assert politique["base-uri"] == ["'none'"]
    for directive, sources in politique.items():
        for source in sources:
            propre = source in ("'self'", "'none'", "data:") or source.startswith("'nonce-")
            assert propre, f"{directive} {source}"
        assert "data:" not in sources or directive == "img-src"


@pytest.mark.parametrize("nom", motifs())
def test_aucune_page_n_appelle_un_autre_hote_ni_n_ecrit_de_code_en_ligne(
    contrat_publie, client, nom
):
    page = client.get(adresse(nom))
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        return
    texte = page.content.decode()
    for interdit in (' style="', " onclick=", " onload=", "javascript:", 'src="http', 'src="//'):
        assert interdit not in texte


def test_un_http_est_renvoye_vers_https_sauf_la_sante(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert client.get("/lexique/")["Location"].startswith("https://")
    assert client.get("/sante/").status_code == 200
    assert "max-age=31536000" in client.get("/lexique/", secure=True)["Strict-Transport-Security"]


def test_un_hote_inconnu_est_refuse(client):
    reponse = client.get("/lexique/", headers={"host": "ailleurs.exemple"})
    assert reponse.status_code == 400


def test_la_sante_dit_que_tout_marche(client):
    reponse = client.get("/sante/")
    assert (reponse.status_code, json.loads(reponse.content)) == (
        200,
        {"etat": "en marche", "base": True},
    )


def test_la_sante_dit_que_la_base_est_perdue(client, monkeypatch):
    def tomber(*args, **kwargs):
        raise DatabaseError("injoignable")

    monkeypatch.setattr(connection, "cursor", tomber)
    reponse = client.get("/sante/")
    assert (reponse.status_code, json.loads(reponse.content)["base"]) == (503, False)


def test_une_panne_ne_dit_rien_de_l_interieur(client, monkeypatch):
    def tomber(*args, **kwargs):
        raise RuntimeError("secret de fabrication")

    monkeypatch.setattr("parvis.socle.sigles.lexique", tomber)
    client.raise_request_exception = False
    reponse = client.get("/lexique/")
    assert reponse.status_code == 500
    assert "secret" not in reponse.content.decode()
    assert "Traceback" not in reponse.content.decode()
    assert "Content-Security-Policy" in reponse.headers


def test_un_test_ne_sort_pas_de_la_machine():
    import socket

    with socket.socket() as prise, pytest.raises(AssertionError, match="pas de réseau"):
        prise.connect(("192.0.2.1", 80))
