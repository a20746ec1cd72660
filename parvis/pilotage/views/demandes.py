"""Les demandes de rattachement qu'un pilote tranche, sur une pièce."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.comptes.actions import rattachements
from parvis.comptes.enums import Preuve
from parvis.comptes.models import Rattachement
from parvis.pilotage.queries import demandes as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.listes import choix, contexte_de_liste, saisi
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les demandes qui attendent le pilote."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    page, facettes = queries.page_des_demandes(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, page, facettes)}
    return render(request, "pilotage/demandes.html", contexte)


@require_POST
@acces(pilotes)
def confirmer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Confirme une demande, en disant quelle pièce on a vue."""
    demande = _a_trancher(request, contrat, pk)
    tenter(
        request,
        rattachements.confirmer,
        fait=f"{demande.utilisateur} agit maintenant pour {demande.organisme}.",
        par=acteur_de(request),
        rattachement=demande,
        preuve=Preuve.PIECE,
        precision=saisi(request, "precision"),
    )
    return redirect("pilotage:demandes", contrat)


@require_POST
@acces(pilotes)
def refuser(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Refuse une demande, avec un motif que la personne lira."""
    demande = _a_trancher(request, contrat, pk)
    tenter(
        request,
        rattachements.refuser,
        fait=f"La demande de {demande.utilisateur} est refusée.",
        par=acteur_de(request),
        rattachement=demande,
        motif=saisi(request, "motif"),
    )
    return redirect("pilotage:demandes", contrat)


def _a_trancher(request: HttpRequest, contrat: str, pk: int) -> Rattachement:
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    jour = timezone.localdate()
    return trouver(queries.demande_a_trancher, acteur, conduit, pk, jour=jour)
