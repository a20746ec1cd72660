"""Huit décisions publiées au même instant sur une enveloppe : celles qui tiennent, et pas une de plus."""

from decimal import Decimal
from threading import Barrier

import pytest
from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.programmation.actions.decisions import Dit, publier_la_decision, repondre
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, Enveloppe
from parvis.socle.refus import Refus
from tests.fabriques import decisions
from tests.fabriques.fils import dans_des_fils
from tests.programmation.controle import ecarts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
COURSES, FILS, TIENNENT = 10, 8, 3


def preparer(vote: decisions.Vote, course: int) -> list[Decision]:
    """Rend huit décisions prêtes à publier, de 300 € chacune, sur une enveloppe neuve de 1 000 €."""
    enveloppe = decisions.enveloppe(vote.etude, vote.samia, 1000, ligne=f"Course {course}")
    pretes = []
    for rang in range(FILS):
        demande = Demande.objects.create(
            dossier=vote.etude.dossier,
            exercice=vote.etude.dossier.exercice,
            rang=20 + rang,
            financeur=vote.etude.ici.caisse,
            ligne=f"Part {course}-{rang}",
            montant_demande=Decimal(300),
            etat=EtatDeDemande.DEMANDEE,
            demande_le=timezone.now(),
        )
        decision = vote.decision(numero=f"{course}-{rang}")
        dit = Dit(Resultat.ACCORDE, Decimal(300), enveloppe.pk)
        repondre(par=vote.samia, decision=decision, reponses={demande.pk: dit})
        pretes.append(decision)
    return pretes


def test_huit_decisions_au_meme_instant_ne_depassent_pas_l_enveloppe():
    vote = decisions.vote()
    courses = [preparer(vote, course) for course in range(COURSES)]
    ensemble = Barrier(FILS, timeout=120)

    def publier(rang: int) -> list[bool]:
        publiees = []
        for pretes in courses:
            ensemble.wait()
            # Un refus dit pourquoi ; une erreur de la base ferait échouer l'essai.
            try:
                publier_la_decision(par=vote.samia, decision=pretes[rang])
                publiees.append(True)
            except Refus:
                publiees.append(False)
        return publiees

    faites = [sum(course) for course in zip(*dans_des_fils(publier, FILS), strict=True)]
    assert faites == [TIENNENT] * COURSES
    votes = Enveloppe.objects.filter(ligne__startswith="Course").values_list(
        "montant_vote", flat=True
    )
    assert set(votes) == {Decimal(900)}
    assert ecarts() == []
