"""Les actes sur les décisions, puis ceux que prend le financeur, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from django.utils import timezone

from parvis.programmation.actions import decisions as actions
from tests.fabriques import decisions
from tests.journal.actes_des_actes import DES_ACTES
from tests.journal.actes_des_bilans import DES_BILANS


def _preparer(m: SimpleNamespace):
    m.vote = decisions.vote()
    return m.vote.decision()


def _modifier(m: SimpleNamespace) -> None:
    decision = _preparer(m)
    actions.modifier_la_decision(
        par=m.vote.samia, decision=decision, sorte="arrete", prise_le=timezone.localdate()
    )


def _repondre(m: SimpleNamespace):
    decision = _preparer(m)
    m.vote.accorder(decision, "1500")
    return decision


def _retirer(m: SimpleNamespace) -> None:
    decision = _repondre(m)
    ligne = decision.lignes.get()
    actions.retirer_une_reponse(par=m.vote.samia, decision=decision, ligne=ligne)


def _jeter(m: SimpleNamespace) -> None:
    decision = _preparer(m)
    actions.jeter_la_decision(par=m.vote.samia, decision=decision)


def _publier(m: SimpleNamespace) -> None:
    decisions.vote().publiee()


DES_DECISIONS = {
    "programmation.preparer_une_decision": _preparer,
    "programmation.modifier_la_decision": _modifier,
    "programmation.preparer_des_reponses": _repondre,
    "programmation.retirer_une_reponse": _retirer,
    "programmation.jeter_la_decision": _jeter,
    "programmation.publier_la_decision": _publier,
    "programmation.repondre_a_un_dossier": _publier,
    **DES_ACTES,
    **DES_BILANS,
}
