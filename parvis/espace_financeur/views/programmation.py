"""Le tableau de programmation, où un financeur écrit sa colonne."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de
from parvis.espace_financeur.forms.programmation import PropositionDeMontant
from parvis.espace_financeur.views.bilans import ECRAN
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.evaluation.vues import bilans_du_tableau
from parvis.instruction.actions.montants import proposer_un_montant
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.montants import AProposer, demande_a_proposer
from parvis.programmation.vues import (
    contexte_du_tableau,
    emporter_le_tableau,
    lire_le_tableau,
    morceaux_du_tableau,
)
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus
from parvis.socle.vues import est_pour_le_script, trouver

ESPACE = "espace_financeur"


@require_safe
@acces(peut_financer)
def tableau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les dossiers de l'exercice et leurs financeurs ; la colonne de l'acteur s'y écrit."""
    lu = contrat_lu(request, contrat)
    contexte = contexte_du_tableau(request, lu, lire_le_tableau(request, lu), ESPACE)
    return render(request, "espace_financeur/programmation.html", contexte)


@require_safe
@acces(peut_financer)
def emporte(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Le même tableau, en CSV ou en XLSX."""
    lu = contrat_lu(request, contrat)
    suites = bilans_du_tableau(request, lu, ECRAN)
    return emporter_le_tableau(request, lu, extension, suites)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def proposer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une case : sa page à qui n'a pas de script, son enregistrement à tous.

    Refusée, elle dit pourquoi et garde ce qui est tapé.
    """
    lu = contrat_lu(request, contrat)
    case = trouver(demande_a_proposer, acteur_de(request), lu, pk)
    form = PropositionDeMontant(request.POST or None, a_proposer=case)
    motifs = case.motifs if request.method != "POST" else []
    if request.method == "POST":
        motifs = _proposer(request, case, form)
        if est_pour_le_script(request):
            return _repondre(request, lu, case, motifs)
        if not motifs:
            messages.success(request, _dit(form))
            return redirect(_adresse(request, contrat, case))
    contexte = {
        "contrat": lu,
        "case": case,
        "projet": case.demande.dossier.projet,
        "form": form,
        "motifs": [] if form.errors else motifs,
        "retour": _adresse(request, contrat, case),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/proposer_un_montant.html", contexte, status=statut)


def _proposer(request: HttpRequest, case: AProposer, form: PropositionDeMontant) -> list[str]:
    """Propose le montant ; rend pourquoi il est refusé, vide s'il est écrit."""
    if not form.is_valid():
        return [str(motif) for motifs in form.errors.values() for motif in motifs]
    try:
        trouver(
            proposer_un_montant, par=acteur_de(request), demande=case.demande, **form.cleaned_data
        )
    except Refus as refus:
        return refus.motifs
    return []


def _repondre(
    request: HttpRequest, contrat: Contrat, case: AProposer, motifs: list[str]
) -> JsonResponse:
    """Rend au script ce qui a changé à l'écran, recompté ; ou les motifs du refus."""
    if motifs:
        return JsonResponse({"dit": " ".join(motifs)}, status=422)
    lu = lire_le_tableau(request, contrat)
    ligne = lu.ligne(case.demande.dossier_id)
    if ligne is None:
        raise Http404
    contexte: dict[str, Any] = contexte_du_tableau(request, contrat, lu, ESPACE)
    return JsonResponse(morceaux_du_tableau(contexte, ligne))


def _dit(form: PropositionDeMontant) -> str:
    montant = form.cleaned_data["montant"]
    if montant is None:
        return "Votre service ne propose plus d’argent pour cette demande."
    return f"{ecrire_montant(montant, court=True)} proposés."


def _adresse(request: HttpRequest, contrat: str, case: AProposer) -> str:
    """Rend le tableau, aux mêmes choix, à la rangée du dossier."""
    adresse = reverse("espace_financeur:programmation", args=(contrat,))
    suite = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"{adresse}{suite}#d{case.demande.dossier_id}"
