"""Le tableau de programmation du contrat, que son pilote lit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.evaluation.vues import bilans_du_tableau
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.bilans import ECRAN
from parvis.programmation.queries.seances import seances_a_completer
from parvis.programmation.vues import contexte_du_tableau, emporter_le_tableau, lire_le_tableau
from parvis.socle.vues import trouver


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Tous les dossiers de l'exercice et leurs financeurs ; rien ne s'y écrit."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    lu = lire_le_tableau(request, conduit)
    contexte = contexte_du_tableau(request, conduit, lu, "pilotage")
    contexte["seances"] = seances_a_completer(acteur_de(request), conduit, lu.exercice)
    return render(request, "pilotage/programmation.html", contexte)


@require_safe
@acces(pilotes)
def emporte(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Le même tableau, en CSV ou en XLSX."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    suites = bilans_du_tableau(request, conduit, ECRAN)
    return emporter_le_tableau(request, conduit, extension, suites)
