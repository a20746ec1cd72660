"""En-têtes de sécurité que Django ne pose pas lui-même."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = ", ".join(
    f"{capacite}=()"
    for capacite in ("camera", "microphone", "payment", "usb", "browsing-topics", "geolocation")
)


def entetes(suite: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Ferme les capacités du navigateur dont aucune page n'a besoin."""

    def poser(request: HttpRequest) -> HttpResponse:
        reponse = suite(request)
        reponse.headers.setdefault("Permissions-Policy", PERMISSIONS)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return reponse

    return poser
