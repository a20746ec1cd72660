"""Le quorum qui tombe en séance : l'écran et le relevé le disent ; rien ne l'arrête."""

import io

import docx
import pytest
from django.urls import reverse

from parvis.instances.actions import noter_les_presences
from parvis.instances.enums import EtatDePresence
from parvis.instances.models import Instance
from parvis.instances.queries import feuille
from parvis.instances.rules import Venue
from parvis.programmation.queries.quorum import quorum_dit, quorum_perdu
from parvis.programmation.queries.releves import releve
from parvis.programmation.rules.seances import dire_le_quorum
from tests.decors import decor
from tests.fabriques import seances
from tests.programmation.essais_de_seance import simple

pytestmark = pytest.mark.django_db
DIT = "Le quorum n’est plus atteint"


@decor
def ouverte():
    """Rend une séance ouverte dont un seul membre fait le quorum."""
    return seances.seance().ouvrir()


def partir(tenue) -> None:
    """Note que la seule voix s'en va."""
    venues = {m.pk: Venue(EtatDePresence.ABSENT) for m in tenue.mandats.values()}
    noter_les_presences(par=tenue.pilote, reunion=tenue.seance.reunion, venues=venues)


def a_l_ecran(tenue) -> str:
    adresse = reverse("pilotage:ecran_de_seance", args=("tilleuls", tenue.seance.pk))
    return tenue.etude.ici.monde.client("pilote").get(adresse).content.decode()


def ecrit(tenue) -> str:
    """Rend les paragraphes du relevé en Word."""
    lu = docx.Document(io.BytesIO(releve(tenue.pilote, tenue.seance, "docx").octets))
    return simple("\n".join(paragraphe.text for paragraphe in lu.paragraphs))


def presents(tenue):
    tenue.seance.refresh_from_db()
    jour = tenue.seance.reunion.commence_le.date()
    return feuille(tenue.seance.reunion, jour=jour)


@pytest.mark.parametrize(("est_ouverte", "est_atteint"), [(False, False), (True, True)])
def test_le_quorum_se_dit_tel_qu_il_est_tant_qu_il_n_est_pas_perdu(est_ouverte, est_atteint):
    assert dire_le_quorum("3 voix", est_ouverte=est_ouverte, est_atteint=est_atteint) == "3 voix"


def test_l_ecran_le_dit_des_qu_une_voix_s_en_va(ouverte):
    assert quorum_perdu(ouverte.seance) == "" and DIT not in a_l_ecran(ouverte)
    partir(ouverte)
    assert quorum_perdu(ouverte.seance).startswith(DIT)
    assert "0 voix sur 1" in quorum_perdu(ouverte.seance)
    assert DIT in a_l_ecran(ouverte)
    # On arbitre encore : aucun texte ne l'interdit.
    ouverte.arbitrer(ouverte.samia, montant="1500")


def test_le_releve_le_dit_aussi(ouverte):
    avant = ecrit(ouverte)
    partir(ouverte)
    ouverte.publier()
    assert quorum_perdu(ouverte.seance) == ""
    assert DIT in simple(quorum_dit(ouverte.seance, presents(ouverte)))
    assert DIT in ecrit(ouverte) and DIT not in avant


def test_avant_d_ouvrir_rien_n_est_perdu():
    tenue = seances.seance()
    Instance.objects.update(quorum=100)
    partir(tenue)
    assert quorum_perdu(tenue.seance) == "" and DIT not in quorum_dit(tenue.seance, presents(tenue))
