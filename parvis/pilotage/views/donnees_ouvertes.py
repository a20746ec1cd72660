"""Les données ouvertes d'un contrat : ce qui se publie, et ce qui manque pour publier."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.conventions.actions.donnees_ouvertes import choisir_ce_qui_se_publie
from parvis.conventions.queries.donnees_ouvertes import choix_du_contrat, ouverture
from parvis.pilotage.forms.donnees_ouvertes import Portee
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def reglages(request: HttpRequest, contrat: str) -> HttpResponse:
    """Choisir ce que publie le fichier, et lire les lignes qu'il ne peut pas encore écrire."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = ouverture(acteur, conduit, jour=timezone.localdate())
    form = Portee(request.POST or None, initial={"portee": lue.portee})
    if request.method == "POST" and form.is_valid():
        portee = form.cleaned_data["portee"]
        change = choisir_ce_qui_se_publie(par=acteur, contrat=conduit, portee=portee)
        messages.success(
            request,
            "C’est noté : le fichier suit ce choix dès maintenant."
            if change
            else "C’était déjà votre choix : rien ne change.",
        )
        return redirect("pilotage:donnees_ouvertes", contrat)
    contexte = {
        "contrat": conduit,
        "form": form,
        "ouverture": lue,
        "choix": choix_du_contrat(conduit),
    }
    statut = 422 if form.errors else 200
    return render(request, "pilotage/donnees_ouvertes.html", contexte, status=statut)
