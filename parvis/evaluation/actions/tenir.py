"""Ce que partagent les actes sur un bilan : le tenir, l'écrire au journal."""

from collections.abc import Mapping
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import Dossier
from parvis.evaluation.models import Bilan
from parvis.evaluation.permissions import peut_ecrire_le_bilan, peut_recevoir_les_bilans
from parvis.evaluation.queries.bilans import decharge_du_bilan
from parvis.evaluation.rules.decharges import motifs_si_decharge
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.socle.refus import exiger


def tenir_le_bilan(par: Acteur, bilan: Bilan) -> Bilan:
    """Rend le bilan verrouillé, son dossier d'abord, à qui l'écrit.

    Lève Dossier.DoesNotExist à tout autre, Bilan.DoesNotExist s'il n'existe plus, Refus s'il est reçu
    autrement ou dispensé.
    """
    tenu = _verrouiller(bilan, tenir_le_dossier(par, bilan.dossier))
    exiger(motifs_si_decharge(decharge_du_bilan(tenu)))
    return tenu


def tenir_pour_retirer(par: Acteur, bilan: Bilan) -> Bilan:
    """Rend le bilan verrouillé, déchargé ou non, à qui l'écrit ou le reçoit.

    Lève Dossier.DoesNotExist à tout autre.
    """
    est_le_sien = peut_ecrire_le_bilan(par, bilan)
    tenir = tenir_le_dossier if est_le_sien else tenir_le_dossier_recu
    return _verrouiller(bilan, tenir(par, bilan.dossier))


def tenir_le_bilan_recu(par: Acteur, bilan: Bilan) -> Bilan:
    """Rend le bilan rendu, verrouillé, à qui l'accepte pour tous.

    Lève Dossier.DoesNotExist à tout autre, Refus s'il est reçu autrement ou dispensé.
    """
    tenu = _verrouiller(bilan, tenir_le_dossier_recu(par, bilan.dossier))
    if tenu.rendu_le is None:
        raise Bilan.DoesNotExist
    exiger(motifs_si_decharge(decharge_du_bilan(tenu)))
    return tenu


def tenir_le_dossier_recu(par: Acteur, dossier: Dossier) -> Dossier:
    """Rend le dossier verrouillé, à qui en reçoit les bilans pour tous.

    Lève Dossier.DoesNotExist à tout autre, et à qui s'est déporté du dossier.
    """
    contrat = dossier.appel.contrat
    if not peut_recevoir_les_bilans(par, contrat.code):
        raise Dossier.DoesNotExist
    return (
        dossiers_du_pilote(par, contrat)
        .select_for_update(of=("self",))
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
            "version_d_appel",
        )
        .get(pk=dossier.pk)
    )


def _verrouiller(bilan: Bilan, dossier: Dossier) -> Bilan:
    tenu = Bilan.objects.select_for_update(of=("self",)).get(pk=bilan.pk, dossier=dossier)
    tenu.dossier = dossier
    return tenu


def noter_le_bilan(
    par: Acteur, action: str, bilan: Bilan, details: Mapping[str, Any] | None = None
) -> None:
    """Note un acte sur un bilan, dans l'histoire de son dossier."""
    de_quoi = {"bilan": SorteDeBilan(bilan.sorte).label.lower(), "exercice": bilan.exercice}
    noter_le_dossier(par, action, bilan.dossier, de_quoi | dict(details or {}))


def nom_du_bilan(bilan: Bilan) -> str:
    """Rend le nom d'un bilan dans une phrase : « bilan définitif 2026 »."""
    return f"bilan {SorteDeBilan(bilan.sorte).label.lower()} {bilan.exercice}"
