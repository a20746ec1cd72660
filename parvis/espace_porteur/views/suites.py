"""Les suites d'un dossier déposé : ce qui est à compléter, ce qui est décidé, ce que l'on s'écrit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import DEPOSENT
from parvis.conventions.queries.actes import acte_recu, actes_notifies
from parvis.conventions.queries.versements import versements_du_porteur
from parvis.documents.vues import servir
from parvis.dossiers.actions.complements import repondre_aux_complements
from parvis.dossiers.actions.messages import ecrire_un_message, marquer_lus
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_deposer_le_dossier, peut_ecrire_le_projet
from parvis.dossiers.queries import recevabilite as lectures
from parvis.dossiers.queries.etat_global import reponses_attendues
from parvis.dossiers.queries.suivi import plume_du_porteur
from parvis.espace_porteur.queries.reponses import ailleurs, reponses
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.instruction import vues
from parvis.instruction.queries.echanges import place_du_porteur
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver

ECRAN = vues.Ecran("espace_porteur", "suites", "depose", place_du_porteur)
RENDU = "Votre dossier est complété et déposé de nouveau. Le service vient d’être prévenu."


@require_safe
@acces(membres)
def suites(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce qu'il advient d'un dossier déposé : compléments, décision, messages."""
    return _montrer(request, depose_lu(request, contrat, pk))


@require_safe
@acces(membres)
def acte(request: HttpRequest, contrat: str, pk: int, acte: int) -> HttpResponse:
    """Un acte notifié, à enregistrer : l'exemplaire signé s'il est revenu, le document sinon."""
    lu = depose_lu(request, contrat, pk)
    return servir(trouver(acte_recu, acteur_de(request), lu, acte))


@require_POST
@acces(membres)
def rendre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Rend le dossier complété ; un refus dit tous ses motifs, et garde les réponses."""
    lu = depose_lu(request, contrat, pk)
    reponses = {
        complement.pk: request.POST.get(f"reponse-{complement.pk}", "")
        for complement in lu.complements.filter(repondu_le__isnull=True)
    }
    try:
        trouver(repondre_aux_complements, par=acteur_de(request), dossier=lu, reponses=reponses)
    except Refus as refus:
        return _montrer(request, lu, reponses=reponses, motifs=refus.motifs)
    messages.success(request, RENDU)
    return redirect("espace_porteur:suites", contrat, pk)


def _montrer(
    request: HttpRequest,
    lu: Dossier,
    *,
    reponses: dict[int, str] | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    complements = lectures.complements(acteur_de(request), lu, jour=timezone.localdate())
    contexte = {
        **vues.contexte_des_echanges(request, lu, ECRAN),
        "contrat": lu.projet.contrat,
        "motifs": motifs or [],
        "complements": [c for c in complements if c.est_repondu],
        "attendus": [
            (c, (reponses or {}).get(c.complement.pk, "")) for c in complements if not c.est_repondu
        ],
        **_du_dossier(request, lu),
    }
    return render(request, "espace_porteur/suites.html", contexte, status=422 if motifs else 200)


def _du_dossier(request: HttpRequest, lu: Dossier) -> dict[str, Any]:
    acteur, jour = acteur_de(request), timezone.localdate()
    repondues = reponses(lu)
    echanges = lectures.messages(acteur, lu)
    return {
        "dossier": lu,
        "projet": lu.projet,
        "plume": plume_du_porteur(lu, jour),
        "chez_qui": reponses_attendues(lu),
        "reponses": repondues,
        "actes": actes_notifies(acteur, lu),
        "versements": versements_du_porteur(acteur, lu),
        "ailleurs": ailleurs(acteur, lu.projet.contrat, lu)
        if any(not reponse.accorde for reponse in repondues.lues)
        else None,
        "conseille": lectures.appel_conseille(acteur, lu),
        "peut_ecrire": acteur.est_confirme and peut_ecrire_le_projet(acteur, lu.projet),
        "peut_rendre": peut_deposer_le_dossier(acteur, lu.projet),
        "rendent": membres_confirmes(lu.projet.porteur, jour=jour).filter(role__in=DEPOSENT),
        "messages_du_dossier": echanges,
        "a_lire": any(m.est_du_service and m.lu_le is None for m in echanges),
        "frise": frise(
            f"dossier:{lu.pk}",
            regard=Regard.MEMBRES,
            contrat=lu.projet.contrat.code,
            avant=request.GET.get("avant", ""),
            par_page=10,
        ),
    }


@require_POST
@acces(membres)
def ecrire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Écrit un message au service du contrat ; répondre, c'est avoir lu."""
    lu, acteur = depose_lu(request, contrat, pk), acteur_de(request)
    if trouver(
        tenter,
        request,
        ecrire_un_message,
        fait="Votre message est envoyé. Le service l’apprend au résumé du jour.",
        par=acteur,
        dossier=lu,
        texte=request.POST.get("texte", ""),
    ):
        marquer_lus(par=acteur, dossier=lu)
    return redirect(f"{_adresse(contrat, pk)}#titre-messages")


@require_POST
@acces(membres)
def lire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit que les messages du service sont lus."""
    lu = depose_lu(request, contrat, pk)
    fait = "Ces messages sont lus."
    trouver(tenter, request, marquer_lus, fait=fait, par=acteur_de(request), dossier=lu)
    return redirect(f"{_adresse(contrat, pk)}#titre-messages")


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def repondre(request: HttpRequest, contrat: str, pk: int, question: int) -> HttpResponse:
    """Répond à la question d'un service qui étudie le dossier."""
    return vues.repondre_a(request, depose_lu(request, contrat, pk), question, ECRAN)


def depose_lu(request: HttpRequest, contrat: str, pk: int) -> Dossier:
    """Rend un dossier déposé que l'acteur lit comme porteur ; lève Http404 pour un brouillon."""
    lu = dossier_lu(request, contrat, pk)
    if lu.est_un_brouillon:
        raise Http404
    return lu


def _adresse(contrat: str, pk: int) -> str:
    return reverse("espace_porteur:suites", args=(contrat, pk))
