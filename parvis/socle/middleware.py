"""Ce que Django ne pose pas lui-même sur une requête et sa réponse."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PERMISSIONS = ", ".join(
    f"{capacite}=()"
    for capacite in ("camera", "microphone", "payment", "usb", "browsing-topics", "geolocation")
)


def dater(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Note l'instant où la requête est arrivée : un dépôt compte à cette seconde, non à sa fin."""

    def noter_l_instant(request: HttpRequest) -> HttpResponse:
        request.recue_le = timezone.now()  # type: ignore[attr-defined]
        return suite(request)

    return noter_l_instant


def entetes(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Ferme les capacités du navigateur dont aucune page n'a besoin."""

    def poser(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        reponse.headers.setdefault("Permissions-Policy", PERMISSIONS)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return reponse

    return poser
