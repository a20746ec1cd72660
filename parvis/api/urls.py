"""Les adresses de l'API : une page qui la présente, puis la version 1."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path

from parvis.api import views
from parvis.comptes.acces import tous

LECTURES = ("GET", "HEAD")


def _en_lecture(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ouvre une adresse de l'API à tous, en lecture ; HEAD répond comme GET (RFC 9110, § 9.3.2)."""

    @wraps(vue)
    def lire(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        methode = request.method
        if methode not in LECTURES:
            return HttpResponseNotAllowed(LECTURES)
        request.method = "GET"
        try:
            return vue(request, *args, **kwargs)
        finally:
            request.method = methode

    lire.acces = tous  # type: ignore[attr-defined]
    return lire


def _version_1() -> tuple:
    """Rend les adresses de l'API ; lève RuntimeError si une opération ne déclare pas son accès."""
    for _, routeur in views.api._routers:
        for vue in routeur.path_operations.values():
            for operation in vue.operations:
                if not hasattr(operation.view_func, "acces"):
                    raise RuntimeError(f"{operation.view_func.__name__} ne déclare pas son accès.")
    adresses = views.api.urls
    for adresse in adresses[0]:
        if adresse.callback:
            adresse.callback = _en_lecture(adresse.callback)
    return adresses


urlpatterns = [
    path("", views.accueil, name="api"),
    path("v1/", _version_1()),
]
