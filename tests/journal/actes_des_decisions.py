"""Les actes sur les décisions, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from django.utils import timezone

from parvis.programmation.actions import decisions as actions
from tests.fabriques import decisions


def _preparer(m: SimpleNamespace):
    m.vote = decisions.vote()
    return m.vote.decision()


def _modifier(m: SimpleNamespace) -> None:
    decision = _preparer(m)
    actions.modifier_la_decision(
        par=m.vote.samia, decision=decision, sorte="arrete", prise_le=timezone.localdate()
    )


def _jeter(m: SimpleNamespace) -> None:
    decision = _preparer(m)
    actions.jeter_la_decision(par=m.vote.samia, decision=decision)


def _publier(m: SimpleNamespace) -> None:
    decisions.vote().publiee()


DES_DECISIONS = {
    "programmation.preparer_une_decision": _preparer,
    "programmation.modifier_la_decision": _modifier,
    "programmation.jeter_la_decision": _jeter,
    "programmation.publier_la_decision": _publier,
    "programmation.repondre_a_un_dossier": _publier,
}
