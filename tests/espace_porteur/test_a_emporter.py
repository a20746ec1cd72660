"""Emporter un dossier : son PDF et ses pièces, depuis chaque page où l'on en a besoin."""

import io
import zipfile

import pytest
from django.urls import reverse

from parvis.dossiers.actions.liens import creer_un_lien
from parvis.socle.typographie import ImpressionImpossible
from tests.decors import decor
from tests.espace_porteur.conftest import lire
from tests.fabriques import depots
from tests.fabriques.pdf import pages, texte

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reserve(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ANTIVIRUS = tmp_path / "fichiers", ""


@decor
def ici(lieux, contrat):
    return depots.lieux(lieux, contrat)


def adresse(nom, *args):
    return reverse(f"espace_porteur:{nom}", args=("tilleuls", *args))


def test_le_brouillon_s_emporte_de_sa_page_et_de_la_verification(ici, site):
    dossier = depots.brouillon(ici)
    for nom in ("dossier", "verifier"):
        page = lire(site.get(nom, dossier.pk))
        for lien in ("dossier_imprime", "pieces_a_emporter"):
            assert f'href="{adresse(lien, dossier.pk)}"' in page
    reponse = site.get("dossier_imprime", dossier.pk)
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"].startswith('attachment; filename="brouillon-')
    assert "Brouillon, non déposé" in pages(reponse.content)[0]


def test_le_depose_s_emporte_de_ses_pages(ici, site):
    dossier = depots.depose(ici)
    for nom in ("dossier", "recepisses", "suites"):
        page = lire(site.get(nom, dossier.pk))
        for lien in ("dossier_imprime", "pieces_a_emporter"):
            assert f'href="{adresse(lien, dossier.pk)}"' in page
    suivi = lire(site.get("suivi", dossier.projet_id))
    assert f'href="{adresse("dossier_imprime", dossier.pk)}"' in suivi
    page = lire(site.get("depose", dossier.pk))
    for lien in ("version_imprimee", "pieces_deposees"):
        assert f'href="{adresse(lien, dossier.pk, 1)}"' in page
    derniere = site.get("dossier_imprime", dossier.pk)
    assert (
        derniere["Content-Disposition"] == f'attachment; filename="dossier-{dossier.reference}.pdf"'
    )
    assert dossier.reference.replace("-", "") in texte(derniere.content)
    assert site.get("version_imprimee", dossier.pk, 1).content == derniere.content
    assert site.get("version_imprimee", dossier.pk, 2).status_code == 404


def test_l_archive_part_a_mesure_et_rien_ne_la_garde(ici, site):
    dossier = depots.depose(ici)
    reponse = site.get("pieces_a_emporter", dossier.pk)
    assert reponse.streaming and reponse["Content-Type"] == "application/zip"
    assert reponse["Cache-Control"] == "private, no-store"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert (
        reponse["Content-Disposition"] == f'attachment; filename="pieces-{dossier.reference}.zip"'
    )
    octets = reponse.getvalue()
    assert len(zipfile.ZipFile(io.BytesIO(octets)).namelist()) == dossier.pieces.count() + 1
    assert site.get("pieces_deposees", dossier.pk, 1).getvalue() == octets
    assert site.get("pieces_deposees", dossier.pk, 2).status_code == 404


def test_qui_lit_seulement_n_emporte_pas_le_releve_bancaire(ici, comme):
    dossier = depots.depose(ici)
    archive = comme("lecteur").get("pieces_a_emporter", dossier.pk).getvalue()
    noms = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert len(noms) == dossier.pieces.count() and not any("RIB" in nom for nom in noms)


def test_un_dossier_trop_long_a_composer_le_dit_sans_page_d_erreur(ici, site, monkeypatch):
    def renoncer(*_):
        raise ImpressionImpossible("trop long")

    monkeypatch.setattr("parvis.dossiers.queries.dossiers_imprimes.composer_un_pdf", renoncer)
    dossier = depots.brouillon(ici)
    reponse = site.get("dossier_imprime", dossier.pk)
    assert reponse.status_code == 302 and reponse["Location"] == adresse("dossier", dossier.pk)
    assert "n’a pas pu être mis en PDF" in lire(site.get("dossier", dossier.pk))


def test_on_relit_tout_avant_de_deposer(ici, site):
    dossier = depots.pret(ici)
    lien = f'href="{adresse("dossier_imprime", dossier.pk)}"'
    assert lien in lire(site.get("deposer", dossier.pk))
    assert lien in lire(site.get("section", dossier.pk, "attestations"))


def test_le_lien_de_la_tresoriere_ne_mene_pas_au_dossier(ici, client):
    dossier = depots.depose(ici)
    _, jeton = creer_un_lien(par=ici.porte, projet=dossier.projet, pour="La trésorière")
    lecture = client.get(reverse("espace_porteur:lecture", args=(jeton,)))
    assert lecture.status_code == 200 and ".pdf" not in lire(lecture)
