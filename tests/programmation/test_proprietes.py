"""Quelle que soit la suite de mouvements et de votes, les compteurs égalent la somme et rien ne dépasse."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.dossiers.models import Demande
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe
from parvis.programmation.rules.enveloppes import motifs_empechant_de_voter
from parvis.socle.refus import Refus
from tests.fabriques.enveloppes import demande, enveloppe, voter
from tests.programmation.controle import ecarts

MONTANTS = st.sampled_from([Decimal(m) for m in ("-300", "-40", "-0.01", "0", "0.01", "40", "300")])
VOTES = st.sampled_from([Decimal(m) for m in ("0", "0.01", "40", "150", "400", "1000.01")])
RANG = st.integers(0, 3)
PAS = st.one_of(
    st.tuples(st.just("doter"), RANG, RANG, MONTANTS),
    st.tuples(st.just("deleguer"), RANG, RANG, MONTANTS),
    st.tuples(st.just("reporter"), RANG, RANG, MONTANTS),
    st.tuples(st.just("imputer"), RANG, RANG, MONTANTS),
    st.tuples(st.just("desimputer"), RANG, RANG, MONTANTS),
    st.tuples(st.just("voter"), RANG, RANG, VOTES),
    st.tuples(st.just("annuler le vote"), RANG, RANG, VOTES),
)


def mener(b, enveloppes, demandes, pas) -> None:
    """Fait un pas par la vraie action ; la base refuse un vote exactement quand la loi le refuse."""
    nom, un, deux, montant = pas
    acte = {
        "par": b.caissiere,
        "montant": montant,
        "decide_le": timezone.localdate(),
        "motif": "Acte",
    }
    prise = Demande.objects.get(pk=demandes[deux].pk)
    if nom == "doter":
        actions.doter(enveloppe=enveloppes[un], **acte)
    elif nom in ("deleguer", "reporter"):
        getattr(actions, nom)(depuis=enveloppes[un], vers=enveloppes[deux], **acte)
    elif nom == "imputer":
        actions.imputer(par=b.caissiere, demande=prise, enveloppe=enveloppes[un])
    elif nom == "desimputer":
        actions.desimputer(par=b.caissiere, demande=prise)
    elif nom == "voter":
        sienne = Enveloppe.objects.filter(imputations__demande=prise).first()
        deja = prise.montant_vote or Decimal(0)
        motifs = (
            motifs_empechant_de_voter(montant=montant, deja=deja, reste=sienne.montant_reste)
            if sienne
            else []
        )
        if not motifs:
            voter(prise, montant)
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            voter(prise, montant)
    else:
        prise.montant_vote = prise.vote_le = None
        prise.save()


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(suite=st.lists(PAS, max_size=12))
def test_les_compteurs_egalent_toujours_la_somme_recomptee(bourse, suite):
    with transaction.atomic():
        mere = enveloppe(bourse, 1000)
        enveloppes = [
            mere,
            enveloppe(bourse, 400, ligne="Part", mere=mere),
            enveloppe(bourse, 50, exercice=bourse.exercice + 1),
            enveloppe(bourse, 0, ligne="Autre"),
        ]
        demandes = [demande(bourse, mere) for _ in range(2)] + [demande(bourse) for _ in range(2)]
        for pas in suite:
            # Un acte passe, ou la loi le refuse : jamais la base après que la loi l'a permis.
            with suppress(Refus, Enveloppe.DoesNotExist), transaction.atomic():
                mener(bourse, enveloppes, demandes, pas)
            assert ecarts() == []
        transaction.set_rollback(True)
