"""Huit fils votent ensemble sur une même enveloppe : jamais plus que ce qu'elle peut donner.

Le témoin : verrou et déclencheurs levés, la même course dépasse à chaque fois.
"""

import random
from contextlib import nullcontext, suppress
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from parvis.dossiers.models import Demande
from parvis.journal.queries.verification import ruptures
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe, Imputation
from parvis.programmation.rules.enveloppes import motifs_empechant_de_voter
from parvis.socle.refus import Refus
from tests.fabriques.enveloppes import Bourse, bourse, demande, enveloppe, voter
from tests.fabriques.fils import dans_des_fils
from tests.programmation.controle import ecarts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
COURSES, FILS = 50, 8
# Trois votes de 300 € tiennent dans 1 000 €, pas quatre.
DOTATION, PART, TIENNENT = Decimal(1000), Decimal(300), 3
ATTENTE = 120


def lignes_de_depart(b: Bourse) -> list[tuple[int, list[int]]]:
    """Rend, pour chaque course, une enveloppe et huit demandes qui s'y prennent."""
    departs = []
    for rang in range(COURSES):
        une = enveloppe(b, DOTATION, ligne=f"Course {rang}")
        faites = [demande(b).pk for _ in range(FILS)]
        Imputation.objects.bulk_create(
            Imputation(demande_id=pk, enveloppe=une, imputee_le=timezone.now(), imputee_par="x")
            for pk in faites
        )
        departs.append((une.pk, faites))
    return departs


def reste_recompte(enveloppe: int) -> Decimal:
    """Rend ce qui reste, somme refaite à l'instant : sans déclencheur, le compteur ne dit rien."""
    vote = Imputation.objects.filter(enveloppe=enveloppe).aggregate(s=Sum("demande__montant_vote"))
    return Enveloppe.objects.get(pk=enveloppe).montant_disponible - (vote["s"] or 0)


def voter_apres_avoir_lu(enveloppe: int, pk: int, tous_ont_lu: Barrier | None) -> bool:
    """Vote si ce qui reste le permet ; sans verrou, tous lisent avant que le premier écrive."""
    try:
        with transaction.atomic():
            lue = Demande.objects.get(pk=pk)
            if tous_ont_lu is None:
                actions.tenir_pour_voter([lue])
            reste = reste_recompte(enveloppe)
            if tous_ont_lu is not None:
                tous_ont_lu.wait()
            if motifs_empechant_de_voter(montant=PART, deja=Decimal(0), reste=reste):
                return False
            voter(lue, PART)
            return True
    except IntegrityError:
        return False


def courir(departs: list[tuple[int, list[int]]], *, avec_verrou: bool) -> list[int]:
    """Rend, pour chaque course, combien de fils ont voté."""
    ensemble, tous_ont_lu = Barrier(FILS, timeout=ATTENTE), Barrier(FILS, timeout=ATTENTE)

    def mener(rang: int) -> list[bool]:
        votes = []
        for une, faites in departs:
            ensemble.wait()
            votes.append(
                voter_apres_avoir_lu(une, faites[rang], None if avec_verrou else tous_ont_lu)
            )
        return votes

    return [sum(course) for course in zip(*dans_des_fils(mener, FILS), strict=True)]


@pytest.mark.parametrize(
    ("avec_verrou", "avec_declencheurs", "attendus"),
    [
        pytest.param(True, True, TIENNENT, id="verrou et déclencheurs"),
        pytest.param(False, True, TIENNENT, id="déclencheurs seuls"),
        pytest.param(True, False, TIENNENT, id="verrou seul"),
        pytest.param(False, False, FILS, id="témoin : ni l’un ni l’autre"),
    ],
)
def test_cinquante_courses_de_huit_votes(
    avec_verrou, avec_declencheurs, attendus, sans_declencheurs
):
    departs = lignes_de_depart(bourse())
    leves = nullcontext() if avec_declencheurs else sans_declencheurs(tables={"dossiers_demande"})
    with leves:
        votes = courir(departs, avec_verrou=avec_verrou)
    assert votes == [attendus] * COURSES
    depassements = [une for une, _ in departs if reste_recompte(une) < 0]
    assert len(depassements) == (0 if avec_verrou or avec_declencheurs else COURSES)
    if avec_declencheurs:
        assert ecarts() == []


