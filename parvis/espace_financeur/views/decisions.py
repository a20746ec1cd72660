"""Les décisions d'un financeur : les préparer, les relire, les publier."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, controler
from parvis.documents.vues import servir
from parvis.espace_financeur.forms.decisions import FormulaireDeDecision, Refusees, a_cocher
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.actions import decisions as actions
from parvis.programmation.models import Decision
from parvis.programmation.queries import decisions as queries
from parvis.programmation.queries.enveloppes import enveloppes
from parvis.programmation.queries.seances import seances_a_reprendre
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(financeurs)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les décisions du service, la dernière prise d'abord."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    contexte = {"contrat": lu, "decisions": queries.decisions(acteur, lu)}
    return render(request, "espace_financeur/decisions.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def nouvelle(request: HttpRequest, contrat: str) -> HttpResponse:
    """Prépare une décision : rien n'est voté avant qu'elle soit publiée."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    depart = {"exercice": queries.exercice_a_decider(acteur, lu)}
    form = FormulaireDeDecision(request.POST or None, initial=depart)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            preparee = trouver(
                actions.preparer_une_decision,
                par=acteur,
                contrat=lu,
                fichier=_fichier(request),
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            return redirect("espace_financeur:decision", contrat, preparee.pk)
    return _formulaire(request, {"contrat": lu, "form": form, "motifs": motifs})


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Corrige la sorte, la date, le numéro ou le fichier d'une décision en préparation."""
    decision = decision_lue(request, contrat, pk)
    depart = {champ: getattr(decision, champ) for champ in ("sorte", "prise_le", "numero")}
    form = FormulaireDeDecision(request.POST or None, initial=depart, est_nouvelle=False)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                actions.modifier_la_decision,
                par=acteur_de(request),
                decision=decision,
                fichier=_fichier(request),
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La décision est corrigée.")
            return redirect("espace_financeur:decision", contrat, pk)
    contexte = {"contrat": decision.contrat, "decision": decision, "form": form, "motifs": motifs}
    return _formulaire(request, contexte)


def _formulaire(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    contexte["est_a_renvoyer"] = bool(request.FILES)
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/decision_ecrire.html", contexte, status=statut)


def _fichier(request: HttpRequest) -> FichierControle | None:
    """Contrôle le fichier joint, hors de toute transaction ; lève Refus."""
    fichier = request.FILES.get("fichier")
    return controler(nom=fichier.name or "", octets=fichier.read()) if fichier else None


@require_safe
@acces(financeurs)
def decision(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une décision : ce qu'elle répond, et ce qui reste à décider."""
    return montrer(request, decision_lue(request, contrat, pk))


def montrer(
    request: HttpRequest,
    decision: Decision,
    *,
    motifs: list[str] | None = None,
    refusees: Refusees | None = None,
) -> HttpResponse:
    """Rend la page d'une décision ; refusé, un envoi y revient avec ce qui était coché et écrit."""
    acteur, tout = acteur_de(request), "tout" in request.GET
    restantes = (
        [] if decision.est_publiee else queries.a_decider(acteur, decision, avec_les_decidees=tout)
    )
    contexte = {
        "contrat": decision.contrat,
        "decision": decision,
        "lignes": queries.lignes(acteur, decision),
        "prises": _prises(acteur, decision),
        "restantes": a_cocher(restantes, request.POST),
        "enveloppes": enveloppes(acteur, decision.contrat).filter(exercice=decision.exercice),
        "a_venir": decision.prise_le > timezone.localdate(),
        "refusees": refusees or Refusees(),
        "motifs": motifs or [],
        "tout": tout,
        "seances": [] if decision.est_publiee else seances_a_reprendre(acteur, decision),
    }
    statut = 422 if motifs or request.method == "POST" else 200
    return render(request, "espace_financeur/decision.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def publier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Publie une décision, après l'avoir relue : c'est elle qui vote."""
    lue = decision_lue(request, contrat, pk)
    motifs: list[str] = []
    if request.method == "POST":
        try:
            trouver(actions.publier_la_decision, par=acteur_de(request), decision=lue)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La décision est publiée : les porteurs l’apprennent.")
            return redirect("espace_financeur:decision", contrat, pk)
    contexte = {
        "contrat": lue.contrat,
        "decision": lue,
        "lignes": queries.lignes(acteur_de(request), lue),
        "prises": _prises(acteur_de(request), lue),
        "a_venir": lue.prise_le > timezone.localdate(),
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/decision_publier.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def jeter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Jette une décision en préparation."""
    lue = decision_lue(request, contrat, pk)
    fait = "La décision en préparation est jetée : rien n’était voté."
    jetee = trouver(
        tenter,
        request,
        actions.jeter_la_decision,
        fait=fait,
        par=acteur_de(request),
        decision=lue,
    )
    if jetee:
        return redirect("espace_financeur:decisions", contrat)
    return redirect("espace_financeur:decision", contrat, pk)


@require_safe
@acces(financeurs)
def fichier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le fichier de la décision, à enregistrer."""
    lue = decision_lue(request, contrat, pk)
    if lue.fichier is None:
        raise Http404
    return servir(lue.fichier)


def _prises(acteur: Acteur, decision: Decision) -> list[queries.PriseSurEnveloppe]:
    """Rend ce que la décision prend sur les enveloppes ; rien à qui s'est déporté d'un de ses dossiers."""
    lignes = queries.toutes_les_lignes(decision)
    return [] if decision.deportees else queries.prises_sur_les_enveloppes(lignes)  # type: ignore[attr-defined]


def decision_lue(request: HttpRequest, contrat: str, pk: int) -> Decision:
    """Rend une décision du service de l'acteur ; lève Http404 pour toute autre."""
    return trouver(queries.decisions(acteur_de(request), contrat_lu(request, contrat)).get, pk=pk)
