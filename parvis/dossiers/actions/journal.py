"""Noter un acte sur un dossier."""

from collections.abc import Mapping
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.journal.actions import noter


def noter_le_dossier(
    par: Acteur, action: str, dossier: Dossier, details: Mapping[str, Any] | None = None
) -> None:
    """Note un acte sur un dossier, dans le journal de son contrat."""
    noter(
        par=par,
        contrat=dossier.appel.contrat.code,
        action=action,
        objet=f"dossier:{dossier.pk}",
        objet_nom=str(dossier),
        details=details,
    )
