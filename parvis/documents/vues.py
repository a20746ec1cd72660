"""Servir un fichier : toujours à enregistrer, jamais à afficher. La pièce n'a aucune adresse à elle."""

import logging
from collections.abc import Iterable
from typing import TypeVar

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from parvis.documents.models import Fichier
from parvis.documents.queries import a_servir
from parvis.documents.reserve import FichierPerdu
from parvis.socle.vues import a_emporter, trouver

logger = logging.getLogger(__name__)
Reponse = TypeVar("Reponse", bound=HttpResponseBase)

# Même ouvert par erreur dans un onglet, un fichier n'exécute rien et ne joint personne.
_POLITIQUE = "default-src 'none'; frame-ancestors 'none'; sandbox"


def servir(fichier: Fichier) -> HttpResponse:
    """Rend un fichier à enregistrer ; effacé ou perdu, il répond comme ce qui n'existe pas (404).

    La vue qui appelle a vérifié que l'acteur peut le lire.
    """
    try:
        reponse = a_emporter(trouver(a_servir, fichier))
    except FichierPerdu as perdu:
        logger.error("fichier perdu", extra={"fichier": fichier.pk, "raison": str(perdu)})
        raise Http404 from None
    return _fermer(reponse)


def servir_une_archive(nom: str, morceaux: Iterable[bytes]) -> StreamingHttpResponse:
    """Rend une archive à enregistrer, envoyée à mesure qu'elle s'écrit.

    La vue qui appelle a vérifié que l'acteur peut lire ce qu'elle contient.
    """
    reponse = StreamingHttpResponse(morceaux, content_type="application/zip")
    reponse.headers["Content-Disposition"] = content_disposition_header(True, nom) or "attachment"
    return _fermer(reponse)


def _fermer(reponse: Reponse) -> Reponse:
    reponse.headers["Content-Security-Policy"] = _POLITIQUE
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse
