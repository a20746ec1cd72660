"""Les éditions d'un contrat, brouillons compris, pour qui le conduit."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet

from parvis.cadre.contenu import Difference, differences
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.contenu import contenu
from parvis.comptes.acteur import Acteur
from parvis.socle.texte import cle_de_tri

ECARTS_MAX = 400


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


def ecarts(acteur: Acteur, edition: Edition) -> dict[str, Any]:
    """Rend ce qui distingue une édition de la dernière publiée avant elle, groupé par endroit."""
    publiees = Edition.objects.publiees().filter(contrat=edition.contrat).exclude(pk=edition.pk)
    if edition.publiee_le:
        publiees = publiees.filter(publiee_le__lt=edition.publiee_le)
    precedente = publiees.order_by("-publiee_le", "-pk").first()
    if precedente is None:
        return {"precedente": None, "groupes": [], "nombre": 0}
    toutes = differences(contenu(precedente), contenu(edition))
    return {
        "precedente": precedente,
        "groupes": _par_endroit(toutes[:ECARTS_MAX]),
        "nombre": len(toutes),
    }


def _par_endroit(toutes: Iterable[Difference]) -> list[tuple[str, list[Difference]]]:
    """Groupe des écarts par leur premier mot (« fiche 1-2 »), dans l'ordre naturel des numéros."""
    triees = sorted(toutes, key=lambda d: _ordre(d.cle[0]))
    return [(ou, list(groupe)) for ou, groupe in groupby(triees, key=lambda d: d.cle[0])]


def _ordre(ou: str) -> tuple[str, tuple[int, ...]]:
    nombres = tuple(int(n) for n in "".join(c if c.isdigit() else " " for c in ou).split())
    return cle_de_tri("".join(c for c in ou if not c.isdigit())), nombres
