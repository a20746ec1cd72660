"""Un retrait que l'on envisage, ou que l'on a décidé : ce que l'organisme en lit, et ce qu'il répond."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.conventions.actions.reponses import repondre_a_un_retrait
from parvis.conventions.queries.versements import retrait_recu
from parvis.documents.actions import controler
from parvis.documents.vues import servir
from parvis.dossiers.models import Dossier
from parvis.espace_porteur.views.suites import depose_lu
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


class FormulaireDeReponse(forms.Form):
    """Ce que l'organisme répond au financeur."""

    reponse = forms.CharField(
        label="Votre réponse",
        help_text="Ce que vous contestez, ce que vous expliquez. Vous pouvez demander à être entendu.",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre réponse."},
    )


@require_safe
@acces(membres)
def retrait(request: HttpRequest, contrat: str, pk: int, acte: int) -> HttpResponse:
    """Ce qui est reproché, ce qui serait retiré, et de quoi répondre avant le dernier jour."""
    return _montrer(request, depose_lu(request, contrat, pk), acte, FormulaireDeReponse())


@require_POST
@acces(membres)
def repondre(request: HttpRequest, contrat: str, pk: int, acte: int) -> HttpResponse:
    """Répond au financeur ; un refus garde ce qui est écrit."""
    dossier, acteur = depose_lu(request, contrat, pk), acteur_de(request)
    if not trouver(retrait_recu, acteur, dossier, acte).peut_repondre:
        raise Http404
    form, joint = FormulaireDeReponse(request.POST), request.FILES.get("fichier")
    if not form.is_valid():
        return _montrer(request, dossier, acte, form)
    try:
        trouver(
            repondre_a_un_retrait,
            par=acteur,
            dossier=dossier,
            acte=acte,
            reponse=form.cleaned_data["reponse"],
            fichier=controler(nom=joint.name or "", octets=joint.read()) if joint else None,
        )
    except Refus as refus:
        return _montrer(request, dossier, acte, form, refus.motifs)
    messages.success(request, "Votre réponse est envoyée au financeur.")
    return redirect("espace_porteur:retrait", contrat, pk, acte)


def _montrer(
    request: HttpRequest,
    dossier: Dossier,
    acte: int,
    form: FormulaireDeReponse,
    motifs: Sequence[str] = (),
) -> HttpResponse:
    contexte = {
        "contrat": dossier.projet.contrat,
        "dossier": dossier,
        "projet": dossier.projet,
        "recu": trouver(retrait_recu, acteur_de(request), dossier, acte),
        "form": form,
        "motifs": motifs,
        "est_a_renvoyer": bool(request.FILES),
    }
    statut = 422 if form.is_bound else 200
    return render(request, "espace_porteur/retrait.html", contexte, status=statut)


@require_safe
@acces(membres)
def document(request: HttpRequest, contrat: str, pk: int, acte: int) -> HttpResponse:
    """Le document joint à la réponse, à enregistrer."""
    dossier = depose_lu(request, contrat, pk)
    joint = trouver(retrait_recu, acteur_de(request), dossier, acte).retrait.reponse_jointe
    if joint is None:
        raise Http404
    return servir(joint)
