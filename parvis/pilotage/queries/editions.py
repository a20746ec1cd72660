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


def en_vigueur(acteur: Acteur, contrat: Contrat) -> Edition | None:
    """Rend l'édition en vigueur, s'il y en a une."""
    return Edition.objects.courante(contrat.code)


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
        "avenants": [a for a in autres if a.copiee_de_id == edition.pk and not a.est_publiee],
        "choix": choix,
        "en_vigueur": _precedente(autres, edition),
        "publiee_depuis": _publiee_depuis(autres, edition),
        "comparaison": comparaison(acteur, choix) if choix else None,
    }


def _publiee_depuis(autres: list[Edition], edition: Edition) -> Edition | None:
    """Rend l'édition en vigueur si ce brouillon n'en vient pas : il n'en reprend rien."""
    courante = _precedente(autres, edition)
    if edition.est_publiee or courante is None:
        return None
    par_identifiant = {autre.pk: autre for autre in autres}
    base: Edition | None = edition
    while base and not base.est_publiee and base.copiee_de_id:
        base = par_identifiant.get(base.copiee_de_id)
    if base is None or base == courante:
        return None
    if base.est_publiee:
        return courante
    # Un brouillon venu d'un document : il suffit qu'il soit plus récent.
    est_publiee_depuis = courante.publiee_le and courante.publiee_le > base.importee_le
    return courante if est_publiee_depuis else None


def _precedente(autres: list[Edition], edition: Edition) -> Edition | None:
    """Rend la dernière publiée avant cette édition, ou la dernière tout court pour un brouillon."""
    publiees = [
        (autre.publiee_le, autre.pk, autre)
        for autre in autres
        if autre.publiee_le and (not edition.publiee_le or autre.publiee_le < edition.publiee_le)
    ]
    return max(publiees)[2] if publiees else None
