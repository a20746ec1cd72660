"""Les échanges à l'écran du pilote : il lit tout, demande, et clôt ce qu'il a demandé."""

import pytest
from django.urls import reverse

from parvis.instruction.actions.equipe import se_deporter
from tests.decors import decor
from tests.fabriques import instruction
from tests.fabriques.comptes import entrer, envoi
from tests.fabriques.echanges import AU_PORTEUR, AUX_SERVICES, au_porteur, aux_services
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@decor
def etude():
    return instruction.etude()


@pytest.fixture
def agir(etude):
    """Rend de quoi demander une page de ce dossier au nom du pilote."""
    client = entrer(etude.pilote.utilisateur)

    def _agir(nom, *suite, **champs):
        adresse = reverse(f"pilotage:{nom}", args=("tilleuls", etude.dossier.pk, *suite))
        return (
            client.post(adresse, envoi(etude.pilote, **champs)) if champs else client.get(adresse)
        )

    return _agir


def test_le_pilote_lit_tout_demande_et_clot_ce_qu_il_demande(etude, agir):
    question, cachee = (
        au_porteur(etude.samia, etude.dossier),
        aux_services(etude.olga, etude.dossier),
    )
    page = lire(agir("dossier"))
    for dit in (AU_PORTEUR, AUX_SERVICES, "1 question entre services, 1 attend une réponse"):
        assert dit in page
    assert "Ne plus attendre de réponse" not in page
    for visee in (question, cachee):
        assert agir("repondre_a_une_question", visee.pk, texte="Vu.").status_code == 302
        assert agir("clore_une_question", visee.pk, oui="oui").status_code == 404
    posee = agir("poser_une_question", sorte="entre_services", texte="Qui vient mardi ?")
    assert posee.status_code == 302
    sienne = etude.dossier.echanges.latest("pk")
    assert sienne.organisme == etude.ici.monde.agglo
    assert agir("clore_une_question", sienne.pk, oui="oui").status_code == 302
    assert "1 question close" in lire(agir("dossier"))


def test_un_pilote_deporte_n_atteint_plus_rien(etude, agir):
    question = au_porteur(etude.samia, etude.dossier)
    se_deporter(par=etude.pilote, dossier=etude.dossier, motif="Un lien.")
    assert agir("dossier").status_code == 404
    assert agir("poser_une_question").status_code == 404
    assert agir("repondre_a_une_question", question.pk, texte="Vu.").status_code == 404
