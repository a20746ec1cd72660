"""Une séance vue d'un membre, et d'un financeur qui y apporte : ce qu'elle examine, ce qu'elle propose."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, connectes, financeurs
from parvis.espace_financeur.views.decisions import decision_lue
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.actions import seances as actions
from parvis.programmation.actions import votes_prevus
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.actions.reprise_de_seance import reprendre_une_seance
from parvis.programmation.forms import (
    FormulaireDApport,
    FormulaireDeDeport,
    FormulaireDeVotePrevu,
)
from parvis.programmation.models import Seance
from parvis.programmation.queries import seances as queries
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour, table_du_service
from parvis.programmation.queries.releves import releve
from parvis.programmation.queries.reliquats import apport_possible, reliquats
from parvis.programmation.queries.votes_prevus import vote_prevu
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, tenter, trouver


@require_safe
@acces(connectes)
def seance(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Les dossiers d'une séance où l'acteur siège, et ce qu'elle en propose."""
    return _montrer(request, seance_lue(request, contrat, pk))


@require_safe
@acces(connectes)
def emporter_le_releve(request: HttpRequest, contrat: str, pk: int, extension: str) -> HttpResponse:
    """Le relevé d'une séance publiée, en PDF ou en Word."""
    lue = seance_lue(request, contrat, pk)
    return a_emporter(trouver(releve, acteur_de(request), lue, extension))


@require_POST
@acces(financeurs)
def apporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit à la séance ce que le service y apporte, et quand son autorité votera."""
    lue, acteur, form = (
        seance_lue(request, contrat, pk),
        acteur_de(request),
        FormulaireDApport(request.POST),
    )
    if not form.is_valid():
        return _montrer(request, lue, apport=form)
    try:
        trouver(
            actions.apporter,
            par=acteur,
            seance=lue,
            financeur=acteur.organisme,
            **form.cleaned_data,
        )
    except Refus as refus:
        return _montrer(request, lue, apport=form, motifs=refus.motifs)
    messages.success(request, "Votre apport est dit à la séance.")
    return redirect("espace_financeur:seance", contrat, pk)


@require_POST
@acces(financeurs)
def dater_le_vote(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Corrige, la séance publiée, le jour où l'autorité du service votera."""
    lue, form = seance_lue(request, contrat, pk), FormulaireDeVotePrevu(request.POST)
    if not form.is_valid():
        return _montrer(request, lue, vote=form)
    try:
        trouver(votes_prevus.dater_le_vote, par=acteur_de(request), seance=lue, **form.cleaned_data)
    except Refus as refus:
        return _montrer(request, lue, vote=form, motifs=refus.motifs)
    messages.success(request, "C’est noté : chaque porteur l’apprend.")
    return redirect("espace_financeur:seance", contrat, pk)


@require_POST
@acces(connectes)
def se_deporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Se retire d'un dossier de la séance : l'acteur ne le voit plus, et le relevé le dira."""
    lue, acteur = seance_lue(request, contrat, pk), acteur_de(request)
    form = FormulaireDeDeport(request.POST, points=ordre_du_jour(acteur, lue).points)
    if not form.is_valid():
        return _montrer(request, lue, deport=form)
    fait = "Vous vous retirez de ce dossier : vous ne le verrez plus."
    mandat = trouver(queries.mandat_du_membre, acteur, lue)
    trouver(
        tenter,
        request,
        deporter,
        fait=fait,
        par=acteur,
        seance=lue,
        mandat=mandat,
        **form.deport,
    )
    return redirect("espace_financeur:seance", contrat, pk)


@require_POST
@acces(financeurs)
def reprendre(request: HttpRequest, contrat: str, pk: int, seance: int) -> HttpResponse:
    """Met dans une décision en préparation ce que propose une séance publiée."""
    decision, acteur = decision_lue(request, contrat, pk), acteur_de(request)
    reprises = queries.seances_a_reprendre(acteur, decision)
    lue = next((une for une, _ in reprises if une.pk == seance), None)
    if lue is None:
        raise Http404
    try:
        nombre, motifs = trouver(reprendre_une_seance, par=acteur, decision=decision, seance=lue)
    except Refus as refus:
        nombre, motifs = 0, refus.motifs
    if nombre:
        s = "s" if nombre > 1 else ""
        messages.success(
            request, f"{nombre} réponse{s} reprise{s} de la séance : relisez, puis publiez."
        )
    for motif in motifs[:10]:
        messages.warning(request, motif)
    if len(motifs) > 10:
        messages.warning(request, f"Et {len(motifs) - 10} autres, à répondre une à une plus bas.")
    return redirect("espace_financeur:decision", contrat, pk)


def _montrer(
    request: HttpRequest,
    lue: Seance,
    *,
    apport: FormulaireDApport | None = None,
    deport: FormulaireDeDeport | None = None,
    vote: FormulaireDeVotePrevu | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    acteur = acteur_de(request)
    lu = ordre_du_jour(acteur, lue)
    table = table_du_service(acteur, lu)
    siens = reliquats(acteur, lue) if table else []
    prevu = vote_prevu(acteur, lue, jour=timezone.localdate())
    depart: dict[str, Any] = {}
    if table and table.apport:
        depart = {"montant": table.montant, "vote_prevu_le": table.apport.vote_prevu_le}
    contexte = {
        "contrat": lue.reunion.instance.contrat,
        "seance": lue,
        "reunion": lue.reunion,
        "instance": lue.reunion.instance,
        "lu": lu,
        "table": table,
        "reliquats": siens,
        "apport_possible": apport_possible(siens),
        "apport": apport or FormulaireDApport(initial=depart),
        "refuse": apport or vote,
        "vote_prevu": prevu,
        "vote": vote or FormulaireDeVotePrevu(initial={"vote_prevu_le": prevu and prevu.le}),
        "deport": deport or FormulaireDeDeport(points=lu.points),
        "motifs": motifs or [],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/seance.html", contexte, status=statut)


def seance_lue(request: HttpRequest, contrat: str, pk: int) -> Seance:
    """Rend une séance où l'acteur siège ; lève Http404 pour toute autre."""
    lu = contrat_lu(request, contrat)
    lue = trouver(queries.seances_de_membre(acteur_de(request), lu).get, pk=pk)
    lue.reunion.instance.contrat = lu
    return lue
