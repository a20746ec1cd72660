"""Se parler d'un dossier que l'on étudie : avec son porteur, ou entre services."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces
from parvis.espace_financeur.views.lus import dossier_lu
from parvis.instruction import vues
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.echanges import place_du_service

ECRAN = vues.Ecran("espace_financeur", "dossier", "dossier", place_du_service)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def poser(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Pose une question au porteur, ou aux autres services."""
    return vues.poser(request, dossier_lu(request, contrat, pk), ECRAN)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def repondre(request: HttpRequest, contrat: str, pk: int, question: int) -> HttpResponse:
    """Répond à une question, ou y ajoute un mot."""
    return vues.repondre_a(request, dossier_lu(request, contrat, pk), question, ECRAN)


@require_POST
@acces(peut_financer)
def clore(request: HttpRequest, contrat: str, pk: int, question: int) -> HttpResponse:
    """N'attend plus rien d'une question de son service."""
    return vues.clore(request, dossier_lu(request, contrat, pk), question, ECRAN)