class Marche:
    """Des actes tirés au sort par un fil, par les vraies actions."""

    def __init__(self, b: Bourse, enveloppes: list[Enveloppe], faites: list[Demande], graine: int):
        self.b, self.tirage, self.faites = b, random.Random(graine), faites
        self.mere, self.fille, self.soeur, self.suivante = enveloppes
        self.acte = {"par": b.caissiere, "decide_le": timezone.localdate(), "motif": "Essai"}

    def _montant(self) -> Decimal:
        return Decimal(self.tirage.choice([-200, -50, 50, 100, 200]))

    def doter(self) -> None:
        actions.doter(enveloppe=self.mere, montant=self._montant(), **self.acte)

    def deleguer(self) -> None:
        vers = self.tirage.choice([self.fille, self.soeur])
        actions.deleguer(depuis=self.mere, vers=vers, montant=self._montant(), **self.acte)

    def reporter(self) -> None:
        depuis = self.tirage.choice([self.mere, self.fille, self.soeur])
        actions.reporter(depuis=depuis, vers=self.suivante, montant=self._montant(), **self.acte)

    def imputer(self) -> None:
        vers = self.tirage.choice([self.mere, self.fille, self.soeur])
        actions.imputer(
            par=self.b.caissiere, demande=self.tirage.choice(self.faites), enveloppe=vers
        )

    def voter(self) -> None:
        """Vote deux demandes dans l'ordre où elles viennent : leurs enveloppes sont tenues avant."""
        with transaction.atomic():
            deux = self.tirage.sample(self.faites, 2)
            actions.tenir_pour_voter(deux)
            for une in deux:
                voter(Demande.objects.get(pk=une.pk), self.tirage.choice([0, 50, 150, 400]))

    def mener(self, pas: int) -> None:
        for _ in range(pas):
            geste = self.tirage.choice(
                [self.doter, self.deleguer, self.reporter, self.imputer, self.voter]
            )
            # Un refus est permis ; un interblocage (OperationalError) ferait échouer l'essai.
            with suppress(Refus, IntegrityError):
                geste()


def test_des_actes_croises_ne_se_bloquent_pas_et_comptent_juste():
    b = bourse()
    mere = enveloppe(b, 1000)
    filles = [enveloppe(b, 200, ligne=f"Part {rang}", mere=mere) for rang in range(2)]
    toutes = [mere, *filles, enveloppe(b, exercice=b.exercice + 1)]
    faites = [demande(b, toutes[rang % 3]) for rang in range(6)]
    depart = Barrier(FILS, timeout=ATTENTE)

    def mener(rang: int) -> None:
        depart.wait()
        Marche(b, toutes, faites, rang).mener(40)

    dans_des_fils(mener, FILS)
    assert ecarts() == []
    assert ruptures() == []


def test_voter_et_imputer_au_meme_instant_compte_une_fois():
    """Qui vote ne voit pas l'imputation en cours, qui impute ne voit pas le vote : le verrou les range."""
    b = bourse()
    toutes = [enveloppe(b, 1000, ligne=f"Course {rang}") for rang in range(COURSES)]
    faites = [demande(b) for _ in range(COURSES)]
    ensemble = Barrier(2, timeout=ATTENTE)

    def mener(rang: int) -> None:
        for une, faite in zip(toutes, faites, strict=True):
            ensemble.wait()
            if rang:
                voter(Demande.objects.get(pk=faite.pk), PART)
            else:
                Imputation.objects.create(
                    demande=faite, enveloppe=une, imputee_le=timezone.now(), imputee_par="x"
                )

    dans_des_fils(mener, 2)
    assert ecarts() == []
    assert {une.montant_vote for une in Enveloppe.objects.all()} == {PART}


def test_un_vote_sur_une_photographie_ancienne_est_refuse():
    b = bourse()
    faite = demande(b, enveloppe(b, 1000))
    with pytest.raises(IntegrityError, match="read committed"), transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        voter(faite, PART)
