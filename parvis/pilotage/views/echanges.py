"""Se parler d'un dossier que l'on reçoit : avec son porteur, ou avec les services qui l'étudient."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, pilotes
from parvis.instruction import vues
from parvis.pilotage.views.dossiers import ECRAN, dossier_recu


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def poser(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Pose une question au porteur, ou aux services."""
    return vues.poser(request, dossier_recu(request, contrat, pk), ECRAN)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def repondre(request: HttpRequest, contrat: str, pk: int, question: int) -> HttpResponse:
    """Répond à une question, ou y ajoute un mot."""
    return vues.repondre_a(request, dossier_recu(request, contrat, pk), question, ECRAN)


@require_POST
@acces(pilotes)
def clore(request: HttpRequest, contrat: str, pk: int, question: int) -> HttpResponse:
    """N'attend plus rien d'une question que le pilote a posée."""
    return vues.clore(request, dossier_recu(request, contrat, pk), question, ECRAN)
