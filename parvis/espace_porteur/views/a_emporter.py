"""Emporter un dossier : son PDF, et ses pièces dans une archive."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.documents.vues import servir_une_archive
from parvis.dossiers.queries.dossiers_imprimes import pdf_du_porteur
from parvis.dossiers.queries.pieces_a_emporter import archive_du_porteur
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.socle.typographie import ImpressionImpossible
from parvis.socle.vues import a_emporter, trouver

logger = logging.getLogger(__name__)

TROP_LONG = (
    "Ce dossier n’a pas pu être mis en PDF : il est sans doute bien trop long. Raccourcissez ses textes, "
    "puis réessayez. Rien de ce qui est écrit n’est perdu."
)


@require_safe
@acces(membres)
def imprime(request: HttpRequest, contrat: str, pk: int, numero: int | None = None) -> HttpResponse:
    """Le dossier en PDF : le brouillon d'aujourd'hui, ou ce qui a été déposé."""
    lu = dossier_lu(request, contrat, pk)
    try:
        return a_emporter(trouver(pdf_du_porteur, acteur_de(request), lu, numero))
    except ImpressionImpossible:
        logger.exception("un dossier ne s'imprime pas", extra={"dossier": pk})
        messages.error(request, TROP_LONG)
        return redirect("espace_porteur:dossier", contrat, pk)


@require_safe
@acces(membres)
def pieces(
    request: HttpRequest, contrat: str, pk: int, numero: int | None = None
) -> StreamingHttpResponse:
    """Les pièces du dossier, avec un sommaire : celles d'aujourd'hui, ou celles qui ont été déposées."""
    lu = dossier_lu(request, contrat, pk)
    archive = trouver(archive_du_porteur, acteur_de(request), lu, numero)
    return servir_une_archive(archive.nom, archive.morceaux)
