"""Recopier un dossier sur le portail d'un financeur, champ par champ, et noter le numéro obtenu."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.dossiers.actions.portails import dire_la_limite, marquer_un_champ, noter_le_numero
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.portails import DossierARecopier, a_recopier
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.socle.refus import Refus
from parvis.socle.vues import est_pour_le_script, trouver


@require_safe
@acces(membres)
def recopier(request: HttpRequest, contrat: str, pk: int, portail: str) -> HttpResponse:
    """Le dossier tel qu'il se recopie sur un portail, dans l'ordre de ses champs."""
    lu = dossier_lu(request, contrat, pk)
    return _montrer(request, lu, trouver(a_recopier, acteur_de(request), lu, portail))


def _montrer(
    request: HttpRequest,
    lu: Dossier,
    page: DossierARecopier,
    *,
    motifs: list[str] | None = None,
    saisie: dict[int, str] | None = None,
) -> HttpResponse:
    contexte: dict[str, Any] = {
        "contrat": lu.projet.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "page": page,
        "financeurs": [
            (f, (saisie or {}).get(f.demande.pk, f.numero)) for f in page.du_dossier.financeurs
        ],
        "peut_ecrire": peut_ecrire_le_projet(acteur_de(request), lu.projet),
        "motifs": motifs or [],
    }
    return render(request, "espace_porteur/recopier.html", contexte, status=422 if motifs else 200)


@require_POST
@acces(membres)
def marquer(request: HttpRequest, contrat: str, pk: int, portail: str) -> HttpResponse:
    """Coche un champ, ou le décoche ; le script reçoit où l'on en est, une page y revient."""
    lu, acteur = dossier_lu(request, contrat, pk), acteur_de(request)
    champ = request.POST.get("champ", "")
    motifs: list[str] = []
    try:
        trouver(
            marquer_un_champ,
            par=acteur,
            dossier=lu,
            portail=portail,
            champ=champ,
            est_recopie=request.POST.get("recopie") == "oui",
            lue=request.POST.get("lue", ""),
        )
    except Refus as refus:
        motifs = refus.motifs
    if not est_pour_le_script(request):
        for motif in motifs:
            messages.error(request, motif)
        return redirect(f"{_adresse(contrat, pk, portail)}#champ-{champ}")
    if motifs:
        return JsonResponse({"dit": " ".join(motifs)}, status=409)
    page = trouver(a_recopier, acteur, lu, portail)
    return JsonResponse({"recopies": page.recopies, "total": len(page.champs)})


@require_POST
@acces(membres)
def limiter(request: HttpRequest, contrat: str, pk: int, portail: str) -> HttpResponse:
    """Garde la limite que le portail montre pour un champ ; vide, revient à celle de Parvis."""
    lu = dossier_lu(request, contrat, pk)
    champ, dite = request.POST.get("champ", ""), request.POST.get("limite", "").strip()
    est_un_nombre = dite.isascii() and dite.isdigit() and len(dite) < 8
    limite = (int(dite) if est_un_nombre else 0) if dite else None
    try:
        trouver(
            dire_la_limite,
            par=acteur_de(request),
            dossier=lu,
            portail=portail,
            champ=champ,
            limite=limite,
        )
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
    return redirect(f"{_adresse(contrat, pk, portail)}#champ-{champ}")


@require_POST
@acces(membres)
def numero(request: HttpRequest, contrat: str, pk: int, portail: str) -> HttpResponse:
    """Note le numéro que le portail a donné, sur les demandes à ce financeur."""
    lu, acteur = dossier_lu(request, contrat, pk), acteur_de(request)
    page = trouver(a_recopier, acteur, lu, portail)
    demandes = {str(demande.pk): demande for demande in page.du_dossier.demandes}
    demande = demandes.get(request.POST.get("demande", ""))
    if demande is None:
        raise Http404
    dit = request.POST.get("numero", "")
    try:
        note = trouver(noter_le_numero, par=acteur, dossier=lu, demande=demande, numero=dit)
    except Refus as refus:
        return _montrer(request, lu, page, motifs=refus.motifs, saisie={demande.pk: dit})
    nom = demande.nom_du_financeur
    fait = f"Le numéro de {nom} est noté : {note}." if note else f"{nom} n’a plus de numéro."
    messages.success(request, fait)
    return redirect(f"{_adresse(contrat, pk, portail)}#titre-numero")


def _adresse(contrat: str, pk: int, portail: str) -> str:
    return reverse("espace_porteur:recopier", args=(contrat, pk, portail))
