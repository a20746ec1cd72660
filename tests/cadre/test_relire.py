"""Relire une édition en base rend la structure qui l'a écrite."""

import pytest

from parvis.cadre.actions import importer_cadre
from parvis.cadre.contenu import contenu_lu
from parvis.cadre.queries.relire import relire
from tests.fabriques.cadre import MACHINE, petit_contrat


def _sans_catalogue(plat):
    return {cle: v for cle, v in plat.items() if cle[0] not in ("partenaires", "dispositifs")}


@pytest.mark.django_db
def test_une_edition_relue_dit_la_meme_chose(django_assert_num_queries):
    edition = importer_cadre(
        par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai"
    ).edition
    with django_assert_num_queries(13):
        relu = relire(MACHINE, edition)
    assert _sans_catalogue(contenu_lu(relu)) == _sans_catalogue(contenu_lu(petit_contrat()))
    assert relu.notes == petit_contrat().notes
