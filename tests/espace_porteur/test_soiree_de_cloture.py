"""Ce que coûte chaque geste de la soirée de clôture, quand deux cents personnes le font à la fois."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.fabriques import depots, fichiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reserve(tmp_path, settings):
    settings.MEDIA_ROOT, settings.ANTIVIRUS = tmp_path / "fichiers", ""


@pytest.fixture
def dossier(lieux, contrat):
    return depots.brouillon(depots.lieux(lieux, contrat))


LECTURES = {"projet": 21, "pieces": 27, "attestations": 22, "verifier": 25}


@pytest.mark.parametrize("page", LECTURES)
def test_une_page_ne_lit_qu_une_fois_ce_qu_elle_montre(
    site, dossier, django_assert_max_num_queries, page
):
    adresse = ("section", dossier.pk, page) if page == "projet" else (page, dossier.pk)
    site.get(*adresse)
    with django_assert_max_num_queries(LECTURES[page]):
        reponse = site.get(*adresse)
    assert reponse.status_code == 200


def test_joindre_une_piece_ne_relit_pas_toutes_les_autres(
    site, dossier, django_assert_max_num_queries
):
    envoye = SimpleUploadedFile("statuts.pdf", fichiers.pdf())
    with django_assert_max_num_queries(25):
        site.post("pieces", dossier.pk, cle="statuts", fichiers=[envoye])
    assert dossier.pieces.get().cle == "statuts"


def test_signer_tout_d_un_geste_tient_le_dossier_une_seule_fois(
    site, dossier, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as compte:
        signe = {"fonction": "Présidente", "tout": "oui", "precision-aides_publiques": "au_plus"}
        site.post("attestations", dossier.pk, **signe)
    assert dossier.attestations.count() == 4
    tenus = [q["sql"] for q in compte if q["sql"].startswith('SELECT "dossiers_dossier"')]
    assert len(tenus) == 2, "lu pour la page, puis tenu pour signer"
