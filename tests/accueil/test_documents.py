"""Emporter le document : en Word et en PDF, ce qui est publié et rien d'autre."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions import importer_cadre
from parvis.cadre.queries import documents_ecrits
from tests.fabriques.cadre import MACHINE, contrat_publie, petit_contrat

pytestmark = pytest.mark.django_db
EDITION = "/tilleuls/editions/2015-06"
DEBUTS = {"docx": b"PK", "pdf": b"%PDF"}


@pytest.mark.parametrize("extension", DEBUTS)
@pytest.mark.parametrize(
    ("adresse", "nom"),
    [(EDITION, "tilleuls-2015-06"), (f"{EDITION}/fiches/1-1", "tilleuls-2015-06-fiche-1-1")],
)
def test_le_document_s_emporte(client, adresse, nom, extension):
    contrat_publie()
    recu = client.get(f"{adresse}/document.{extension}")
    assert recu.content.startswith(DEBUTS[extension])
    assert recu.headers["Content-Type"] == documents_ecrits.ECRIVAINS[extension][1]
    assert recu.headers["Content-Disposition"] == f'attachment; filename="{nom}.{extension}"'


@pytest.mark.parametrize(
    "adresse",
    [
        f"{EDITION}/document.odt",
        f"{EDITION}/fiches/1-1/document.txt",
        f"{EDITION}/fiches/9-9/document.pdf",
        "/tilleuls/editions/1999-01/document.docx",
        "/ailleurs/editions/2015-06/document.docx",
    ],
)
def test_ce_qui_n_existe_pas_est_introuvable(client, adresse):
    contrat_publie()
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize("suite", ["document.docx", "fiches/1-1/document.pdf"])
def test_un_brouillon_ne_s_emporte_pas(client, suite):
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai")
    assert client.get(f"{EDITION}/{suite}").status_code == 404


def test_une_edition_publiee_ne_s_ecrit_qu_une_fois(client):
    contrat_publie()
    comptes = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            client.get(f"{EDITION}/document.docx")
        comptes.append(len(requetes))
    assert comptes[1] == 1
    assert comptes[0] <= 15


def test_deux_editions_ne_se_melangent_pas(client):
    contrat_publie()
    contrat_publie("voisin", petit_contrat(titre="Contrat de ville voisin"))
    ici = client.get(f"{EDITION}/document.docx").content
    assert ici != client.get("/voisin/editions/2015-06/document.docx").content


@pytest.mark.parametrize(
    ("page", "liens"),
    [
        ("/tilleuls/sommaire/", [f"{EDITION}/document.pdf", f"{EDITION}/document.docx"]),
        (f"{EDITION}/", [f"{EDITION}/document.pdf", f"{EDITION}/document.docx"]),
        ("/tilleuls/fiches/1-1/", [f"{EDITION}/fiches/1-1/document.docx"]),
        (f"{EDITION}/fiches/1-1/", [f"{EDITION}/fiches/1-1/document.pdf"]),
    ],
)
def test_les_pages_y_menent(client, page, liens):
    contrat_publie()
    recue = client.get(page).text
    assert all(f'href="{lien}"' in recue for lien in liens)
