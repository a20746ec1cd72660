"""Le dossier d'une séance : le demander, suivre sa composition, l'annuler, l'enregistrer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.vues import servir
from parvis.pilotage.views.seances import contrat_de, seance_lue
from parvis.programmation.actions import dossiers_de_seance as actions
from parvis.programmation.queries.dossiers_de_seance import dossiers_de_la_seance
from parvis.programmation.queries.dossiers_demandes import dossier_demande, fichier_demande
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def dossier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le dossier de la séance : ce qu'il réunit, où il en est, de quoi le prendre."""
    lue, acteur = seance_lue(request, contrat, pk), acteur_de(request)
    demande = trouver(dossier_demande, acteur, lue)
    contexte = {
        "contrat": contrat_de(lue),
        "seance": lue,
        "reunion": lue.reunion,
        "nombre": len(dossiers_de_la_seance(acteur, lue)),
        "demande": demande,
    }
    est_ouvert = demande is not None and demande.travail.est_ouvert
    if not request.headers.get("HX-Request"):
        return render(request, "pilotage/dossier_de_seance.html", contexte)
    reponse = render(request, "pilotage/dossier_de_seance.html#progression", contexte)
    if not est_ouvert:
        reponse.headers["HX-Refresh"] = "true"
    return reponse


@require_POST
@acces(pilotes)
def demander(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Demande le dossier ; il se compose sans attendre la page."""
    lue = seance_lue(request, contrat, pk)
    fait = "Le dossier se compose. Vous pouvez quitter cette page et la retrouver."
    trouver(
        tenter, request, actions.demander_le_dossier, fait=fait, par=acteur_de(request), seance=lue
    )
    return redirect("pilotage:dossier_de_seance", contrat, pk)


@require_POST
@acces(pilotes)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule le dossier qui se compose."""
    lue = seance_lue(request, contrat, pk)
    fait = "Le dossier ne se compose plus."
    trouver(
        tenter, request, actions.annuler_le_dossier, fait=fait, par=acteur_de(request), seance=lue
    )
    return redirect("pilotage:dossier_de_seance", contrat, pk)


@require_safe
@acces(pilotes)
def telecharger(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Rend le dossier prêt à qui l'a demandé, s'il a toujours le droit de lire ce qu'il dit."""
    lue = seance_lue(request, contrat, pk)
    return servir(trouver(fichier_demande, acteur_de(request), lue))
