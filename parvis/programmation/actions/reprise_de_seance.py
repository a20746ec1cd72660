"""Reprendre dans une décision ce qu'une séance publiée propose au service."""

from collections.abc import Mapping

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.programmation.actions.decisions import (
    Dit,
    avec_qui_appeler,
    motifs_de_la_reponse,
    noter_une_decision,
    repondre,
)
from parvis.programmation.models import Arbitrage, Decision, Enveloppe, Seance
from parvis.programmation.queries.decisions import enveloppe_probable
from parvis.programmation.queries.enveloppes import enveloppes
from parvis.programmation.queries.seances import arbitrages_a_reprendre
from parvis.socle.refus import exiger


@transaction.atomic
def reprendre_une_seance(
    *, par: Acteur, decision: Decision, seance: Seance
) -> tuple[int, list[str]]:
    """Met dans une décision en préparation ce qu'une séance publiée propose ; rien n'y est encore voté.

    Rend combien de réponses y entrent, et pourquoi les autres n'y entrent pas : sans enveloppe, par
    exemple. Ce que la décision dit déjà reste. Lève Refus s'il n'y a rien à reprendre.
    """
    arbitrages = list(arbitrages_a_reprendre(par, decision, seance))
    exiger([] if arbitrages else ["Cette séance n’a rien à reprendre dans cette décision."])
    prises = {e.pk: e for e in enveloppes(par, decision.contrat).filter(exercice=decision.exercice)}
    reponses: dict[int, Dit] = {}
    refus: list[str] = []
    for arbitrage in arbitrages:
        demande = arbitrage.demande
        dit = avec_qui_appeler(_de_la_seance(arbitrage, prises), demande)
        motifs = motifs_de_la_reponse(demande, dit, prises)
        refus += motifs
        if not motifs:
            reponses[demande.pk] = dit
    if reponses:
        # Aucune n'y était : ce qu'un collègue écrit au même instant ne s'efface pas.
        departs = dict.fromkeys(reponses, "")
        repondre(par=par, decision=decision, reponses=reponses, departs=departs)
        noter_une_decision(
            par,
            "programmation.reprendre_une_seance",
            decision,
            nombre=len(reponses),
            seance=str(seance),
        )
    return len(reponses), refus


def _de_la_seance(arbitrage: Arbitrage, prises: Mapping[int, Enveloppe]) -> Dit:
    """Rend ce que la séance propose, comme une réponse à relire, prise où elle se prendrait."""
    enveloppe = enveloppe_probable(arbitrage.demande, prises.values())
    return Dit(
        arbitrage.resultat,
        arbitrage.montant,
        enveloppe.pk if enveloppe else None,
        condition=arbitrage.condition,
        motif=arbitrage.motif,
        vers=arbitrage.vers,
    )
