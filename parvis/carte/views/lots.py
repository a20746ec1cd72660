"""Situer tout un tableau d'adresses : le déposer, suivre, télécharger, effacer."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.carte.actions.lots import (
    deposer_un_lot,
    effacer_le_lot,
    recommencer_le_lot,
    telecharger_le_lot,
)
from parvis.carte.forms import LotForm
from parvis.carte.models import Lot
from parvis.carte.queries.lots import lot_de, lots_de
from parvis.comptes.acces import acces, acteur_de, connectes
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, tenter, trouver
from parvis.territoires.rules.millesimes import VALIDITES


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def lots(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les tableaux que la personne a déposés, et de quoi en déposer un."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    saisie = LotForm(
        request.POST or None, request.FILES or None, initial={"millesimes": [max(VALIDITES)]}
    )
    if request.method == "POST" and saisie.is_valid():
        fichier = saisie.cleaned_data["fichier"]
        try:
            lot = deposer_un_lot(
                par=acteur,
                contrat=edition.contrat,
                nom=fichier.name,
                octets=fichier.read(),
                millesimes=saisie.cleaned_data["millesimes"],
            )
        except Refus as refus:
            for motif in refus.motifs:
                saisie.add_error("fichier", motif)
        else:
            return redirect("carte:lot", contrat, lot.identifiant)
    reponse = page(
        request,
        "carte/lots.html",
        edition,
        saisie=saisie,
        lots=lots_de(acteur, edition.contrat),
        geocodage=urlsplit(settings.GEOCODAGE).hostname,
    )
    reponse.status_code = 422 if request.method == "POST" else 200
    return reponse


@require_safe
@acces(connectes)
def lot(request: HttpRequest, contrat: str, identifiant: UUID) -> HttpResponse:
    """Un tableau : où il en est, ses décomptes, et le téléchargement qui l'efface."""
    edition = edition_courante(request, contrat)
    trouve = trouver(lot_de, acteur_de(request), edition.contrat, identifiant)
    gabarit = "carte/_lot.html" if est_un_fragment(request) else "carte/lot.html"
    return page(request, gabarit, edition, lot=trouve)


@require_POST
@acces(connectes)
def telecharger(request: HttpRequest, contrat: str, identifiant: UUID) -> HttpResponse:
    """Rend le tableau situé, et l'efface du site."""
    trouve = _lot(request, contrat, identifiant)
    try:
        return a_emporter(telecharger_le_lot(par=acteur_de(request), lot=trouve))
    except Refus as refus:
        messages.error(request, str(refus))
        return redirect("carte:lot", contrat, identifiant)


@require_POST
@acces(connectes)
def recommencer(request: HttpRequest, contrat: str, identifiant: UUID) -> HttpResponse:
    """Situe de nouveau un tableau encore gardé."""
    trouve = _lot(request, contrat, identifiant)
    fait = "Le tableau est de nouveau en cours."
    tenter(request, recommencer_le_lot, fait=fait, par=acteur_de(request), lot=trouve)
    return redirect("carte:lot", contrat, identifiant)


@require_POST
@acces(connectes)
def effacer(request: HttpRequest, contrat: str, identifiant: UUID) -> HttpResponse:
    """Efface un tableau et son résultat."""
    trouve = _lot(request, contrat, identifiant)
    fait = "Le tableau et son résultat sont effacés."
    tenter(request, effacer_le_lot, fait=fait, par=acteur_de(request), lot=trouve)
    return redirect("carte:lots", contrat)


def _lot(request: HttpRequest, contrat: str, identifiant: UUID) -> Lot:
    edition = edition_courante(request, contrat)
    return trouver(lot_de, acteur_de(request), edition.contrat, identifiant)
