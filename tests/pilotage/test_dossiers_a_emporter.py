"""Le pilote emporte un dossier déposé : son PDF, et ses pièces sans le relevé bancaire."""

import io
import zipfile

import pytest
from django.urls import reverse

from parvis.journal.models import Evenement
from tests.decors import decor
from tests.fabriques import depots
from tests.fabriques.pdf import texte
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@decor
def ici():
    return depots.lieux()


@decor
def recu(ici):
    return depots.depose(ici)


def adresse(nom, pk):
    return reverse(f"pilotage:{nom}", args=("tilleuls", pk))


def test_la_page_mene_au_pdf_et_aux_pieces_de_la_version_lue(ici, recu):
    pilote = ici.monde.client("pilote")
    page = lire(pilote.get(adresse("dossier", recu.pk)))
    for nom in ("dossier_imprime", "pieces_a_emporter"):
        assert f'href="{adresse(nom, recu.pk)}?version=1"' in page


def test_le_pdf_est_celui_du_porteur_et_une_version_absente_n_existe_pas(ici, recu):
    pilote = ici.monde.client("pilote")
    recue = pilote.get(adresse("dossier_imprime", recu.pk))
    du_porteur = reverse("espace_porteur:dossier_imprime", args=("tilleuls", recu.pk))
    assert recue.content == ici.monde.client("gestionnaire").get(du_porteur).content
    assert "Caissede" in texte(recue.content)
    for nom in ("dossier_imprime", "pieces_a_emporter"):
        assert pilote.get(adresse(nom, recu.pk), {"version": "7"}).status_code == 404


def test_l_archive_du_pilote_n_a_pas_le_releve_bancaire(ici, recu):
    avant = Evenement.objects.count()
    reponse = ici.monde.client("pilote").get(adresse("pieces_a_emporter", recu.pk))
    archive = zipfile.ZipFile(io.BytesIO(reponse.getvalue()))
    assert len(archive.namelist()) == recu.pieces.count()
    assert not any("RIB" in nom for nom in archive.namelist())
    # Lire n'est pas un acte : comme pour une pièce seule, rien ne s'écrit.
    assert Evenement.objects.count() == avant
