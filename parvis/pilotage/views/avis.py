"""Les avis, du côté du pilote : en demander, n'en plus attendre, lever un déport."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.vues import servir
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.consultations import clore_une_consultation, consulter
from parvis.instruction.actions.equipe import lever_un_deport
from parvis.instruction.queries.avis import fichier_d_avis
from parvis.instruction.queries.consultations import a_consulter, consultations_a_clore
from parvis.instruction.queries.equipe import deport_a_lever
from parvis.pilotage.forms.avis import DemandeDAvis
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.dossiers import dossiers_a_consulter
from parvis.pilotage.views.dossiers import dossier_recu
from parvis.socle.listes import choix
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def consulter_un(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Demande un avis sur un dossier."""
    recu = dossier_recu(request, contrat, pk)
    retour = reverse("pilotage:dossier", args=(contrat, pk))
    return _consulter(
        request, recu.appel.contrat, [recu], f"{retour}#titre-avis", {"dossier": recu}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def consulter_plusieurs(request: HttpRequest, contrat: str) -> HttpResponse:
    """Demande le même avis sur tous les dossiers recevables que choisit l'adresse."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    dossiers = dossiers_a_consulter(acteur, conduit, choix(request), jour=timezone.localdate())
    retour = f"{reverse('pilotage:dossiers', args=(contrat,))}?{request.GET.urlencode()}"
    return _consulter(request, conduit, dossiers, retour, {"dossiers": dossiers})


def _consulter(
    request: HttpRequest,
    contrat: Contrat,
    dossiers: list[Dossier],
    retour: str,
    contexte: dict[str, Any],
) -> HttpResponse:
    acteur = acteur_de(request)
    form = DemandeDAvis(request.POST or None, a_consulter=a_consulter(acteur, contrat))
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            neuves = trouver(consulter, par=acteur, dossiers=dossiers, **form.demande)
        except Refus as refus:
            motifs = refus.motifs
        else:
            _dire(request, len(neuves), len(dossiers))
            return redirect(retour)
    statut = 422 if request.method == "POST" else 200
    contexte |= {"contrat": contrat, "form": form, "motifs": motifs, "retour": retour}
    return render(request, "pilotage/consulter.html", contexte, status=statut)


def _dire(request: HttpRequest, neuves: int, choisis: int) -> None:
    if not neuves:
        messages.info(
            request, "Rien de neuf à demander : cet avis l’est déjà, ou ne se demande pas ici."
        )
        return
    sur = "un dossier" if neuves == 1 else f"{neuves} dossiers"
    deja = choisis - neuves
    suite = f" Pour {deja} autre{'s' if deja > 1 else ''}, il l’était déjà." if deja else ""
    messages.success(request, f"L’avis est demandé sur {sur}.{suite}")


@require_POST
@acces(pilotes)
def clore(request: HttpRequest, contrat: str, pk: int, consultation: int) -> HttpResponse:
    """N'attend plus un avis demandé."""
    recu, acteur = dossier_recu(request, contrat, pk), acteur_de(request)
    visee = trouver(consultations_a_clore(acteur, recu).get, pk=consultation)
    fait = "Cet avis n’est plus attendu. S’il était rendu, il se lit toujours."
    trouver(tenter, request, clore_une_consultation, fait=fait, par=acteur, consultation=visee)
    return redirect(f"{reverse('pilotage:dossier', args=(contrat, pk))}#titre-avis")


@require_POST
@acces(pilotes)
def lever(request: HttpRequest, contrat: str, pk: int, deport: int) -> HttpResponse:
    """Lève un déport déclaré par erreur."""
    recu, acteur = dossier_recu(request, contrat, pk), acteur_de(request)
    vise = trouver(deport_a_lever, acteur, recu, deport)
    fait = "Le déport est levé : cette personne voit de nouveau le dossier."
    trouver(tenter, request, lever_un_deport, fait=fait, par=acteur, deport=vise)
    return redirect(f"{reverse('pilotage:dossier', args=(contrat, pk))}#titre-avis")


@require_safe
@acces(pilotes)
def fichier(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Un fichier joint à un avis, à enregistrer."""
    recu = dossier_recu(request, contrat, pk)
    return servir(trouver(fichier_d_avis, acteur_de(request), recu, identifiant))
