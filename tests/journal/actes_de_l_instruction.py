"""Les actes de l'instruction, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.comptes.enums import Role
from parvis.instruction.actions import avis, consultations, equipe
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Consultation
from tests.fabriques import instruction
from tests.fabriques.comptes import organisme
from tests.journal.actes_des_echanges import DES_ECHANGES


def _etude(m: SimpleNamespace) -> instruction.Etude:
    m.etude = instruction.etude()
    return m.etude


def _rendre(m: SimpleNamespace) -> None:
    _etude(m).rendre(m.etude.samia, montant="10")


def _partager(m: SimpleNamespace) -> None:
    _rendre(m)
    avis.partager_le_montant(par=m.etude.samia, dossier=m.etude.dossier)


def _noter(m: SimpleNamespace) -> None:
    m.etude = instruction.etude(avec_grille=True)
    m.etude.noter(m.etude.samia, faisabilite=(1, "Calendrier court."))


def _se_charger(m: SimpleNamespace) -> None:
    equipe.se_charger(par=_etude(m).samia, dossier=m.etude.dossier)


def _reprendre(m: SimpleNamespace) -> None:
    _se_charger(m)
    paul = m.etude.ici.monde.ajouter("paul", m.etude.ici.caisse, Role.INSTRUCTEUR)
    equipe.se_charger(par=paul, dossier=m.etude.dossier, reprend=True)


def _rendre_la_main(m: SimpleNamespace) -> None:
    _se_charger(m)
    equipe.rendre_la_main(par=m.etude.samia, dossier=m.etude.dossier)


def _se_deporter(m: SimpleNamespace):
    return equipe.se_deporter(par=_etude(m).samia, dossier=m.etude.dossier, motif="Un lien.")


def _lever(m: SimpleNamespace) -> None:
    deport = _se_deporter(m)
    equipe.lever_un_deport(par=m.etude.pilote, deport=deport)


def _consulter(m: SimpleNamespace) -> Consultation:
    etude = _etude(m)
    bourg = organisme("Bourg-la-Forêt", "commune")
    return consultations.consulter(
        par=etude.pilote, dossiers=[etude.dossier], qualite=Qualite.COMMUNE, organisme=bourg
    )[0]


def _clore(m: SimpleNamespace) -> None:
    consultation = _consulter(m)
    consultations.clore_une_consultation(par=m.etude.pilote, consultation=consultation)


def _inviter(m: SimpleNamespace) -> None:
    consultations.inviter_un_expert(
        par=_etude(m).samia, dossier=m.etude.dossier, courriel="nour@exemple.fr"
    )


DE_L_INSTRUCTION = {
    "instruction.rendre_avis": _rendre,
    "instruction.partager_le_montant": _partager,
    "instruction.noter_un_dossier": _noter,
    "instruction.se_charger": _reprendre,
    "instruction.rendre_la_main": _rendre_la_main,
    "instruction.se_deporter": _se_deporter,
    "instruction.lever_un_deport": _lever,
    "instruction.consulter": _consulter,
    "instruction.inviter_un_expert": _inviter,
    "instruction.clore_une_consultation": _clore,
    **DES_ECHANGES,
}
