"""Ce que partagent les actes sur une séance : la tenir, dater sa réunion, noter."""

from datetime import date
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.journal.actions import noter
from parvis.programmation.models import Seance


def tenir_la_seance(par: Acteur, seance: Seance) -> Seance:
    """Rend la séance, verrouillée ; lève Seance.DoesNotExist à qui ne la tient pas."""
    tenue = verrouiller_la_seance(seance)
    if not peut_tenir_les_instances(par, tenue.reunion.instance.contrat.code):
        raise Seance.DoesNotExist
    return tenue


def noter_la_seance(par: Acteur, action: str, seance: Seance, **details: Any) -> None:
    """Note un acte sur une séance."""
    noter(
        par=par,
        contrat=seance.reunion.instance.contrat.code,
        action=action,
        objet=f"seance:{seance.pk}",
        objet_nom=str(seance),
        details=details,
    )


def verrouiller_la_seance(seance: Seance) -> Seance:
    """Rend la séance, verrouillée, à qui a déjà le droit d'y agir."""
    # Sans bloquer qui ne fait que la citer : sa suite, un point, un apport.
    lignes = Seance.objects.select_for_update(of=("self",), no_key=True)
    return lignes.select_related("reunion__instance__contrat", "suite_de").get(pk=seance.pk)


def reunie_le(seance: Seance) -> date:
    """Rend le jour où la séance se réunit."""
    return timezone.localdate(seance.reunion.commence_le)
