"""Un décor est posé une fois, et chaque test le trouve neuf ; qui ne le demande pas ne le voit pas."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parvis.organismes.models import Organisme
from tests.decors import Decors, decor
from tests.fabriques.comptes import organisme

pytestmark = pytest.mark.django_db


@decor
def verger():
    default_storage.save("verger.txt", ContentFile(b"des arbres"))
    return organisme("Le Verger")


@decor
def voisins(verger):
    return [verger, organisme("Le Moulin")]


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"


def noms() -> set[str]:
    return set(Organisme.objects.values_list("nom", flat=True))


@pytest.mark.parametrize("rang", range(3))
class TestUnDecor:
    def test_chacun_le_trouve_comme_il_a_ete_pose(self, verger, rang):
        assert noms() == {"Le Verger"} == {verger.nom}
        verger.nom = "La Friche"
        verger.save()
        organisme("Un autre")

    def test_chacun_a_ses_fichiers(self, verger, rang):
        with default_storage.open("verger.txt") as fichier:
            assert fichier.read() == b"des arbres"
        default_storage.delete("verger.txt")

    def test_un_decor_part_d_un_autre(self, voisins, verger, rang):
        assert noms() == {"Le Verger", "Le Moulin"}
        assert voisins[0] is verger
        Organisme.objects.filter(nom="Le Moulin").update(nom="La Friche")

    def test_qui_ne_le_demande_pas_ne_le_voit_pas(self, rang):
        assert noms() == set()

    @pytest.mark.django_db(transaction=True)
    def test_un_test_qui_valide_ses_transactions_a_le_sien(self, voisins, rang):
        assert noms() == {"Le Verger", "Le Moulin"}


def test_il_n_est_pose_qu_une_fois_et_se_defait(tmp_path_factory):
    poses = []

    def moulin():
        poses.append(organisme("Le Moulin"))
        return poses[-1]

    decors = Decors(lambda: tmp_path_factory.mktemp("decor"))
    for _ in range(2):
        decors.monter({"moulin": moulin})
        assert decors.copies()["moulin"] == poses[0] and noms() == {"Le Moulin"}
    assert len(poses) == 1
    decors.monter({})
    assert noms() == set()


def test_un_decor_qui_echoue_ne_laisse_rien(tmp_path_factory):
    def rate():
        organisme("Le Moulin")
        raise ValueError

    decors = Decors(lambda: tmp_path_factory.mktemp("decor"))
    with pytest.raises(ValueError):
        decors.monter({"rate": rate})
    assert noms() == set() and decors.etages == []
