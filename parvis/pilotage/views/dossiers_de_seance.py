"""Le dossier d'une séance : le demander, suivre sa composition, l'annuler, l'enregistrer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.vues import servir
from parvis.pilotage.views.seances import seance_lue
from parvis.programmation.actions import dossiers_de_seance as actions
from parvis.programmation.queries.dossiers_demandes import fichier_demande
from parvis.programmation.vues import montrer_le_dossier_de_seance
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def dossier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le dossier de la séance : ce qu'il réunit, où il en est, de quoi le prendre."""
    return montrer_le_dossier_de_seance(request, seance_lue(request, contrat, pk), "pilotage")


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
