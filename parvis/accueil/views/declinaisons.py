"""Les fiches déclinées en un lieu : depuis la fiche, depuis le lieu, à leur adresse permanente."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.models import Edition
from parvis.cadre.queries import declinaisons, lecture
from parvis.cadre.vues import edition_courante, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.socle.vues import trouver


@require_safe
@acces(tous)
def lieux(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les lieux qui déclinent des fiches."""
    edition = edition_courante(request, contrat)
    trouves = declinaisons.lieux(acteur_de(request), edition)
    return page(request, "accueil/lieux.html", edition, lieux=trouves)


@require_safe
@acces(tous)
def lieu(request: HttpRequest, contrat: str, lieu: str) -> HttpResponse:
    """Les fiches déclinées en un lieu, et ce qu'il y change."""
    edition = edition_courante(request, contrat)
    trouvees = trouver(declinaisons.du_lieu, acteur_de(request), edition, lieu)
    return page(request, "accueil/lieu.html", edition, declinaisons=trouvees)


@require_safe
@acces(tous)
def declinaison(request: HttpRequest, contrat: str, numero: str, lieu: str) -> HttpResponse:
    """Une fiche déclinée en un lieu, dans l'édition courante."""
    return _declinaison(request, edition_courante(request, contrat), numero, lieu)


@require_safe
@acces(tous)
def permanente(
    request: HttpRequest, contrat: str, edition: str, numero: str, lieu: str
) -> HttpResponse:
    """Une fiche déclinée en un lieu, à son adresse permanente."""
    trouvee = trouver(lecture.edition_publiee, acteur_de(request), contrat, edition)
    return _declinaison(request, trouvee, numero, lieu)


def _declinaison(request: HttpRequest, edition: Edition, numero: str, lieu: str) -> HttpResponse:
    acteur = acteur_de(request)
    trouvee = trouver(declinaisons.declinaison, acteur, edition, numero, lieu)
    ecarts = declinaisons.ecarts(acteur, trouvee)
    return page(request, "accueil/declinaison.html", edition, declinaison=trouvee, ecarts=ecarts)
