"""Les scénarios d'un service : en faire, les comparer, en appliquer un."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de
from parvis.espace_financeur.forms.scenarios import FormulaireDeScenario
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.instruction.permissions import peut_financer
from parvis.programmation.actions import scenarios as actions
from parvis.programmation.models import Scenario
from parvis.programmation.queries import scenarios as queries
from parvis.programmation.queries.enveloppes import tableau as enveloppes_de
from parvis.programmation.vues import lire_le_tableau
from parvis.socle.refus import Refus
from parvis.socle.vues import numero_demande, tenter, trouver


@require_safe
@acces(peut_financer)
def comparer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les scénarios d'un exercice, côte à côte avec ce que le service propose."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    exercice = numero_demande(request, "exercice") or lire_le_tableau(request, lu).exercice
    choisis = [int(pk) for pk in request.GET.getlist("s") if pk.isascii() and pk.isdigit()]
    siens = list(queries.scenarios(acteur, lu).filter(exercice=exercice))
    contexte = {
        "contrat": lu,
        "exercice": exercice,
        "scenarios": siens,
        "comparaison": queries.comparer(acteur, lu, exercice, choisis),
        "choisis": choisis,
        "enveloppes": enveloppes_de(acteur, lu, exercice),
    }
    return render(request, "espace_financeur/scenarios.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def faire(request: HttpRequest, contrat: str) -> HttpResponse:
    """Fait un scénario : rien n'en est proposé."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    depart = {
        "exercice": numero_demande(request, "exercice") or lire_le_tableau(request, lu).exercice
    }
    form, motifs = FormulaireDeScenario(request.POST or None, initial=depart), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            fait = trouver(
                actions.faire_un_scenario,
                par=acteur,
                contrat=lu,
                exercice=form.cleaned_data["exercice"],
                nom=form.cleaned_data["nom"],
                regle=form.regle,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"« {fait} » est fait : rien n’en est proposé.")
            return _retour(contrat, fait.exercice)
    contexte = {"contrat": lu, "form": form, "motifs": motifs, "exercice": depart["exercice"]}
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/scenario_faire.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def appliquer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Propose tous les montants d'un scénario, après avoir relu ce qui change."""
    lu = _lu(request, contrat, pk)
    motifs: list[str] = []
    if request.method == "POST":
        try:
            nombre = trouver(actions.appliquer_le_scenario, par=acteur_de(request), scenario=lu)
        except Refus as refus:
            motifs = refus.motifs
        else:
            s = "s" if nombre > 1 else ""
            messages.success(request, f"{nombre} montant{s} proposé{s} d’après « {lu} ».")
            return redirect("espace_financeur:programmation", contrat)
    contexte = {
        "contrat": lu.contrat,
        "scenario": lu,
        "changements": queries.changements(acteur_de(request), lu),
        "motifs": motifs,
    }
    statut = 422 if motifs else 200
    return render(request, "espace_financeur/scenario_appliquer.html", contexte, status=statut)


@require_POST
@acces(peut_financer)
def jeter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Jette un scénario."""
    lu = _lu(request, contrat, pk)
    fait = "Le scénario est jeté ; ce qui est proposé le reste."
    acteur, exercice = acteur_de(request), lu.exercice
    trouver(tenter, request, actions.jeter_le_scenario, fait=fait, par=acteur, scenario=lu)
    return _retour(contrat, exercice)


def _lu(request: HttpRequest, contrat: str, pk: int) -> Scenario:
    siens = queries.scenarios(acteur_de(request), contrat_lu(request, contrat))
    return trouver(siens.get, pk=pk)


def _retour(contrat: str, exercice: int) -> HttpResponse:
    adresse = reverse("espace_financeur:scenarios", args=[contrat])
    return redirect(f"{adresse}?exercice={exercice}")
