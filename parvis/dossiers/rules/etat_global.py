"""Où en est un dossier, tout compris : déduit de son état et de celui de ses demandes, jamais écrit.

La même table donne la fonction et sa traduction en base (`queries/etat_global.py`) ; un test les compare
sur toutes les combinaisons.
"""

from collections.abc import Collection
from dataclasses import dataclass

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, EtatGlobal

_EXAMINES = frozenset({EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER})
_RECEVABLE = frozenset({EtatDeDossier.RECEVABLE})
# Les demandes qui comptent : ni en préparation, ni retirées, ni irrecevables.
COMPTENT = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE, EtatDeDemande.REFUSEE)


@dataclass(frozen=True)
class Cas:
    """Un état global : les états du dossier où il vaut, et quelles demandes il lui faut ou non."""

    global_: EtatGlobal
    dossiers: frozenset[str]
    # Vrai : il en faut ; faux : il n'en faut pas ; rien : peu importe.
    en_attente: bool | None = None
    accordees: bool | None = None
    refusees: bool | None = None

    @property
    def voulues(self) -> dict[str, bool]:
        """Rend, par état de demande, s'il en faut au moins une ou aucune."""
        dits = {
            EtatDeDemande.DEMANDEE.value: self.en_attente,
            EtatDeDemande.ACCORDEE.value: self.accordees,
            EtatDeDemande.REFUSEE.value: self.refusees,
        }
        return {etat: voulu for etat, voulu in dits.items() if voulu is not None}


# Le premier qui convient est le bon.
CAS: tuple[Cas, ...] = (
    Cas(EtatGlobal.BROUILLON, frozenset({EtatDeDossier.BROUILLON})),
    Cas(EtatGlobal.A_L_EXAMEN, _EXAMINES),
    Cas(EtatGlobal.CLOS, frozenset(EtatDeDossier) - _EXAMINES - _RECEVABLE),
    Cas(EtatGlobal.A_L_ETUDE, _RECEVABLE, en_attente=True, accordees=False, refusees=False),
    Cas(EtatGlobal.EN_PARTIE, _RECEVABLE, en_attente=True),
    Cas(EtatGlobal.ACCORDE, _RECEVABLE, accordees=True, refusees=False),
    Cas(EtatGlobal.ACCORDE_EN_PARTIE, _RECEVABLE, accordees=True),
    Cas(EtatGlobal.REFUSE, _RECEVABLE, refusees=True),
    # Recevable, et plus aucune demande qui compte.
    Cas(EtatGlobal.CLOS, _RECEVABLE),
)


def etat_global(dossier: str, demandes: Collection[str]) -> EtatGlobal:
    """Rend où en est un dossier, d'après son état et celui de chacune de ses demandes."""
    return next(
        cas.global_
        for cas in CAS
        if dossier in cas.dossiers
        and all((etat in demandes) == voulu for etat, voulu in cas.voulues.items())
    )


def dire_les_reponses(*, attendent: int, repondues: int) -> str:
    """Rend où en sont les financeurs : « Votre dossier est chez 3 financeurs ; 1 a répondu. »"""
    en_tout = attendent + repondues
    if not en_tout:
        return ""
    chez = f"{en_tout} financeurs" if en_tout > 1 else "un financeur"
    if not repondues:
        dit = "aucun n’a encore répondu" if en_tout > 1 else "il n’a pas encore répondu"
    elif not attendent:
        dit = "tous ont répondu" if en_tout > 1 else "il a répondu"
    else:
        dit = f"{repondues} {'ont' if repondues > 1 else 'a'} répondu"
    return f"Votre dossier est chez {chez} ; {dit}."
