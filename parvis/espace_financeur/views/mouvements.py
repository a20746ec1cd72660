"""Ce qui entre dans une enveloppe et en sort : doter, déléguer, reporter."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.espace_financeur.forms.enveloppes import Delegation, Dotation, Report
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe
from parvis.programmation.queries import enveloppes as queries
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver

LES_DEUX = ["GET", "HEAD", "POST"]


@require_http_methods(LES_DEUX)
@acces(financeurs)
def doter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ajoute à une enveloppe, ou en retire."""
    ouverte = _ouverte(request, contrat, pk)
    form = Dotation(request.POST or None, initial=_aujourd_hui())

    def geste() -> None:
        actions.doter(par=acteur_de(request), enveloppe=ouverte, **form.acte)

    return _mener(request, ouverte, form, geste, "doter")


@require_http_methods(LES_DEUX)
@acces(financeurs)
def deleguer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Délègue à une sous-enveloppe, ou en fait revenir."""
    ouverte = _ouverte(request, contrat, pk)
    filles = queries.enveloppes(acteur_de(request), ouverte.contrat).filter(mere=ouverte)
    form = Delegation(
        request.POST or None,
        autres=queries.nommees(ouverte.contrat, filles),
        initial=_aujourd_hui() | {"vers": request.GET.get("vers", "")},
    )

    def geste() -> None:
        actions.deleguer(par=acteur_de(request), depuis=ouverte, **form.acte)

    return _mener(request, ouverte, form, geste, "deleguer")


@require_http_methods(LES_DEUX)
@acces(financeurs)
def reporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Reporte vers un exercice suivant, par un acte que l'on nomme ; ou annule un report."""
    ouverte = _ouverte(request, contrat, pk)
    suivantes = queries.enveloppes(acteur_de(request), ouverte.contrat).filter(
        exercice__gt=ouverte.exercice
    )
    form = Report(
        request.POST or None,
        autres=queries.nommees(ouverte.contrat, suivantes),
        initial=_aujourd_hui(),
    )

    def geste() -> None:
        actions.reporter(par=acteur_de(request), depuis=ouverte, **form.acte)

    return _mener(request, ouverte, form, geste, "reporter")


def _ouverte(request: HttpRequest, contrat: str, pk: int) -> Enveloppe:
    return trouver(queries.enveloppe, acteur_de(request), contrat_lu(request, contrat), pk)


def _aujourd_hui() -> dict[str, Any]:
    return {"decide_le": timezone.localdate()}


def _mener(
    request: HttpRequest, ouverte: Enveloppe, form: Any, geste: Callable[[], None], nom: str
) -> HttpResponse:
    """Note le mouvement et revient à l'enveloppe, ou rend la page avec tous les motifs du refus."""
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(geste)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Le mouvement est noté.")
            return redirect("espace_financeur:enveloppe", ouverte.contrat.code, ouverte.pk)
    contexte = {"contrat": ouverte.contrat, "enveloppe": ouverte, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, f"espace_financeur/enveloppe_{nom}.html", contexte, status=statut)
