"""La carte d'un contrat et ses couches."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from parvis.cadre.vues import edition_courante, page
from parvis.carte.couches import geojson
from parvis.carte.dessin import dessiner, formes_de
from parvis.carte.queries.couches import couches_du_contrat, couches_par_defaut
from parvis.comptes.acces import acces, acteur_de, tous


@require_safe
@acces(tous)
def carte(request: HttpRequest, contrat: str) -> HttpResponse:
    """La carte : ses couches, chacune avec sa liste et son tableau."""
    edition = edition_courante(request, contrat)
    couches = couches_du_contrat(acteur_de(request), edition)
    choisies = [c for c in couches if c.code in request.GET.getlist("couche")]
    # « choix » dit que le formulaire a été envoyé, même vidé.
    if not choisies and "choix" not in request.GET:
        choisies = couches_par_defaut(couches)
    montrees = [(couche, couche.lire()) for couche in choisies]
    return page(
        request,
        "carte/carte.html",
        edition,
        couches=couches,
        choisies=[couche.code for couche in choisies],
        montrees=montrees,
        dessin=dessiner(formes_de(montrees)),
        fond=settings.FOND_DE_CARTE,
    )


@require_safe
@acces(tous)
def couche(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Une couche de la carte, en GeoJSON."""
    edition = edition_courante(request, contrat)
    couches = couches_du_contrat(acteur_de(request), edition)
    trouvee = next((c for c in couches if c.code == code), None)
    if trouvee is None:
        raise Http404
    contenu = geojson(trouvee.lire())
    reponse = JsonResponse(contenu, json_dumps_params={"ensure_ascii": False})
    reponse.headers["Content-Type"] = "application/geo+json"
    return reponse
