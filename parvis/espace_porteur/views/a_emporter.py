"""Emporter un dossier : son PDF, et ses pièces dans une archive."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.documents.vues import servir_une_archive
from parvis.dossiers.queries.dossiers_imprimes import pdf_du_porteur
from parvis.dossiers.queries.pieces_a_emporter import archive_du_porteur
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.socle.vues import a_emporter, trouver


@require_safe
@acces(membres)
def imprime(request: HttpRequest, contrat: str, pk: int, numero: int | None = None) -> HttpResponse:
    """Le dossier en PDF : le brouillon d'aujourd'hui, ou ce qui a été déposé."""
    lu = dossier_lu(request, contrat, pk)
    return a_emporter(trouver(pdf_du_porteur, acteur_de(request), lu, numero))


@require_safe
@acces(membres)
def pieces(
    request: HttpRequest, contrat: str, pk: int, numero: int | None = None
) -> StreamingHttpResponse:
    """Les pièces du dossier, avec un sommaire : celles d'aujourd'hui, ou celles qui ont été déposées."""
    lu = dossier_lu(request, contrat, pk)
    archive = trouver(archive_du_porteur, acteur_de(request), lu, numero)
    return servir_une_archive(archive.nom, archive.morceaux)
