"""Noter un acte sur un dossier."""

from collections.abc import Mapping
from typing import Any

from parvis.dossiers.models import Dossier
from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur


def noter_le_dossier(
    par: Auteur, action: str, dossier: Dossier, details: Mapping[str, Any] | None = None
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
