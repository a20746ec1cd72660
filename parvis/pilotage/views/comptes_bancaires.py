"""Les comptes bancaires que seul le pilote peut confirmer : personne d'autre n'y signe."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.comptes.preuve import preuve_a_donner
from parvis.dossiers.actions import comptes_bancaires as actions
from parvis.dossiers.models import CompteBancaire
from parvis.dossiers.queries import comptes_bancaires as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les comptes donnés après un dépôt, par une personne seule à signer dans son organisme."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    contexte = {
        "contrat": conduit,
        "comptes": trouver(queries.comptes_a_confirmer, acteur, conduit),
        "preuve": preuve_a_donner(request, request.path),
    }
    return render(request, "pilotage/comptes_bancaires.html", contexte)


@require_POST
@acces(pilotes)
def confirmer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Confirme un compte, après avoir appelé l'organisme et prouvé que c'est bien soi."""
    compte = _compte(request, contrat, pk)
    adresse = reverse("pilotage:comptes_a_confirmer", args=[contrat])
    if preuve_a_donner(request, adresse) is None:
        fait = f"Le compte de {compte.organisme} est confirmé."
        tenter(
            request, actions.confirmer_le_compte, fait=fait, par=acteur_de(request), compte=compte
        )
    return redirect(adresse)


@require_POST
@acces(pilotes)
def ecarter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Écarte un compte : rien ne change pour les versements."""
    compte = _compte(request, contrat, pk)
    fait = f"Le nouveau compte de {compte.organisme} est écarté."
    tenter(request, actions.ecarter_le_compte, fait=fait, par=acteur_de(request), compte=compte)
    return redirect("pilotage:comptes_a_confirmer", contrat)


def _compte(request: HttpRequest, contrat: str, pk: int) -> CompteBancaire:
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    return trouver(queries.compte_a_confirmer, acteur, conduit, pk)
