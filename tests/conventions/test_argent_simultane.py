"""Huit fils versent ensemble sur une même échéance : jamais plus que ce qu'elle doit.

Le témoin : verrou et déclencheurs levés, la même course verse huit fois.
"""

from contextlib import nullcontext
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from parvis.conventions.actions.retraits import noter_les_observations, retirer
from parvis.conventions.actions.versements import AVerser, _verser, verser
from parvis.conventions.models import PartDeVersement, Versement
from parvis.socle.refus import Refus
from tests.conventions.controle import ecarts
from tests.fabriques import versements as fabrique
from tests.fabriques.fils import dans_des_fils

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
COURSES, FILS, ATTENTE = 50, 8, 120
TABLES = {"dossiers_demande", "conventions_versement", "conventions_partdeversement"}
# Deux parts de 10 € tiennent dans les 25 € que l'acte engage et que l'échéance doit, pas trois.
ENGAGE, PART, TIENNENT = Decimal(25), Decimal(10), 2


def verser_sans_verrou(guichet: fabrique.Guichet, un: AVerser, tous_ont_lu: Barrier) -> bool:
    """Verse si ce qui reste le permet ; sans verrou, tous lisent avant que le premier écrive."""
    try:
        with transaction.atomic():
            lu = guichet.lu
            tous_ont_lu.wait()
            _verser(guichet.samia, lu, un, "saisie", set())
            return True
    except IntegrityError:
        return False


def verser_comme_le_site(guichet: fabrique.Guichet, un: AVerser) -> bool:
    # Un refus dit pourquoi ; une erreur de la base ferait échouer l'essai.
    try:
        verser(par=guichet.samia, contrat=guichet.contrat, versements=[un])
        return True
    except Refus:
        return False


def courir(guichet: fabrique.Guichet, *, avec_verrou: bool) -> tuple[list[int], list[Decimal]]:
    """Rend, pour chaque course, combien de fils ont versé, et combien d'argent ; puis tout s'annule."""
    ensemble, tous_ont_lu = Barrier(FILS, timeout=ATTENTE), Barrier(FILS, timeout=ATTENTE)
    un = AVerser(guichet.acte.pk, timezone.localdate(), montant=PART)
    sommes: list[Decimal] = []

    def mener(rang: int) -> list[bool]:
        faits = []
        for _ in range(COURSES):
            ensemble.wait()
            faits.append(
                verser_comme_le_site(guichet, un)
                if avec_verrou
                else verser_sans_verrou(guichet, un, tous_ont_lu)
            )
            ensemble.wait()
            if rang == 0:
                valables = PartDeVersement.objects.filter(versement__annule_le=None)
                sommes.append(valables.aggregate(somme=Sum("montant"))["somme"])
                Versement.objects.filter(annule_le=None).update(
                    annule_le=timezone.now(), annule_par="x", motif_d_annulation="Course finie"
                )
        return faits

    return [sum(c) for c in zip(*dans_des_fils(mener, FILS), strict=True)], sommes


@pytest.mark.parametrize(
    ("avec_verrou", "avec_declencheurs", "attendus"),
    [
        pytest.param(True, True, TIENNENT, id="verrou et déclencheurs"),
        pytest.param(False, True, TIENNENT, id="déclencheurs seuls"),
        pytest.param(True, False, TIENNENT, id="verrou seul"),
        pytest.param(False, False, FILS, id="témoin : ni l’un ni l’autre"),
    ],
)
def test_cinquante_courses_de_huit_versements(
    avec_verrou, avec_declencheurs, attendus, sans_declencheurs, monkeypatch
):
    guichet = fabrique.guichet(("20", "5"), acompte=100)
    leves = nullcontext() if avec_declencheurs else sans_declencheurs(tables=TABLES)
    if not avec_declencheurs:
        # Sans eux, nul n'écrit la part qui finit un partage : la base refuserait de valider.
        monkeypatch.setattr(Versement._meta.get_field("derniere_part"), "default", None)
    with leves:
        faits, sommes = courir(guichet, avec_verrou=avec_verrou)
    assert faits == [attendus] * COURSES
    assert sommes == [attendus * PART] * COURSES
    depassees = [somme for somme in sommes if somme > ENGAGE]
    assert len(depassees) == (0 if avec_verrou or avec_declencheurs else COURSES)
    if avec_declencheurs:
        assert ecarts() == []


def test_verser_et_retirer_au_meme_instant_ne_laissent_rien_d_impaye_ni_de_trop():
    """L'un passe d'abord : le versement est vu par le retrait, ou refusé parce qu'il est décidé."""
    guichet = fabrique.guichet(("1500", "500"))
    ouvert = guichet.observations()
    noter_les_observations(
        par=guichet.samia, retrait=ouvert, observations="Non", recues_le=timezone.localdate()
    )
    ensemble = Barrier(FILS, timeout=ATTENTE)

    def mener(rang: int) -> str:
        ensemble.wait()
        try:
            if rang % 2:
                retirer(par=guichet.samia, retrait=ouvert, sans_verser=True)
                return "retiré"
            guichet.verser(1)
            return "versé"
        except Refus:
            return "refusé"

    dits = dans_des_fils(mener, FILS)
    assert dits.count("retiré") == 1
    assert dits.count("versé") <= 1
    assert ecarts() == []
    lu = guichet.lu
    assert lu.verse - lu.a_rendre <= lu.acte.montant - lu.retrait.montant
