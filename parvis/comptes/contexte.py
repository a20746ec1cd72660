"""Ce que les gabarits savent de qui regarde."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from parvis.comptes.acces import acteur_de, rattachements_de_la_requete


def acteur(request: HttpRequest) -> dict[str, Any]:
    """Rend l'acteur et les rattachements entre lesquels il peut choisir, lus à la demande."""
    return {
        "acteur": SimpleLazyObject(lambda: acteur_de(request)),
        "rattachements": SimpleLazyObject(lambda: rattachements_de_la_requete(request)),
    }
