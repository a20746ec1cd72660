"""En démonstration seulement : entrer d'un geste à la place d'une personne inventée."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from parvis.comptes.acces import acces, adresse_d_ici, en_demonstration
from parvis.comptes.queries.demonstration import personne_a_essayer
from parvis.socle.vues import trouver

_PORTE = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__qualname__}"


@require_POST
@acces(en_demonstration)
def essayer(request: HttpRequest) -> HttpResponse:
    """Ouvre une session au nom de cette personne, puis va où l'on allait."""
    choisie = request.POST.get("personne", "")
    pk = int(choisie) if choisie.isascii() and choisie.isdigit() and len(choisie) < 19 else 0
    login(request, trouver(personne_a_essayer, pk), backend=_PORTE)
    return HttpResponseRedirect(adresse_d_ici(request, request.POST.get("next", "")))
