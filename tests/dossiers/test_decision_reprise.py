"""Une décision que l'export d'un portail a dite ne se corrige pas à la main ; sa suite se note."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.enums import EtatDeDemande, Guichet, SourceDuSuivi
from parvis.dossiers.models import Demande
from parvis.dossiers.rules.suivi import Suite
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import depots

pytestmark = pytest.mark.django_db


@decor
def ici():
    return depots.lieux()


@decor
def decidee(ici):
    """Rend une demande que l'export dit accordée, 800 €, hier."""
    dossier = depots.depose(ici)
    return Demande.objects.create(
        dossier=dossier,
        exercice=dossier.exercice,
        rang=9,
        financeur_nom="Fondation du Grand Air",
        guichet=Guichet.AILLEURS,
        montant_demande=Decimal(900),
        etat=EtatDeDemande.ACCORDEE,
        demande_le=timezone.now() - timedelta(days=40),
        montant_vote=Decimal(800),
        vote_le=timezone.localdate() - timedelta(days=1),
        suivi_source=SourceDuSuivi.EXPORT,
        statut_externe="Justifiée",
    )


def la_meme(demande) -> Suite:
    return Suite(etat=demande.etat, vote=demande.montant_vote, vote_le=demande.vote_le)


@pytest.mark.parametrize(
    "autre",
    [
        {"vote": Decimal(801)},
        {"vote_le": timezone.localdate() - timedelta(days=2)},
        {"etat": "refusee", "vote": None, "vote_le": None},
    ],
)
def test_la_decision_du_financeur_ne_se_corrige_pas(ici, decidee, autre):
    with pytest.raises(Refus, match="vient du portail"):
        noter_la_suite(par=ici.porte, demande=decidee, suite=replace(la_meme(decidee), **autre))
    decidee.refresh_from_db()
    assert (decidee.montant_vote, decidee.suivi_source) == (Decimal(800), "export")


def test_sa_suite_se_note_et_elle_reste_celle_du_financeur(ici, decidee):
    jour = timezone.localdate()
    suite = replace(la_meme(decidee), engage=Decimal(800), engage_le=jour)
    noter_la_suite(par=ici.porte, demande=decidee, suite=suite)
    decidee.refresh_from_db()
    assert (decidee.montant_engage, decidee.engage_le) == (Decimal(800), jour)
    assert (decidee.suivi_source, decidee.statut_externe) == ("export", "Justifiée")
