"""Qui entre où : chaque vue déclare sa règle, et la matrice d'accès la vérifie."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from parvis.comptes.acteur import Acteur

Regle = Callable[[Acteur], bool]


def tous(acteur: Acteur) -> bool:
    """Ouvre la page à chacun, connecté ou non."""
    return True


def acces(regle: Regle) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Déclare la règle d'une vue ; qui n'y entre pas reçoit la même réponse que si rien n'existait."""

    def garder(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def vue_gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not regle(acteur_de(request)):
                raise Http404
            return vue(request, *args, **kwargs)

        vue_gardee.acces = regle  # type: ignore[attr-defined]
        return vue_gardee

    return garder


def acteur_de(request: HttpRequest) -> Acteur:
    """Rend qui agit dans cette requête : un visiteur, tant que les comptes n'ont pas d'écran."""
    return Acteur.anonyme()
