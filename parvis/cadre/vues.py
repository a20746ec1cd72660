"""Ce que les vues d'un contrat ont en commun, dans quelque pièce d'écran qu'elles soient."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.comptes.acces import acteur_de
from parvis.socle.vues import trouver


def edition_courante(request: HttpRequest, contrat: str) -> Edition:
    """Rend l'édition que lit le visiteur ; lève Http404 si le contrat n'en a pas de publiée."""
    return trouver(lecture.edition_courante, acteur_de(request), contrat)


def page(request: HttpRequest, gabarit: str, edition: Edition, **contexte: Any) -> HttpResponse:
    """Rend une page du contrat, ou seulement son fragment quand HTMX le demande."""
    contexte |= {"edition": edition, "contrat": edition.contrat}
    reponse = render(request, gabarit, contexte)
    reponse.headers["Vary"] = "HX-Request"
    return reponse


def est_un_fragment(request: HttpRequest) -> bool:
    """Dit si HTMX demande un fragment ; un retour par l'historique redemande la page entière."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get(
        "HX-History-Restore-Request"
    )
