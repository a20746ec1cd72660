"""Toute suite d'actes laisse versé sous engagé sous voté, chaque colonne égale à sa somme."""

from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.conventions.actions import retraits, reversements
from parvis.conventions.actions.versements import annuler_un_versement
from parvis.conventions.models import Retrait, Reversement, Versement
from parvis.socle.refus import Refus
from tests.conventions.controle import ecarts
from tests.decors import decor
from tests.fabriques import versements as fabrique


@decor
def guichet() -> fabrique.Guichet:
    rendu = fabrique.guichet(("1000.01", "333.33"), acompte=37)
    rendu.sans_bilan_attendu()
    return rendu


CENTIMES = st.integers(1, 160_000)
GESTES = st.lists(
    st.one_of(
        st.tuples(st.just("payer"), CENTIMES, st.integers(0, 1), st.booleans()),
        st.tuples(st.just("annuler"), st.integers(0, 5)),
        st.tuples(st.just("redemander"), CENTIMES, st.integers(0, 1)),
        st.tuples(st.just("recevoir"), st.integers(0, 5)),
        st.tuples(st.just("rendre_a_recevoir"), st.integers(0, 5)),
        st.tuples(st.just("renoncer"), st.integers(0, 5)),
        st.tuples(st.just("entendre"), st.integers(-50, 0)),
        st.tuples(st.just("retirer"), st.booleans()),
        st.tuples(st.just("clore")),
    ),
    min_size=1,
    max_size=9,
)


def _un(modele, rang: int):
    tous = list(modele.objects.order_by("pk"))
    return tous[rang % len(tous)] if tous else None


def jouer(guichet: fabrique.Guichet, geste: tuple) -> None:
    """Fait un geste par la vraie action ; ce qui n'existe pas ne se fait pas."""
    sorte, *suite = geste
    jour, par = timezone.localdate(), guichet.samia
    if sorte == "payer":
        centimes, rang, desordre = suite
        echeance = guichet.echeances[rang].pk
        guichet.payer(str(Decimal(centimes) / 100), echeance=echeance, hors_de_l_ordre=desordre)
    elif sorte == "redemander":
        guichet.reversement(str(Decimal(suite[0]) / 100), rang=suite[1])
    elif sorte == "entendre":
        guichet.observations(manquement_le=jour + suite[0] * fabrique.UN_JOUR)
    elif sorte == "clore":
        guichet.clore()
    elif sorte == "annuler" and (fait := _un(Versement, suite[0])):
        annuler_un_versement(par=par, versement=fait, motif="Essai")
    elif sorte == "recevoir" and (du := _un(Reversement, suite[0])):
        reversements.recevoir_un_reversement(par=par, reversement=du, recu_le=jour)
    elif sorte == "rendre_a_recevoir" and (du := _un(Reversement, suite[0])):
        reversements.annuler_la_reception(par=par, reversement=du, motif="Essai")
    elif sorte == "renoncer" and (du := _un(Reversement, suite[0])):
        reversements.abandonner_un_reversement(par=par, reversement=du, motif="Essai")
    elif sorte == "retirer" and (ouvert := Retrait.objects.exclude(etat="abandonne").first()):
        if suite[0] and ouvert.etat == "a_entendre":
            retraits.noter_les_observations(
                par=par, retrait=ouvert, observations="Essai", recues_le=jour
            )
        retraits.retirer(par=par, retrait=ouvert, sans_verser=True)


class Defaire(Exception):
    pass


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GESTES)
def test_toute_suite_de_gestes_laisse_les_sommes_justes(guichet, gestes):
    with suppress(Defaire), transaction.atomic():
        for geste in gestes:
            # Un refus dit pourquoi ; une erreur de la base ferait échouer l'essai.
            with suppress(Refus):
                jouer(guichet, geste)
            assert ecarts() == []
        raise Defaire


def test_les_suites_essayees_ne_sont_pas_toutes_refusees(guichet):
    """Le témoin : une suite choisie fait chaque geste une fois, et les sommes sont celles attendues."""
    for geste in (
        ("payer", 40_000, 0, False),
        ("annuler", 0),
        ("payer", 84_000, 1, True),
        ("redemander", 10_000, 0),
        ("renoncer", 0),
        ("redemander", 10_000, 0),
        ("recevoir", 1),
        ("rendre_a_recevoir", 1),
        ("recevoir", 1),
        ("entendre", 0),
        ("retirer", True),
    ):
        jouer(guichet, geste)
        assert ecarts() == []
    assert Retrait.objects.get().montant == Decimal("666.67")
    versees = [d.montant_verse for d in guichet.demandes]
    assert versees == [Decimal("530.00"), Decimal("210.00")]
