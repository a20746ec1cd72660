"""Reprendre l'export du portail de l'État : déposer le fichier, relire ce qui change, l'écrire."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.dossiers.actions.exports import reprendre_un_export
from parvis.dossiers.importation import lire_l_export
from parvis.dossiers.queries.exports import comparer_a_l_export, correspondance
from parvis.pilotage.forms.exports import ExportAReprendre
from parvis.pilotage.jetons import ApercuIllisible, apercu_garde, garder_l_apercu
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.listes import saisi
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver

ILLISIBLE = "Cet aperçu ne se relit pas : déposez le fichier de nouveau."


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def exports(request: HttpRequest, contrat: str) -> HttpResponse:
    """De quoi déposer un export ; déposé, ce qu'il changerait, ligne à ligne. Rien ne s'écrit ici."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = ExportAReprendre(
        request.POST or None,
        request.FILES or None,
        colonnes=trouver(correspondance, acteur, conduit),
    )
    contexte = {"contrat": conduit, "form": form}
    if request.method == "POST" and form.is_valid():
        recu, exercice = form.cleaned_data["fichier"], form.cleaned_data["exercice"]
        try:
            lu = lire_l_export(recu.read(), recu.name, form.colonnes)
        except Refus as refus:
            contexte["motifs"] = refus.motifs
        else:
            difference = comparer_a_l_export(
                acteur, conduit, lu, exercice=exercice, jour=timezone.localdate()
            )
            contexte |= {
                "nom": recu.name,
                "exercice": exercice,
                "difference": difference,
                "jeton": garder_l_apercu(contrat, lu, difference, exercice),
            }
            return render(request, "pilotage/export_relu.html", contexte)
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/exports.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def reprendre(request: HttpRequest, contrat: str) -> HttpResponse:
    """Écrit ce qui a été relu, si c'est encore ce que l'export change."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    try:
        lu, exercice = apercu_garde(contrat, request.POST.get("jeton", ""))
        remplacer = saisi(request, "remplacer") == "oui"
        faite = trouver(
            reprendre_un_export,
            par=acteur,
            contrat=conduit,
            lu=lu,
            exercice=exercice,
            remplacer=remplacer,
            vue=saisi(request, "vue") or "aucune",
        )
    except ApercuIllisible:
        messages.error(request, ILLISIBLE)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
    else:
        nombre = len(faite.reprises) + (len(faite.a_confirmer) if remplacer else 0)
        s = "s" if nombre > 1 else ""
        messages.success(request, f"{nombre} demande{s} mise{s} à jour d’après l’export.")
    return redirect("pilotage:exports", contrat)
