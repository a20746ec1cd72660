"""Un dossier déposé tel que son porteur le recopie sur le portail d'un financeur, pour le pilote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.dossiers.queries.portails import a_recopier
from parvis.pilotage.views.dossiers import dossier_recu
from parvis.socle.vues import trouver


@require_safe
@acces(pilotes)
def recopier(request: HttpRequest, contrat: str, pk: int, portail: str) -> HttpResponse:
    """Ce que le porteur recopie sur ce portail, et où il en est ; rien ne s'y coche."""
    recu = dossier_recu(request, contrat, pk)
    contexte = {
        "contrat": recu.appel.contrat,
        "dossier": recu,
        "projet": recu.projet,
        "page": trouver(a_recopier, acteur_de(request), recu, portail),
    }
    return render(request, "pilotage/recopier.html", contexte)
