"""Les indicateurs que le contrat propose aux porteurs : par fiche, en ajouter, corriger, retirer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions.indicateurs import (
    ajouter_un_indicateur,
    modifier_un_indicateur,
    retirer_un_indicateur,
)
from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.indicateurs import indicateurs, par_fiche
from parvis.cadre.queries.lecture import edition_courante
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.indicateurs import FormulaireDIndicateur
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les indicateurs proposés, fiche par fiche."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    return _page(request, conduit, FormulaireDIndicateur(), "")


@require_POST
@acces(pilotes)
def ajouter(request: HttpRequest, contrat: str) -> HttpResponse:
    """Propose de compter une chose pour une fiche, ou pour toutes."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = FormulaireDIndicateur(request.POST)
    numero = request.POST.get("fiche", "")
    fiche = conduit.fiches.filter(numero=numero).first() if numero else None
    motifs = ["Cette fiche n’est pas de ce contrat."] if numero and fiche is None else []
    if form.is_valid() and not motifs:
        try:
            fait = ajouter_un_indicateur(
                par=acteur, contrat=conduit, fiche=fiche, **form.cleaned_data
            )
            messages.success(request, f"Ajouté : « {fait.nom} ».")
            return redirect("pilotage:indicateurs", contrat)
        except Refus as refus:
            motifs = refus.motifs
    return _page(request, conduit, form, numero, motifs)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Corrige un indicateur."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    indicateur = trouver(indicateurs(acteur, conduit).get, pk=pk)
    porte = {"nom": indicateur.nom, "unite": indicateur.unite, "source": indicateur.source}
    form = FormulaireDIndicateur(request.POST or None, initial=porte)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            modifier_un_indicateur(par=acteur, indicateur=indicateur, **form.cleaned_data)
            messages.success(request, "L’indicateur est corrigé.")
            return redirect("pilotage:indicateurs", contrat)
        except Refus as refus:
            motifs = refus.motifs
    contexte = {"contrat": conduit, "indicateur": indicateur, "form": form, "motifs": motifs}
    statut = 422 if motifs or form.errors else 200
    return render(request, "pilotage/indicateur.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ne propose plus un indicateur."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    indicateur = trouver(indicateurs(acteur, conduit).get, pk=pk)
    fait = f"Retiré : « {indicateur.nom} ». Les dossiers qui le comptent le gardent."
    tenter(request, retirer_un_indicateur, fait=fait, par=acteur, indicateur=indicateur)
    return redirect("pilotage:indicateurs", contrat)


def _page(
    request: HttpRequest,
    conduit: Contrat,
    form: FormulaireDIndicateur,
    numero: str,
    motifs: list[str] | None = None,
) -> HttpResponse:
    acteur = acteur_de(request)
    try:
        edition = edition_courante(acteur, conduit.code)
    except Edition.DoesNotExist:
        edition = None
    contexte = {
        "contrat": conduit,
        "edition": edition,
        "fiches": par_fiche(acteur, conduit, edition) if edition else [],
        "form": form,
        "numero": numero,
        "motifs": motifs or [],
    }
    statut = 422 if motifs or form.errors else 200
    return render(request, "pilotage/indicateurs.html", contexte, status=statut)
