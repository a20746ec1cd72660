"""Mon espace : ce qu'une personne y retrouve de ses demandes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.comptes.actions import rattachements
from parvis.comptes.models import Rattachement
from tests.comptes.conftest import revendiquer
from tests.fabriques.comptes import organisme, rattachement

pytestmark = pytest.mark.django_db

TITRE = "Demandes refusées"


def page_de(lieux, nom="inscrit") -> str:
    return lieux.client(nom).get("/compte/").content.decode()


def refuser(lieux) -> Rattachement:
    return rattachements.refuser(
        par=lieux.acteurs["gestionnaire"],
        rattachement=revendiquer(lieux),
        motif="Inconnue au bureau.",
    )


class TestDemandeRefusee:
    def test_la_personne_la_retrouve(self, lieux):
        assert TITRE not in page_de(lieux)
        refuser(lieux)
        page = page_de(lieux)
        assert TITRE in page and "Les Amis du Verger" in page

    def test_personne_d_autre_ne_la_voit(self, lieux):
        refuser(lieux)
        assert TITRE not in page_de(lieux, "gestionnaire")

    def test_elle_se_tait_quand_la_personne_redemande(self, lieux):
        refuser(lieux)
        revendiquer(lieux)
        assert TITRE not in page_de(lieux)

    @pytest.mark.parametrize(("jours", "se_voit"), [(29, True), (31, False)])
    def test_elle_se_tait_apres_trente_jours(self, lieux, jours, se_voit):
        refusee = refuser(lieux)
        refusee.clos_le -= timedelta(days=jours)
        refusee.save(update_fields=["clos_le"])
        assert (TITRE in page_de(lieux)) is se_voit


def test_le_nombre_de_requetes_ne_suit_pas_celui_des_roles_ni_des_refus(lieux):
    qui, lues = lieux.acteurs["gestionnaire"].utilisateur, []
    client = lieux.client("gestionnaire")
    for rang in (1, 2, 8):
        for numero in range(rang * 10, rang * 10 + rang * 2):
            rattachement(qui, organisme(f"Tenu {numero}"), "gestionnaire")
            rattachement(qui, organisme(f"Refusé {numero}"), "lecteur", etat="refuse")
        client.get("/compte/")
        with CaptureQueriesContext(connection) as requetes:
            assert f"Refusé {rang * 10}" in client.get("/compte/").content.decode()
        lues.append(len(requetes))
    assert len(set(lues)) == 1, lues
