"""Les éditions d'un contrat, brouillons compris, pour qui le conduit."""

from typing import Any

from django.db.models import Count, QuerySet

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.comparaison import Choix, comparaison
from parvis.comptes.acteur import Acteur


def editions(acteur: Acteur, contrat: Contrat) -> QuerySet[Edition]:
    """Rend les éditions d'un contrat que l'acteur conduit, la plus récente d'abord."""
    return (
        Edition.objects.filter(contrat=contrat)
        .select_related("contrat")
        .annotate(nombre_de_fiches=Count("versions"))
        .order_by("-importee_le", "-pk")
    )


def edition(acteur: Acteur, contrat: Contrat, code: str) -> Edition:
    """Rend une édition de ce contrat, publiée ou non ; lève Edition.DoesNotExist."""
    return editions(acteur, contrat).get(code=code)


def ecarts(acteur: Acteur, edition: Edition, avec: str = "") -> dict[str, Any]:
    """Rend ce qui distingue une édition d'une autre, à défaut de la dernière publiée avant elle.

    Lève Edition.DoesNotExist si le code demandé n'est pas celui d'une autre édition du contrat.
    """
    autres = list(editions(acteur, edition.contrat).exclude(pk=edition.pk))
    codes = {autre.code: autre for autre in autres}
    if avec and avec not in codes:
        raise Edition.DoesNotExist
    precedente = codes[avec] if avec else _precedente(autres, edition)
    choix = Choix(precedente, edition) if precedente else None
    return {
        "autres": autres,
        "choix": choix,
        "publiee_depuis": _publiee_depuis(autres, edition),
        "comparaison": comparaison(acteur, choix) if choix else None,
    }


def _publiee_depuis(autres: list[Edition], edition: Edition) -> Edition | None:
    """Rend l'édition publiée pendant que ce brouillon se préparait : il n'en reprend rien."""
    if edition.est_publiee:
        return None
    depuis = [a for a in autres if a.publiee_le and a.publiee_le > edition.importee_le]
    return depuis[0] if depuis else None


def _precedente(autres: list[Edition], edition: Edition) -> Edition | None:
    """Rend la dernière publiée avant cette édition, ou la dernière tout court pour un brouillon."""
    publiees = [
        (autre.publiee_le, autre.pk, autre)
        for autre in autres
        if autre.publiee_le and (not edition.publiee_le or autre.publiee_le < edition.publiee_le)
    ]
    return max(publiees)[2] if publiees else None
