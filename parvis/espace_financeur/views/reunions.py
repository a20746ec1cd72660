"""Les réunions où l'on est convoqué."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, connectes
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.instances.queries import mes_reunions


@require_safe
@acces(connectes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les réunions des instances où l'acteur siège, la prochaine d'abord."""
    lu = contrat_lu(request, contrat)
    contexte = {
        "contrat": lu,
        "reunions": mes_reunions(acteur_de(request), lu, jour=timezone.localdate()),
    }
    return render(request, "espace_financeur/reunions.html", contexte)
