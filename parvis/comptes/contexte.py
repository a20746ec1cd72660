"""Ce que les gabarits savent de qui regarde."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from parvis.comptes.acces import acteur_de
from parvis.comptes.queries.rattachements import rattachements_de


def acteur(request: HttpRequest) -> dict[str, Any]:
    """Rend l'acteur et les rattachements entre lesquels il peut choisir, lus à la demande."""

    def choix() -> list:
        qui = acteur_de(request)
        return rattachements_de(qui.utilisateur, jour=timezone.localdate()) if qui.utilisateur else []

    return {
        "acteur": SimpleLazyObject(lambda: acteur_de(request)),
        "rattachements": SimpleLazyObject(choix),
    }
