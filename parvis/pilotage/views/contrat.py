"""L'accueil du pilote d'un contrat : ce qui l'attend, et l'histoire du contrat."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.instruction.queries.deports import dossiers_deportes
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise_de_la_chaine
from parvis.pilotage.queries.attente import attente_du_pilote
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.vues import trouver


@require_safe
@acces(pilotes)
def accueil(request: HttpRequest, contrat: str) -> HttpResponse:
    """Ce qui attend le pilote, en phrases, et ce qui s'est passé."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    contexte = {
        "contrat": conduit,
        "attente": attente_du_pilote(
            acteur, conduit, jour=timezone.localdate(), maintenant=timezone.now()
        ),
        "frise": frise_de_la_chaine(
            conduit.code,
            regard=Regard.PILOTAGE,
            avant=request.GET.get("avant", ""),
            sauf=dossiers_deportes(acteur),
        ),
    }
    return render(request, "pilotage/contrat.html", contexte)
