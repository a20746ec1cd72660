"""Les courriels abandonnés se voient, se relancent, et la relance laisse une trace."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from parvis.courriels import actions
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement

pytestmark = pytest.mark.django_db


@pytest.fixture
def mortes():
    """Rend deux courriels abandonnés."""
    for rang in range(2):
        with transaction.atomic():
            actions.deposer(
                destinataire=f"{rang}@x.example", sujet=Sujet.SECURITE, objet="Code", texte="x"
            )
        actions.noter_l_echec(
            courriel=actions.prendre(executant="x"),
            executant="x",
            erreur="Boîte inconnue.",
            est_definitif=True,
        )
    return list(Courriel.objects.all())


def lancer(*arguments: str) -> str:
    sortie = io.StringIO()
    call_command("lettres_mortes", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_elles_se_lisent_sans_rien_changer(mortes):
    sortie = lancer()
    assert "0@x.example" in sortie
    assert "Boîte inconnue." in sortie
    assert sortie.endswith("2 courriels abandonnés.\n")
    assert not Courriel.objects.exclude(etat=Etat.ABANDONNE).exists()


def test_elles_se_relancent_toutes_ou_une(mortes):
    assert lancer(str(mortes[0].identifiant), "--relancer").endswith("1 courriel relancé.\n")
    assert Courriel.objects.get(etat=Etat.A_ENVOYER) == mortes[0]
    assert lancer("--relancer").endswith("1 courriel relancé.\n")
    assert lancer() == "0 courriel abandonné.\n"


def test_un_courriel_qui_n_est_pas_abandonne_est_dit(mortes):
    with pytest.raises(CommandError, match="n'existe pas"):
        lancer(str(uuid.uuid4()))


def test_relancer_laisse_une_trace_sans_adresse_et_une_seule(mortes):
    lancer("--relancer")
    lancer("--relancer")
    evenement = Evenement.objects.get()
    assert evenement.action == "pilotage.relancer"
    assert "@" not in f"{evenement.objet_nom} {evenement.details.contenu}"
