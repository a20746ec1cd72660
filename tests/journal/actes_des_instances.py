"""Les actes sur les instances, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.instances import actions
from parvis.instances.rules import Venue
from tests.fabriques import instances
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import monde


def _creer(m: SimpleNamespace):
    m.contrat = contrat_publie("tilleuls").contrat
    m.lieux = monde()
    m.pilote = m.lieux.acteurs["pilote"]
    return instances.instance(m.pilote, m.contrat)


def _modifier(m: SimpleNamespace) -> None:
    cree = _creer(m)
    actions.modifier_une_instance(par=m.pilote, instance=cree, nom="Comité", sorte="pilotage")


def _clore(m: SimpleNamespace) -> None:
    cree = _creer(m)
    actions.clore_une_instance(par=m.pilote, instance=cree)


def _nommer(m: SimpleNamespace):
    cree = _creer(m)
    return instances.membre(m.pilote, cree, m.lieux.acteurs["elu"])


def _finir(m: SimpleNamespace) -> None:
    mandat = _nommer(m)
    actions.finir_un_mandat(par=m.pilote, mandat=mandat)


def _prevoir(m: SimpleNamespace, dans_jours: int = 10):
    m.mandat = _nommer(m)
    return instances.reunion(m.pilote, m.mandat.instance, dans_jours=dans_jours)


def _changer(m: SimpleNamespace) -> None:
    reunion = _prevoir(m)
    actions.modifier_une_reunion(
        par=m.pilote,
        reunion=reunion,
        objet="Autre",
        commence_le=reunion.commence_le,
        lieu=reunion.lieu,
    )


def _convoquer(m: SimpleNamespace) -> None:
    reunion = _prevoir(m)
    actions.convoquer(par=m.pilote, reunion=reunion)


def _annuler(m: SimpleNamespace) -> None:
    reunion = _prevoir(m)
    actions.annuler_une_reunion(par=m.pilote, reunion=reunion, motif="Pas de salle.")


def _noter(m: SimpleNamespace):
    reunion = _prevoir(m, dans_jours=-2)
    return actions.noter_les_presences(
        par=m.pilote, reunion=reunion, venues={m.mandat.pk: Venue("present")}
    )


def _tenir(m: SimpleNamespace) -> None:
    reunion = _noter(m)
    actions.tenir_une_reunion(par=m.pilote, reunion=reunion)


DES_INSTANCES = {
    "instances.creer_une_instance": _creer,
    "instances.modifier_une_instance": _modifier,
    "instances.clore_une_instance": _clore,
    "instances.donner_un_mandat": _nommer,
    "instances.finir_un_mandat": _finir,
    "instances.prevoir_une_reunion": _prevoir,
    "instances.modifier_une_reunion": _changer,
    "instances.convoquer": _convoquer,
    "instances.annuler_une_reunion": _annuler,
    "instances.noter_les_presences": _noter,
    "instances.tenir_une_reunion": _tenir,
}
