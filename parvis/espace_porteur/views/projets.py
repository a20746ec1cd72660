"""Mes projets : ce qui est en cours, et la vie de chacun au fil des ans."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, connectes, membres
from parvis.comptes.rules.roles import ECRIVENT
from parvis.dossiers.queries.appels import appels_ouverts
from parvis.dossiers.queries.projets import contrats_de_mes_projets, mes_projets
from parvis.espace_porteur.views.lus import contrat_lu, sans_role

SANS_ORGANISME = (
    "Dites d’abord pour quel organisme vous agissez : cherchez le vôtre, ou créez sa page."
)


@require_safe
@acces(connectes)
def tous(request: HttpRequest) -> HttpResponse:
    """Mène à ses projets : directement quand un seul contrat en a."""
    if sans_role(request):
        return vers_son_organisme(request)
    contrats = contrats_de_mes_projets(acteur_de(request))
    if len(contrats) == 1:
        return redirect("espace_porteur:projets", contrats[0].code)
    return render(request, "espace_porteur/tous.html", {"contrats": contrats})


@require_safe
@acces(connectes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Mes projets dans un contrat, ce que chacun attend, et quand son appel ferme."""
    lu = contrat_lu(request, contrat)
    if sans_role(request):
        return vers_son_organisme(request)
    acteur, maintenant = acteur_de(request), timezone.now()
    contexte = {
        "contrat": lu,
        "projets": mes_projets(acteur, lu, maintenant=maintenant),
        "peut_ecrire": acteur.role in ECRIVENT,
        "ouverts": [e for e in appels_ouverts(acteur, lu, maintenant=maintenant) if e.version],
    }
    return render(request, "espace_porteur/projets.html", contexte)


@require_safe
@acces(membres)
def projet(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un projet au fil des ans : ses dossiers, et de quoi le reprendre pour l'an prochain."""
    lu = contrat_lu(request, contrat)
    acteur, maintenant = acteur_de(request), timezone.now()
    trouves = mes_projets(acteur, lu, pk=pk, maintenant=maintenant)
    if not trouves:
        raise Http404
    ouverts = [e for e in appels_ouverts(acteur, lu, maintenant=maintenant) if e.version]
    contexte = {
        "contrat": lu,
        "vu": trouves[0],
        "projet": trouves[0].projet,
        "a_un_depot": any(not d.dossier.est_un_brouillon for d in trouves[0].dossiers),
        "peut_ecrire": acteur.role in ECRIVENT,
        "ouverts": ouverts,
    }
    return render(request, "espace_porteur/projet.html", contexte)


def vers_son_organisme(request: HttpRequest) -> HttpResponse:
    """Mène une personne sans organisme là où l'on trouve le sien, puis la ramène ici."""
    messages.info(request, SANS_ORGANISME)
    ici = urlencode({"suite": request.get_full_path()})
    return redirect(f"{reverse('comptes:trouver')}?{ici}")
