"""Les actes qu'une décision appelle : les relire avec leurs raisons, les préparer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.actions.composition import demander_la_composition
from parvis.conventions.actions.modeles import (
    noter_une_autre_subvention,
    retirer_une_autre_subvention,
)
from parvis.conventions.queries.actes import actes_de_la_decision
from parvis.conventions.queries.cumuls import autres_subventions
from parvis.conventions.queries.preparation import ActePropose, actes_a_prendre
from parvis.espace_financeur.forms.actes import FormulaireDAutreSubvention
from parvis.espace_financeur.views.decisions import decision_lue
from parvis.programmation.models import Decision
from parvis.socle.listes import entier
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def preparer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Les actes qu'une décision publiée appelle : les préparer, puis les composer."""
    lue = decision_lue(request, contrat, pk)
    if request.method != "POST":
        return _montrer(request, lue)
    acteur = acteur_de(request)
    choisis = {cle: request.POST.get(f"sorte-{cle}", "") for cle in request.POST.getlist("propose")}
    try:
        faits = trouver(preparer_les_actes, par=acteur, decision=lue, choisis=choisis)
    except Refus as refus:
        return _montrer(request, lue, motifs=refus.motifs)
    trouver(demander_la_composition, par=acteur, contrat=lue.contrat)
    fait = (
        f"{len(faits)} actes préparés. Leurs documents se composent : vous pouvez quitter cette page."
        if len(faits) > 1
        else "L’acte est préparé. Son document se compose : vous pouvez quitter cette page."
    )
    messages.success(request, fait)
    return redirect("espace_financeur:actes", contrat)


def _montrer(
    request: HttpRequest,
    lue: Decision,
    *,
    motifs: list[str] | None = None,
    form: FormulaireDAutreSubvention | None = None,
) -> HttpResponse:
    acteur = acteur_de(request)
    proposes = actes_a_prendre(acteur, lue)
    contexte = {
        "contrat": lue.contrat,
        "decision": lue,
        "proposes": [_a_cocher(request, propose) for propose in proposes],
        "pris": actes_de_la_decision(acteur, lue),
        "motifs": motifs or [],
        "form": form,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/actes_a_prendre.html", contexte, status=statut)


def _a_cocher(request: HttpRequest, propose: ActePropose) -> dict[str, Any]:
    """Rend un acte proposé et ce que l'on en avait choisi ; d'abord, tout ce qui peut l'être est coché."""
    est_envoye = request.method == "POST"
    return {
        "propose": propose,
        "est_coche": propose.cle in request.POST.getlist("propose")
        if est_envoye
        else not propose.obstacles,
        "sorte": request.POST.get(f"sorte-{propose.cle}", "") or propose.choix.sorte,
        "permises": [(sorte.value, sorte.label) for sorte in propose.choix.permises],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def subventions(request: HttpRequest, contrat: str, pk: int, cle: str) -> HttpResponse:
    """Ce que le service donne au même organisme hors de la plateforme : cela compte pour le seuil."""
    lue = decision_lue(request, contrat, pk)
    par_cle = {propose.cle: propose for propose in actes_a_prendre(acteur_de(request), lue)}
    propose = trouver(_choisi, par_cle, cle)
    form = FormulaireDAutreSubvention(request.POST or None)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                noter_une_autre_subvention,
                par=acteur_de(request),
                titulaire=propose.titulaire,
                exercice=lue.exercice,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "C’est noté : le seuil en tient compte.")
            return redirect("espace_financeur:autres_subventions", contrat, pk, cle)
    contexte = {
        "contrat": lue.contrat,
        "decision": lue,
        "propose": propose,
        "form": form,
        "motifs": motifs,
        "autres": autres_subventions(lue.financeur.retenu, lue.exercice, propose.titulaire),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/autres_subventions.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def retirer_une_subvention(request: HttpRequest, contrat: str, pk: int, cle: str) -> HttpResponse:
    """Retire une subvention notée à tort."""
    lue = decision_lue(request, contrat, pk)
    trouver(
        tenter,
        request,
        retirer_une_autre_subvention,
        fait="Cette subvention est retirée.",
        par=acteur_de(request),
        pk=entier(request, "subvention"),
    )
    return redirect("espace_financeur:autres_subventions", contrat, lue.pk, cle)


def _choisi(proposes: dict[str, ActePropose], cle: str) -> ActePropose:
    """Rend un acte proposé ; lève Decision.DoesNotExist si la décision ne l'appelle pas."""
    if cle not in proposes:
        raise Decision.DoesNotExist
    return proposes[cle]
