"""Reprendre le tableau de programmation rempli hors du site : le relire, puis l'écrire, tout ou rien."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de
from parvis.espace_financeur.forms.programmation import TableauAReprendre
from parvis.espace_financeur.jetons import (
    ApercuIllisible,
    garder_les_reprises,
    reprises_gardees,
)
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.instruction.actions.montants import Changement, proposer_des_montants
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.montants import demandes_a_proposer
from parvis.programmation.queries.tableau_reprise import relire
from parvis.programmation.vues import lire_le_tableau
from parvis.socle.refus import Refus
from parvis.socle.tableur import lire_tableau
from parvis.socle.vues import trouver

ILLISIBLE = "Cet aperçu ne se relit pas : déposez le fichier de nouveau."


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def reprendre(request: HttpRequest, contrat: str) -> HttpResponse:
    """De quoi déposer le tableau rempli ; déposé, ce qu'il changerait. Rien ne s'écrit ici."""
    lu = contrat_lu(request, contrat)
    tableau = lire_le_tableau(request, lu)
    form = TableauAReprendre(request.POST or None, request.FILES or None)
    contexte = {"contrat": lu, "tableau": tableau, "form": form}
    if request.method == "POST" and form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            relecture = relire(tableau, lire_tableau(recu.read(), recu.name, lignes_max=10_000))
        except Refus as refus:
            contexte["motifs"] = refus.motifs
        else:
            jeton = garder_les_reprises(contrat, relecture.reprises)
            contexte |= {"nom": recu.name, "relecture": relecture, "jeton": jeton}
            return render(request, "espace_financeur/programmation_relue.html", contexte)
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/programmation_reprendre.html", contexte, status=statut)


@require_POST
@acces(peut_financer)
def ecrire(request: HttpRequest, contrat: str) -> HttpResponse:
    """Écrit tous les montants relus, ou aucun si l'un d'eux est refusé."""
    lu, acteur = contrat_lu(request, contrat), acteur_de(request)
    try:
        dits = reprises_gardees(contrat, request.POST.get("jeton", ""))
        siennes = demandes_a_proposer(acteur, lu, [demande for demande, *_ in dits])
        inconnues = [
            f"{ou} : ce dossier n’est plus le vôtre." for pk, _, _, ou in dits if pk not in siennes
        ]
        if inconnues:
            raise Refus(inconnues)
        nombre = trouver(
            proposer_des_montants,
            par=acteur,
            changements=[
                Changement(siennes[pk], montant, rang, ou) for pk, montant, rang, ou in dits
            ],
        )
    except ApercuIllisible:
        messages.error(request, ILLISIBLE)
    except Refus as refus:
        messages.error(request, "Rien n’est écrit : une ligne au moins est refusée.")
        for motif in refus.motifs:
            messages.error(request, motif)
    else:
        s = "s" if nombre > 1 else ""
        messages.success(request, f"{nombre} montant{s} proposé{s} d’après le fichier.")
        return redirect("espace_financeur:programmation", contrat)
    return redirect("espace_financeur:reprendre_la_programmation", contrat)
