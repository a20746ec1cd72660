"""Les bilans de ce que finance un service : la liste, un bilan à lire. Un autre y répond pour tous."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.evaluation import vues
from parvis.evaluation.queries.bilans import bilans_finances
from parvis.evaluation.queries.listes import bilans_du_service
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import demandes_du_service

ECRAN = vues.Ecran("espace_financeur", bilans_du_service, bilans_finances, demandes_du_service)


@require_safe
@acces(peut_financer)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les bilans de ce que finance le service, le plus attendu d'abord."""
    lu = contrat_lu(request, contrat)
    contexte = vues.contexte_de_la_liste(request, lu, ECRAN)
    return render(request, "espace_financeur/bilans.html", contexte)


@require_safe
@acces(peut_financer)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes bilans, en CSV ou en XLSX."""
    return vues.emporter_la_liste(request, contrat_lu(request, contrat), extension, ECRAN)


@require_safe
@acces(peut_financer)
def bilan(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un bilan rendu : ce qu'il dit, et ce qu'il laisse."""
    lu = contrat_lu(request, contrat)
    return vues.montrer_un_bilan(request, lu, pk, ECRAN, "espace_financeur/bilan.html")


@require_safe
@acces(peut_financer)
def imprime(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un bilan rendu, en PDF."""
    return vues.imprimer_un_bilan(request, contrat_lu(request, contrat), pk, ECRAN)


@require_safe
@acces(peut_financer)
def fichier(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Une photo ou un document d'un bilan rendu."""
    return vues.servir_un_fichier(request, contrat_lu(request, contrat), pk, identifiant, ECRAN)


@require_safe
@acces(peut_financer)
def recu(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le fichier joint à un bilan reçu autrement, ou dispensé."""
    return vues.servir_le_recu(request, contrat_lu(request, contrat), pk, ECRAN)
