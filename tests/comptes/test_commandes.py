"""Le premier administrateur, depuis la machine."""

import io

import pytest
from django.core.management import CommandError, call_command

from parvis.comptes.models import Rattachement
from parvis.journal.models import Evenement
from parvis.organismes.actions.saisie import creer
from parvis.socle.auteur import Machine
from tests.fabriques.comptes import personne

pytestmark = pytest.mark.django_db


@pytest.fixture
def agglo():
    personne("Ines")
    return creer(par=Machine("essai"), nom="Agglomération", nature="epci", siren="732829320")


def nommer(*arguments: str) -> str:
    sortie = io.StringIO()
    call_command("nommer", *arguments, stdout=sortie)
    return sortie.getvalue()


@pytest.mark.parametrize("organisme", ["agglomération", "732 829 320"])
def test_nomme_un_administrateur(agglo, organisme):
    assert "Administrateur" in nommer("Ines@exemple.fr", organisme)
    assert Rattachement.objects.get().est_confirme
    assert Evenement.objects.filter(action="comptes.nommer").count() == 1


def test_nomme_un_pilote_pour_son_contrat(agglo):
    nommer("ines@exemple.fr", "Agglomération", "--role", "pilote", "--contrat", "tilleuls")
    assert Rattachement.objects.get().contrat == "tilleuls"


@pytest.mark.parametrize(
    ("arguments", "dit"),
    [
        (["absent@exemple.fr", "Agglomération"], "Aucun compte"),
        (["ines@exemple.fr", "Inconnu"], "0 organisme"),
        (["ines@exemple.fr", "Agglomération", "--role", "pilote"], "--contrat"),
        (["ines@exemple.fr", "Agglomération", "--contrat", "tilleuls"], "--contrat"),
    ],
)
def test_dit_ce_qui_ne_va_pas(agglo, arguments, dit):
    with pytest.raises(CommandError, match=dit):
        nommer(*arguments)
    assert not Rattachement.objects.exists()


def test_ne_nomme_pas_deux_fois(agglo):
    nommer("ines@exemple.fr", "Agglomération")
    with pytest.raises(CommandError, match="déjà ce rôle"):
        nommer("ines@exemple.fr", "Agglomération")
