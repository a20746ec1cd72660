"""Quand le silence d'un financeur vaudra refus : le jour de la demande, et ce qui l'a arrêté."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Complement, Demande
from parvis.dossiers.rules.suivi import reponse_attendue


def silence_de_la_demande(demande: Demande, complements: Iterable[Complement]) -> date | None:
    """Rend quand le silence vaudra refus ; d'une demande faite ailleurs, on ne sait pas le jour."""
    if demande.guichet == Guichet.AILLEURS or not demande.financeur or not demande.demande_le:
        return None
    return reponse_attendue(
        nature=demande.financeur.nature,
        demande_le=timezone.localdate(demande.demande_le),
        complements=[_arret(complement) for complement in complements],
    )


def _arret(complement: Complement) -> tuple[date, date]:
    """Rend le jour où un complément arrête le délai de réponse, et celui où il ne l'arrête plus."""
    fin = complement.echeance_le
    if complement.repondu_le:
        fin = min(fin, timezone.localdate(complement.repondu_le))
    return timezone.localdate(complement.demande_le), fin
