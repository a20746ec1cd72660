"""Les actes sur les enveloppes, chacun fait une fois pour de vrai."""

from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from parvis.programmation.actions import enveloppes as actions
from tests.fabriques.enveloppes import bourse, demande, enveloppe


def _bouger(geste: str, exercice_de_plus: int = 0, *, est_une_fille: bool = False):
    def faire(m: SimpleNamespace) -> None:
        b = bourse()
        une = enveloppe(b, 1000)
        autre = enveloppe(
            b,
            ligne="Fonds de proximité",
            exercice=b.exercice + exercice_de_plus,
            mere=une if est_une_fille else None,
        )
        getattr(actions, geste)(
            par=b.caissiere,
            depuis=une,
            vers=autre,
            montant=Decimal(200),
            decide_le=timezone.localdate(),
            motif="Délibération 12",
        )

    return faire


def _imputer(m: SimpleNamespace):
    b = bourse()
    avant, apres = enveloppe(b, 1000), enveloppe(b, 500, ligne="Fonds de proximité")
    prise = demande(b, avant)
    actions.imputer(par=b.caissiere, demande=prise, enveloppe=apres)
    return b, prise


def _desimputer(m: SimpleNamespace) -> None:
    b, prise = _imputer(m)
    actions.desimputer(par=b.caissiere, demande=prise)


DES_ENVELOPPES = {
    "programmation.creer_une_enveloppe": lambda m: enveloppe(bourse()),
    "programmation.doter": lambda m: enveloppe(bourse(), 1000),
    "programmation.deleguer": _bouger("deleguer", est_une_fille=True),
    "programmation.reporter": _bouger("reporter", 1),
    "programmation.imputer": _imputer,
    "programmation.desimputer": _desimputer,
}
