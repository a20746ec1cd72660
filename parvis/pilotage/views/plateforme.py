"""L'accueil de qui tient la plateforme : ce qui attend, les courriels, le journal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, administrateurs
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise_de_la_chaine
from parvis.journal.queries.verification import ruptures
from parvis.pilotage.queries.attente import attente_de_la_plateforme


@require_safe
@acces(administrateurs)
def accueil(request: HttpRequest) -> HttpResponse:
    """Ce qui attend l'administrateur."""
    attente = attente_de_la_plateforme(acteur_de(request), jour=timezone.localdate())
    return render(request, "pilotage/plateforme.html", {"attente": attente})


@require_safe
@acces(administrateurs)
def journal(request: HttpRequest) -> HttpResponse:
    """Le journal de la plateforme, et sa vérification quand on la demande."""
    est_verifie = "verifier" in request.GET
    contexte = {
        "est_verifie": est_verifie,
        "ruptures": ruptures() if est_verifie else [],
        "frise": frise_de_la_chaine(
            "instance", regard=Regard.PILOTAGE, avant=request.GET.get("avant", "")
        ),
    }
    return render(request, "pilotage/journal.html", contexte)
