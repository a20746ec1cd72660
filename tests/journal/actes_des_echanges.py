"""Les actes des échanges, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.instruction.actions import echanges
from parvis.instruction.models import Echange
from tests.fabriques import instruction
from tests.fabriques.echanges import au_porteur, aux_services, dans


def _au_porteur(m: SimpleNamespace) -> Echange:
    m.etude = instruction.etude()
    return au_porteur(m.etude.samia, m.etude.dossier, echeance=dans(10))


def _aux_services(m: SimpleNamespace) -> Echange:
    m.etude = instruction.etude()
    return aux_services(m.etude.samia, m.etude.dossier, echeance=dans(10))


def _repondre(m: SimpleNamespace) -> None:
    question = _au_porteur(m)
    echanges.repondre(par=m.etude.ici.porte, question=question, texte="Les voisins.")


def _repondre_entre_services(m: SimpleNamespace) -> None:
    question = _aux_services(m)
    echanges.repondre(par=m.etude.olga, question=question, texte="Un peu.")


def _clore(m: SimpleNamespace) -> None:
    question = _au_porteur(m)
    echanges.clore_une_question(par=m.etude.samia, question=question)


def _clore_entre_services(m: SimpleNamespace) -> None:
    question = _aux_services(m)
    echanges.clore_une_question(par=m.etude.samia, question=question)


DES_ECHANGES = {
    "instruction.interroger_le_porteur": _au_porteur,
    "instruction.repondre": _repondre,
    "instruction.clore_une_question": _clore,
    "instruction.interroger_les_services": _aux_services,
    "instruction.repondre_entre_services": _repondre_entre_services,
    "instruction.clore_entre_services": _clore_entre_services,
}
