"""Un bilan reçu autrement, ou que le service n'attend pas : le noter pour tous, revenir dessus."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.actions import FichierControle, controler
from parvis.dossiers.models import BilanAttendu
from parvis.evaluation import vues
from parvis.evaluation.actions.decharger import annuler_la_decharge, decharger_du_bilan
from parvis.evaluation.queries.decharges import decharge_de, phrase_de_la_decharge
from parvis.pilotage.forms.bilans import DechargeDuBilan, MotifDAnnulation
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.bilans import ECRAN
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


def _attendu(request: HttpRequest, contrat: str, pk: int) -> BilanAttendu:
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    return ECRAN.trouver_l_attendu(request, conduit, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def decharge(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note qu'un bilan est reçu autrement, ou dispensé ; une fois noté, dit quoi et s'annule."""
    attendu, motifs = _attendu(request, contrat, pk), []
    form = DechargeDuBilan(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                decharger_du_bilan,
                par=acteur_de(request),
                attendu=attendu,
                controle=_fichier(request),
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(
                request, "C’est noté, pour tous les financeurs. Le porteur est prévenu."
            )
            return redirect("pilotage:bilans", contrat)
    return _montrer(request, attendu, form, MotifDAnnulation(), motifs)


def _fichier(request: HttpRequest) -> FichierControle | None:
    """Contrôle le fichier joint, hors de toute transaction ; lève Refus."""
    fichier = request.FILES.get("fichier")
    return controler(nom=fichier.name or "", octets=fichier.read()) if fichier else None


@require_POST
@acces(pilotes)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule ce qui était noté : le bilan est de nouveau attendu."""
    attendu = _attendu(request, contrat, pk)
    annulation = MotifDAnnulation(request.POST)
    if not annulation.is_valid():
        return _montrer(request, attendu, DechargeDuBilan(), annulation, [])
    trouver(
        annuler_la_decharge,
        par=acteur_de(request),
        attendu=attendu,
        motif=annulation.cleaned_data["motif"],
    )
    messages.success(request, "C’est annulé : le bilan est de nouveau attendu.")
    return redirect("pilotage:bilans", contrat)


def _montrer(
    request: HttpRequest,
    attendu: BilanAttendu,
    form: DechargeDuBilan,
    annulation: MotifDAnnulation,
    motifs: list[str],
) -> HttpResponse:
    notee = decharge_de(attendu)
    contexte = {
        "contrat": attendu.dossier.appel.contrat,
        "attendu": attendu,
        "dossier": attendu.dossier,
        "projet": attendu.dossier.projet,
        "decharge": notee,
        "phrase": phrase_de_la_decharge(notee) if notee else "",
        "form": annulation if notee else form,
        "motifs": motifs,
        "est_a_renvoyer": bool(request.FILES),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/decharge.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def recu(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le fichier joint à un bilan reçu autrement, ou dispensé."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    return vues.servir_le_recu(request, conduit, pk, ECRAN)
