"""Sur quelle enveloppe se prendra chaque demande."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.dossiers.models import Demande
from parvis.espace_financeur.forms.enveloppes import AUCUNE, ChoixDEnveloppe
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe
from parvis.programmation.queries import enveloppes as queries
from parvis.socle.listes import choix, contexte_de_liste
from parvis.socle.pages import page
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


@require_safe
@acces(financeurs)
def liste(request: HttpRequest, contrat: str, exercice: int) -> HttpResponse:
    """Les demandes d'un exercice qui ne se prennent encore sur aucune enveloppe."""
    lu, choisis = contrat_lu(request, contrat), choix(request)
    demandes = page(
        queries.demandes_a_imputer(acteur_de(request), lu, exercice),
        ("pk",),
        apres=choisis.get("apres", ""),
        avant=choisis.get("avant", ""),
    )
    contexte = {"contrat": lu, "exercice": exercice, **contexte_de_liste(request, demandes)}
    return render(request, "espace_financeur/enveloppes_demandes.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def imputer(request: HttpRequest, contrat: str, exercice: int, pk: int) -> HttpResponse:
    """Choisit l'enveloppe d'une demande, en change, ou l'en retire."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    demande = trouver(queries.demandes_du_service(acteur, lu).get, exercice=exercice, pk=pk)
    actuelle = queries.enveloppe_de(acteur, demande)
    possibles = queries.enveloppes(acteur, lu).filter(exercice=exercice)
    form = ChoixDEnveloppe(
        request.POST or None,
        possibles=queries.nommees(lu, possibles),
        initial={"enveloppe": str(actuelle.pk) if actuelle else AUCUNE},
    )
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            fait = trouver(_prendre, request, demande, actuelle, form.choisie)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, fait)
            return _apres(lu, exercice, form.choisie or actuelle)
    contexte = {
        "contrat": lu,
        "exercice": exercice,
        "demande": demande,
        "actuelle": actuelle,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/enveloppe_imputer.html", contexte, status=statut)


def _prendre(
    request: HttpRequest, demande: Demande, actuelle: Enveloppe | None, choisie: Enveloppe | None
) -> str:
    """Prend la demande sur l'enveloppe choisie, ou l'en retire ; rend ce qui est fait."""
    par = acteur_de(request)
    if choisie is not None and choisie != actuelle:
        actions.imputer(par=par, demande=demande, enveloppe=choisie)
        return f"La demande se prendra sur « {choisie} »."
    if choisie is None and actuelle is not None:
        actions.desimputer(par=par, demande=demande)
        return "La demande ne se prend plus sur aucune enveloppe."
    return "Rien ne change pour cette demande."


def _apres(contrat: Contrat, exercice: int, enveloppe: Enveloppe | None) -> HttpResponse:
    """Ramène aux demandes qui attendent leur enveloppe, ou à l'enveloppe que l'on vient de voir."""
    if enveloppe is None:
        return redirect("espace_financeur:demandes_a_imputer", contrat.code, exercice)
    return redirect("espace_financeur:enveloppe", contrat.code, enveloppe.pk)
