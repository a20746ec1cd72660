"""Tenir un dossier que l'on étudie, et noter l'acte au journal de son contrat."""

from collections.abc import Mapping
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instruction.queries.dossiers import Titre, dossiers_a_etudier, titre_sur
from parvis.journal.actions import noter


def tenir_le_dossier_etudie(par: Acteur, dossier: Dossier) -> tuple[Dossier, Titre]:
    """Rend le dossier, verrouillé, et à quel titre l'acteur l'étudie ; lève Dossier.DoesNotExist sinon."""
    tenu = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("projet__porteur__fusionne_dans", "appel__contrat", "version_d_appel")
        .get(pk=dossier.pk)
    )
    if not dossiers_a_etudier(par, tenu.appel.contrat).filter(pk=tenu.pk).exists():
        raise Dossier.DoesNotExist
    return tenu, titre_sur(par, tenu)


def noter_l_instruction(
    par: Acteur, action: str, dossier: Dossier, details: Mapping[str, Any] | None = None
) -> None:
    """Note un acte d'instruction : jamais de montant, de score ni de note interne."""
    noter(
        par=par,
        contrat=dossier.appel.contrat.code,
        action=action,
        objet=f"dossier:{dossier.pk}",
        objet_nom=str(dossier),
        details={"organisme": par.organisme_nom, **(details or {})},
    )
