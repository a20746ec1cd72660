"""Ce qu'une décision en préparation répond à chaque demande, en lot ou une à une."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.espace_financeur.forms.decisions import (
    FormulaireDeReponse,
    Refusees,
    accordees,
    cochees,
)
from parvis.espace_financeur.views.decisions import decision_lue, montrer
from parvis.programmation.actions.decisions import Dit, repondre, retirer_une_reponse
from parvis.programmation.enums import Resultat
from parvis.programmation.queries import decisions as queries
from parvis.programmation.queries.enveloppes import enveloppes
from parvis.programmation.rules.decisions import dire_la_reponse
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_POST
@acces(financeurs)
def accorder(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Accorde ce qui est écrit en face de chaque demande cochée, toutes ou aucune."""
    decision = decision_lue(request, contrat, pk)
    dits, motifs = accordees(request.POST)
    if not motifs:
        try:
            trouver(repondre, par=acteur_de(request), decision=decision, reponses=dits, departs={})
        except Refus as refus:
            motifs = refus.motifs
    if motifs:
        return montrer(request, decision, motifs=motifs)
    messages.success(request, f"{_combien(len(dits))} : rien n’est voté avant la publication.")
    return redirect("espace_financeur:decision", contrat, pk)


@require_POST
@acces(financeurs)
def refuser(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Refuse les demandes cochées, avec le même motif."""
    decision, form = decision_lue(request, contrat, pk), Refusees(request.POST)
    if not form.is_valid():
        return montrer(request, decision, refusees=form)
    dits = {
        pk_demande: Dit(Resultat.REFUSE, motif=form.cleaned_data["motif"])
        for pk_demande in cochees(request.POST)
    }
    try:
        trouver(repondre, par=acteur_de(request), decision=decision, reponses=dits, departs={})
    except Refus as refus:
        return montrer(request, decision, motifs=refus.motifs, refusees=form)
    messages.success(request, f"{_combien(len(dits))} : rien n’est dit avant la publication.")
    return redirect("espace_financeur:decision", contrat, pk)


def _combien(nombre: int) -> str:
    return f"{nombre} réponse{'s' if nombre > 1 else ''} dans la décision"


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def modifier(request: HttpRequest, contrat: str, pk: int, ligne: int) -> HttpResponse:
    """Écrit la réponse à une demande : accordée, refusée, ajournée, orientée."""
    acteur, decision = acteur_de(request), decision_lue(request, contrat, pk)
    lue = trouver(queries.lignes_a_ecrire(acteur, decision).get, pk=ligne)
    prises = list(enveloppes(acteur, decision.contrat).filter(exercice=decision.exercice))
    service = queries.service_a_appeler(lue.demande)
    form = FormulaireDeReponse(request.POST or None, ligne=lue, prises=prises, service=service)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                repondre,
                par=acteur,
                decision=decision,
                reponses={lue.demande_id: form.dit},
                departs={lue.demande_id: request.POST.get("depart", "")},
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La réponse est écrite.")
            return redirect("espace_financeur:decision", contrat, pk)
    contexte = {
        "contrat": decision.contrat,
        "decision": decision,
        "ligne": lue,
        # Toujours celle d'aujourd'hui : refusé, on relit la réponse du collègue avant d'écrire la sienne.
        "depart": queries.empreinte_de(lue),
        "dite": dire_la_reponse(
            lue.resultat, lue.montant, lue.demande.montant_demande or Decimal(0)
        ),
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/reponse.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def retirer(request: HttpRequest, contrat: str, pk: int, ligne: int) -> HttpResponse:
    """Retire une réponse d'une décision en préparation."""
    acteur, decision = acteur_de(request), decision_lue(request, contrat, pk)
    lue = trouver(queries.lignes_a_ecrire(acteur, decision).get, pk=ligne)
    fait = "Cette réponse n’est plus dans la décision."
    trouver(
        tenter,
        request,
        retirer_une_reponse,
        fait=fait,
        par=acteur,
        decision=decision,
        ligne=lue,
    )
    return redirect("espace_financeur:decision", contrat, pk)
