"""Ne plus recevoir un sujet ; lire, en démonstration, les courriels que personne n'a reçus."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from parvis.comptes.acces import acces, en_demonstration, tous
from parvis.courriels import actions, composition, queries
from parvis.courriels.enums import Sujet
from parvis.courriels.jetons import JetonIllisible, lire_jeton
from parvis.courriels.rules import masquer
from parvis.socle.vues import trouver

DERNIERS = 100


# Le jeton prouve que l'on a reçu le courriel, et la messagerie qui poste ici n'a pas de témoin.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@acces(tous)
@never_cache
def desabonnement(request: HttpRequest, jeton: str) -> HttpResponse:
    """Dit ce que l'adresse ne recevrait plus ; l'arrête quand on le confirme."""
    try:
        adresse, sujets = lire_jeton(jeton)
    except JetonIllisible:
        raise Http404 from None
    if request.method == "POST":
        actions.se_desabonner(adresse=adresse, sujets=sujets)
    contexte = {
        "adresse": masquer(adresse),
        "sujets": [Sujet(sujet).label for sujet in sujets],
        "est_fait": request.method == "POST",
    }
    return render(request, "accueil/desabonnement.html", contexte)


desabonnement.est_sans_jeton = True  # type: ignore[attr-defined]


@require_safe
@acces(en_demonstration)
def boite(request: HttpRequest) -> HttpResponse:
    """Les derniers courriels, de tous ou d'une adresse."""
    adresse = request.GET.get("adresse", "")
    courriels = queries.boite(adresse)[:DERNIERS]
    return render(request, "accueil/courriels.html", {"courriels": courriels, "adresse": adresse})


@require_safe
@acces(en_demonstration)
def courriel(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Un courriel, tel qu'il part."""
    lu = trouver(queries.courriel, identifiant)
    contexte = {"courriel": lu, "texte": composition.texte_complet(lu)}
    return render(request, "accueil/courriel.html", contexte)
