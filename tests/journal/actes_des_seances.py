"""Les actes sur les séances, chacun fait une fois pour de vrai."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.actions.reprise_de_seance import reprendre_une_seance
from parvis.programmation.actions.votes_prevus import dater_le_vote
from parvis.programmation.enums import Rangement
from tests.fabriques import decisions
from tests.fabriques import seances as fabrique


def _inscrire(m: SimpleNamespace) -> fabrique.Tenue:
    m.tenue = fabrique.seance()
    return m.tenue


def _jeter(m: SimpleNamespace) -> None:
    tenue = _inscrire(m)
    seances.jeter_la_seance(par=tenue.pilote, seance=tenue.seance)


def _retirer(m: SimpleNamespace) -> None:
    tenue = _inscrire(m)
    seances.retirer(par=tenue.pilote, seance=tenue.seance, point=tenue.point)


def _ranger(m: SimpleNamespace) -> None:
    tenue = _inscrire(m)
    seances.ranger(par=tenue.pilote, seance=tenue.seance, ordre=Rangement.NUMERO)


def _apporter(m: SimpleNamespace) -> None:
    tenue = _inscrire(m)
    seances.apporter(
        par=tenue.samia,
        seance=tenue.seance,
        financeur=tenue.samia.organisme,
        montant=Decimal(5000),
        vote_prevu_le=timezone.localdate() + timedelta(days=30),
    )


def _deporter(m: SimpleNamespace) -> None:
    tenue = _inscrire(m)
    deporter(
        par=tenue.pilote,
        seance=tenue.seance,
        point=tenue.point,
        mandat=tenue.mandats["samia"],
        motif="Sa sœur y est salariée.",
    )


def _ouvrir(m: SimpleNamespace) -> fabrique.Tenue:
    return _inscrire(m).ouvrir()


def _arbitrer(m: SimpleNamespace) -> fabrique.Tenue:
    tenue = _ouvrir(m)
    tenue.arbitrer(tenue.samia, montant="1500", condition="L’accord du bailleur.")
    return tenue


def _annuler(m: SimpleNamespace) -> None:
    tenue = _arbitrer(m)
    arbitrages.annuler_le_dernier(par=tenue.pilote, seance=tenue.seance)


def _lever(m: SimpleNamespace) -> None:
    _arbitrer(m).lever()


def _publier(m: SimpleNamespace) -> fabrique.Tenue:
    return _arbitrer(m).publier()


def _reprendre(m: SimpleNamespace) -> None:
    tenue = _publier(m)
    decision = decisions.vote(tenue.etude).decision()
    reprendre_une_seance(par=tenue.samia, decision=decision, seance=tenue.seance)


def _dater_le_vote(m: SimpleNamespace) -> None:
    tenue = _publier(m)
    dater_le_vote(
        par=tenue.samia,
        seance=tenue.seance,
        vote_prevu_le=timezone.localdate() + timedelta(days=40),
    )


DES_SEANCES = {
    "programmation.preparer_une_seance": _inscrire,
    "programmation.jeter_la_seance": _jeter,
    "programmation.inscrire": _inscrire,
    "programmation.retirer_de_l_ordre": _retirer,
    "programmation.ranger": _ranger,
    "programmation.apporter": _apporter,
    "programmation.deporter": _deporter,
    "instruction.deporter_un_membre": _deporter,
    "programmation.ouvrir_la_seance": _ouvrir,
    "programmation.arbitrer": _arbitrer,
    "programmation.annuler_un_arbitrage": _annuler,
    "programmation.lever_la_seance": _lever,
    "programmation.publier_la_seance": _publier,
    "programmation.proposer_a_un_dossier": _publier,
    "programmation.dater_le_vote": _dater_le_vote,
    "programmation.dater_le_vote_d_un_dossier": _dater_le_vote,
    "programmation.reprendre_une_seance": _reprendre,
}
