"""Cette adresse est-elle dans un quartier prioritaire ?"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.cadre.vues import edition_courante, page
from parvis.carte.dessin import dessiner, formes_de
from parvis.carte.forms import AdresseForm, PointForm
from parvis.carte.queries.adresses import repondre_a_un_point, repondre_a_une_adresse
from parvis.carte.queries.couches import couches_du_contrat, couches_par_defaut
from parvis.carte.queries.quartiers import codes_des_quartiers
from parvis.comptes.acces import acces, acteur_de, tous


@require_safe
@never_cache
@acces(tous)
def adresse(request: HttpRequest, contrat: str) -> HttpResponse:
    """Oui, non, à vérifier ou inconnu, dans chaque génération ; une fiche datée à imprimer."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    saisie = AdresseForm(request.GET if "q" in request.GET else None)
    est_un_point = not saisie.is_bound and not {"lat", "lon"}.isdisjoint(request.GET)
    point = PointForm(request.GET if est_un_point else None)
    reponse = None
    if saisie.is_valid():
        reponse = repondre_a_une_adresse(acteur, edition.contrat, **saisie.cleaned_data)
    elif point.is_valid():
        reponse = repondre_a_un_point(acteur, edition.contrat, **point.cleaned_data)
    lieu = reponse.lieu if reponse else None
    if lieu and not est_un_point:
        # Le point trouvé se lit dans ses champs, et de là sur la carte.
        point = PointForm(initial={"lat": f"{lieu.lat:.5f}", "lon": f"{lieu.lon:.5f}"})
    couches = couches_par_defaut(couches_du_contrat(acteur, edition))
    montrees = [(couche, couche.lire()) for couche in couches]
    return page(
        request,
        "carte/adresse.html",
        edition,
        saisie=saisie,
        point=point,
        reponse=reponse,
        couches=couches,
        codes_du_contrat=codes_des_quartiers(acteur, edition.contrat),
        dessin=dessiner(formes_de(montrees), (lieu.lon, lieu.lat) if lieu else None),
        maintenant=timezone.localtime(),
        geocodage=urlsplit(settings.GEOCODAGE).hostname,
        fond=settings.FOND_DE_CARTE,
    )
