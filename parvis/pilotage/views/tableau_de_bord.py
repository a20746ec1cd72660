"""Le tableau de bord du contrat : peu de chiffres, chacun défini, daté, et qui mène à ses lignes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.evaluation.queries import tableau_de_bord as lectures
from parvis.pilotage.views.couverture import lire
from parvis.socle.listes import emporter


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Un exercice en quelques chiffres : qui paie, qui reçoit, ce que l'on attend."""
    conduit, lue = lire(request, contrat)
    exercice = lue.exercice(request.GET.get("exercice", ""))
    contexte: dict[str, Any] = {
        "contrat": conduit,
        "edition": lue.edition,
        "lue": lue,
        "exercice": exercice,
        "jour": timezone.localdate(),
    }
    if exercice:
        contexte["bord"] = lectures.tableau_de_bord(acteur_de(request), conduit, lue, exercice)
    return render(request, "pilotage/tableau_de_bord.html", contexte)


@require_safe
@acces(pilotes)
def emporte(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les chiffres de chaque exercice, en CSV ou en XLSX."""
    _, lue = lire(request, contrat)
    annees = [lectures.annee_de(lue.comptes, exercice) for exercice in lue.exercices]
    lignes = lectures.tableau_des_annees(annees)
    return emporter(f"{contrat}-tableau-de-bord", extension, lectures.COLONNES, lignes)
