"""Les bilans d'un contrat : la liste, un bilan à lire, ce que le service en répond pour tous."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.evaluation import vues
from parvis.evaluation.actions.recevoir import (
    accepter_le_bilan,
    accorder_plus_de_temps,
    demander_un_complement_au_bilan,
)
from parvis.evaluation.models import Bilan
from parvis.evaluation.queries.bilans import bilans_recus
from parvis.evaluation.queries.lecture import titres_des_sections
from parvis.evaluation.queries.listes import bilans_du_pilote
from parvis.pilotage.forms.bilans import ComplementDuBilan
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver

ECRAN = vues.Ecran("pilotage", bilans_du_pilote, bilans_recus)


def _conduit(request: HttpRequest, contrat: str) -> Contrat:
    return trouver(contrat_pilote, acteur_de(request), contrat)


def _recu(request: HttpRequest, contrat: str, pk: int) -> Bilan:
    return ECRAN.trouver_le_bilan(request, _conduit(request, contrat), pk)


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les bilans que doivent les dossiers du contrat, le plus attendu d'abord."""
    contexte = vues.contexte_de_la_liste(request, _conduit(request, contrat), ECRAN)
    contexte["vue_de_la_decharge"] = "pilotage:decharger_du_bilan"
    return render(request, "pilotage/bilans.html", contexte)


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes bilans, en CSV ou en XLSX."""
    return vues.emporter_la_liste(request, _conduit(request, contrat), extension, ECRAN)


@require_safe
@acces(pilotes)
def bilan(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un bilan rendu : ce qu'il dit, ce qu'il laisse, et de quoi répondre pour tous."""
    conduit = _conduit(request, contrat)
    return vues.montrer_un_bilan(request, conduit, pk, ECRAN, "pilotage/bilan.html")


@require_POST
@acces(pilotes)
def accepter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Accepte un bilan, ou constate que le projet n'a pas eu lieu."""
    recu = _recu(request, contrat, pk)
    fait = "C’est dit, pour tous les financeurs. Le porteur vient d’être prévenu."
    trouver(tenter, request, accepter_le_bilan, fait=fait, par=acteur_de(request), bilan=recu)
    return redirect("pilotage:bilan", contrat, pk)


@require_POST
@acces(pilotes)
def laisser_du_temps(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Accorde le temps que demande un bilan."""
    recu = _recu(request, contrat, pk)
    fait = "Ce temps est laissé. Le porteur vient d’être prévenu."
    trouver(tenter, request, accorder_plus_de_temps, fait=fait, par=acteur_de(request), bilan=recu)
    return redirect("pilotage:bilan", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def completer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Demande au porteur de compléter une section de son bilan."""
    recu = _recu(request, contrat, pk)
    form = ComplementDuBilan(request.POST or None, titres=_titres(recu))
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                demander_un_complement_au_bilan,
                par=acteur_de(request),
                bilan=recu,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Le complément est demandé, pour tous les financeurs.")
            return redirect("pilotage:bilan", contrat, pk)
    contexte: dict[str, Any] = {
        **vues.contexte_du_bilan(request, recu, ECRAN),
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/bilan_completer.html", contexte, status=statut)


def _titres(recu: Bilan) -> dict[str, str]:
    """Rend les sections que le bilan a rendues : une autre ne se complète pas."""
    rendues = recu.versions.latest("numero").contenu["sections"]
    return {code: titre for code, titre in titres_des_sections(recu).items() if code in rendues}


@require_safe
@acces(pilotes)
def imprime(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un bilan rendu, en PDF."""
    return vues.imprimer_un_bilan(request, _conduit(request, contrat), pk, ECRAN)


@require_safe
@acces(pilotes)
def fichier(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Une photo ou un document d'un bilan rendu."""
    return vues.servir_un_fichier(request, _conduit(request, contrat), pk, identifiant, ECRAN)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def retirer_un_fichier(
    request: HttpRequest, contrat: str, pk: int, identifiant: str
) -> HttpResponse:
    """Retire une photo ou un document d'un bilan rendu, à la demande d'une personne."""
    recu = _recu(request, contrat, pk)
    retour = reverse("pilotage:bilan", args=(contrat, pk))
    return vues.retirer_un_fichier(request, recu, identifiant, retour)
