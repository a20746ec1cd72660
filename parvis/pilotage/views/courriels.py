"""La boîte d'envoi, vue par qui tient la plateforme, et relancer ce qui est abandonné."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, administrateurs
from parvis.courriels.enums import Etat
from parvis.pilotage.actions.courriels import relancer_les_courriels
from parvis.pilotage.queries import courriels as queries
from parvis.socle.listes import choix, contexte_de_liste, saisi
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(administrateurs)
def liste(request: HttpRequest) -> HttpResponse:
    """Les courriels choisis ; sans choix, ceux que le site a abandonnés."""
    # Un état vide est un choix : tous les courriels.
    demandes = {"etat": Etat.ABANDONNE.value, **choix(request)}
    page, facettes = queries.page_des_courriels(acteur_de(request), demandes)
    contexte = {
        **contexte_de_liste(request, page, facettes),
        "secrets": queries.SECRETS,
        "abandonne": Etat.ABANDONNE,
        "demandes": demandes,
    }
    return render(request, "pilotage/courriels.html", contexte)


@require_POST
@acces(administrateurs)
def relancer(request: HttpRequest) -> HttpResponse:
    """Relance les courriels cochés, ou tous ceux de la liste filtrée."""
    acteur = acteur_de(request)
    if "tous" in request.POST:
        demandes = {nom: saisi(request, nom) for nom in ("q", "sujet")}
        choisis = queries.abandonnes(acteur, demandes)
    else:
        choisis = trouver(queries.abandonnes_choisis, acteur, request.POST.getlist("courriel"))
    tenter(
        request,
        relancer_les_courriels,
        fait=f"Relancés : {len(choisis)}. Ils repartent dans la minute.",
        par=acteur,
        courriels=choisis,
    )
    return redirect("pilotage:courriels")
