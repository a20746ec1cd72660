"""Une séance de bout en bout : préparée, ouverte, arbitrée, levée, publiée."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.queries.suivi import proposition_a_voter
from parvis.programmation.actions import arbitrages
from parvis.programmation.actions.decisions import publier_la_decision
from parvis.programmation.actions.reprise_de_seance import reprendre_une_seance
from parvis.programmation.actions.seances import preparer_une_seance
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import decisions, instances, seances


@decor
def tenue():
    return seances.seance()


@decor
def ouverte(tenue):
    return tenue.ouvrir()


def test_bout_en_bout(ouverte):
    assert ouverte.restent == 2
    ouverte.arbitrer(ouverte.samia, montant="1500")
    lue = ordre_du_jour(ouverte.pilote, ouverte.seance)
    assert lue.avancee.phrase == "1 demande à arbitrer sur 2"
    assert lue.points[0].arbitre == Decimal(1500)
    ouverte.publier()
    assert ouverte.seance.etat == EtatDeSeance.PUBLIEE
    demande = ouverte.etude.demande(ouverte.samia)
    assert demande.montant_arbitre == Decimal(1500)
    assert demande.arbitre_le == timezone.localdate(ouverte.seance.reunion.commence_le)
    autre = ouverte.etude.demande(ouverte.etude.olga)
    assert autre.montant_arbitre is None
    dits = Courriel.objects.filter(objet__contains="ce que propose la séance")
    assert dits and all("sous réserve de son vote" in dit.texte for dit in dits)


def test_annuler_rend_l_arbitrage_d_avant(ouverte):
    ouverte.arbitrer(ouverte.samia, montant="1500")
    ouverte.arbitrer(ouverte.samia, montant="1000")
    arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance)
    (valant,) = ouverte.point.arbitrages.filter(vaut=True)
    assert valant.montant == Decimal(1500)
    arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance)
    assert ouverte.restent == 2
    with pytest.raises(Refus, match="rien à annuler"):
        arbitrages.annuler_le_dernier(par=ouverte.pilote, seance=ouverte.seance)


def test_la_decision_se_prepare_depuis_la_seance(ouverte):
    ouverte.arbitrer(ouverte.samia, montant="1500")
    ouverte.publier()
    vote = decisions.vote(ouverte.etude)
    decision = vote.decision()
    nombre, motifs = reprendre_une_seance(
        par=ouverte.samia, decision=decision, seance=ouverte.seance
    )
    assert (nombre, motifs) == (1, [])
    assert decision.lignes.get().montant == Decimal(1500)


def test_les_ajournes_passent_a_la_suivante(ouverte):
    ouverte.arbitrer(ouverte.samia, Resultat.AJOURNE, motif="Le budget est à revoir.")
    ouverte.publier()
    suivante = instances.reunion(ouverte.pilote, ouverte.instance)
    autre = preparer_une_seance(
        par=ouverte.pilote, reunion=suivante, exercice=ouverte.seance.exercice
    )
    assert autre.suite_de == ouverte.seance
    assert autre.points.get().dossier == ouverte.etude.dossier


def test_d_un_ajournement_au_vote(ouverte):
    """Ajournée, puis proposée, puis votée par l'autorité du financeur : chacun son mot, jamais deux."""

    def lue() -> tuple[str, Decimal | None, Decimal | None, bool]:
        demande = ouverte.etude.demande(ouverte.samia)
        dite = bool(proposition_a_voter(demande, jour=timezone.localdate()))
        return demande.etat, demande.montant_arbitre, demande.montant_vote, dite

    ouverte.arbitrer(ouverte.samia, Resultat.AJOURNE, motif="Le budget est à revoir.")
    ouverte.publier()
    assert lue() == ("demandee", None, None, False)
    reunie = instances.reunion(ouverte.pilote, ouverte.instance, dans_jours=-1)
    seconde = replace(
        ouverte,
        seance=preparer_une_seance(
            par=ouverte.pilote, reunion=reunie, exercice=ouverte.seance.exercice
        ),
    ).ouvrir()
    seconde.arbitrer(ouverte.samia, montant="1500")
    assert lue() == ("demandee", None, None, False)
    seconde.publier()
    assert lue() == ("demandee", Decimal(1500), None, True)
    decision = decisions.vote(ouverte.etude).decision()
    reprendre_une_seance(par=ouverte.samia, decision=decision, seance=seconde.seance)
    assert lue() == ("demandee", Decimal(1500), None, True)
    publier_la_decision(par=ouverte.samia, decision=decision)
    assert lue() == ("accordee", Decimal(1500), Decimal(1500), False)
