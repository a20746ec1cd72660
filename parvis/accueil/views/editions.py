"""Les éditions publiées d'un contrat, et ce qui change de l'une à l'autre."""

from itertools import pairwise

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.queries import comparaison as comparaisons
from parvis.cadre.queries import lecture
from parvis.cadre.vues import edition_courante, page
from parvis.comptes.acces import acces, acteur_de, tous


@require_safe
@acces(tous)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les éditions publiées, de la plus récente à la première, chacune avec celle d'avant."""
    courante = edition_courante(request, contrat)
    editions = lecture.editions_publiees(acteur_de(request), contrat)
    suites = list(pairwise([*editions, None]))
    racine = request.build_absolute_uri("/").rstrip("/")
    return page(request, "accueil/editions.html", courante, suites=suites, racine=racine)


@require_safe
@acces(tous)
def comparaison(request: HttpRequest, contrat: str) -> HttpResponse:
    """Ce qui change entre deux éditions publiées ; un brouillon répond comme une édition absente."""
    acteur = acteur_de(request)
    courante = edition_courante(request, contrat)
    editions = list(lecture.editions_publiees(acteur, contrat))
    codes = (request.GET.get("avant", ""), request.GET.get("apres", ""))
    try:
        choix = comparaisons.choisir(editions, *codes)
    except ObjectDoesNotExist:
        absente = page(request, "accueil/comparaison.html", courante, editions=editions)
        absente.status_code = 404
        return absente
    trouvee = None if choix.est_la_meme else comparaisons.comparaison(acteur, choix)
    ou = "-".join(request.GET.get("ou", "").split())
    return page(
        request,
        "accueil/comparaison.html",
        courante,
        editions=editions,
        choix=choix,
        comparaison=trouvee,
        ou=ou,
        est_inchangee=trouvee and ou.startswith("fiche-") and not trouvee.touche(ou),
    )
