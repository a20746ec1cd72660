"""Se charger d'un dossier, le rendre, se déporter ; déclarer ses liens."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de
from parvis.comptes.acteur import Acteur
from parvis.espace_financeur.forms.equipe import DeclarationDeDeport, DeclarationDeLien
from parvis.espace_financeur.views.dossier import adresse_du_dossier
from parvis.espace_financeur.views.lus import contrat_lu, dossier_lu
from parvis.instruction.actions import equipe
from parvis.instruction.permissions import peut_decider, peut_financer, se_deporte
from parvis.instruction.queries import equipe as lectures
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_POST
@acces(peut_financer)
def se_charger(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit que l'acteur étudie ce dossier ; à un collègue, il le reprend s'il le dit."""
    lu = dossier_lu(request, contrat, pk)
    trouver(
        tenter,
        request,
        equipe.se_charger,
        fait="Vous étudiez ce dossier : vos collègues le voient.",
        par=acteur_de(request),
        dossier=lu,
        reprend="reprend" in request.POST,
    )
    return redirect(adresse_du_dossier(contrat, pk))


@require_POST
@acces(peut_financer)
def rendre_la_main(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit que l'acteur n'étudie plus ce dossier."""
    lu = dossier_lu(request, contrat, pk)
    fait = "Vous n’étudiez plus ce dossier : un collègue peut s’en charger."
    trouver(tenter, request, equipe.rendre_la_main, fait=fait, par=acteur_de(request), dossier=lu)
    return redirect(adresse_du_dossier(contrat, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(se_deporte)
def se_deporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Retire l'acteur de ce dossier, après l'avoir prévenu de ce que cela veut dire."""
    acteur = acteur_de(request)
    lu = trouver(lectures.dossier_qui_atteint, acteur, contrat_lu(request, contrat), pk)
    form = DeclarationDeDeport(request.POST or None)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(equipe.se_deporter, par=acteur, dossier=lu, motif=form.cleaned_data["motif"])
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"Vous êtes déporté du dossier {lu.reference}.")
            return redirect(_ou_revenir(acteur, contrat))
    contexte = {
        "contrat": lu.appel.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "form": form,
        "motifs": motifs,
        "liens": lectures.liens_avec_le_porteur(acteur, lu),
        "retour": _ou_revenir(acteur, contrat),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/deport.html", contexte, status=statut)


def _ou_revenir(acteur: Acteur, contrat: str) -> str:
    """Rend la liste d'où vient qui s'est déporté : la sienne, selon ce qu'il fait des dossiers."""
    if acteur.etudie_des_dossiers:
        return reverse("espace_financeur:dossiers", args=(contrat,))
    vers = "espace_financeur:decisions" if peut_decider(acteur) else "pilotage:dossiers"
    return reverse(vers, args=(contrat,))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(se_deporte)
def liens(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les liens que l'acteur déclare avec des organismes qui portent des projets."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    if not se_deporte(acteur, contrat):
        raise Http404
    form = DeclarationDeLien(request.POST or None, porteurs=lectures.porteurs(acteur, lu))
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        organisme = form.porteurs[form.cleaned_data["organisme"]]
        try:
            equipe.declarer_un_lien(par=acteur, organisme=organisme, lien=form.cleaned_data["lien"])
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"Lien déclaré avec {organisme}.")
            return redirect("espace_financeur:liens", contrat)
    contexte = {
        "contrat": lu,
        "form": form,
        "motifs": motifs,
        "liens": lectures.liens_declares(acteur),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/liens.html", contexte, status=statut)


@require_POST
@acces(se_deporte)
def finir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit qu'un lien n'existe plus."""
    contrat_lu(request, contrat)
    acteur = acteur_de(request)
    lien = trouver(lectures.lien_a_finir, acteur, pk)
    trouver(equipe.finir_un_lien, par=acteur, lien=lien)
    messages.success(request, f"Votre lien avec {lien.organisme.retenu} n’existe plus.")
    return redirect("espace_financeur:liens", contrat)
