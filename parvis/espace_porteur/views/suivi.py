"""Suivre l'argent d'un projet : noter à la main ce qui répond ailleurs, donner un lien de lecture."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres, porteurs_d_un_lien
from parvis.comptes.enums import Regard
from parvis.dossiers.actions.liens import compter_une_lecture, creer_un_lien, revoquer_un_lien
from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.models import Projet
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.dossiers import projet as un_projet
from parvis.dossiers.queries.suivi import (
    demande_a_noter,
    lien_a_fermer,
    lien_ouvert,
    liens_de_lecture,
    suivi_du_projet,
)
from parvis.espace_porteur.forms.suivi import SuiteDUneDemande
from parvis.espace_porteur.views.lus import contrat_lu
from parvis.evaluation.queries.bilans import bilans_a_rendre
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(membres)
def suivi(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le suivi d'un projet : par exercice et par financeur, ce qui est demandé, voté, versé."""
    return _montrer(request, projet_lu(request, contrat, pk))


def _montrer(
    request: HttpRequest,
    projet: Projet,
    *,
    motifs: list[str] | None = None,
    adresse: str = "",
) -> HttpResponse:
    """Rend la page du suivi ; `adresse` est celle d'un lien qui vient d'être créé, montrée une fois."""
    acteur, jour = acteur_de(request), timezone.localdate()
    contexte = {
        "contrat": projet.contrat,
        "projet": projet,
        "suivi": suivi_du_projet(projet, jour=jour),
        "bilans_a_rendre": [(b, b.attendu_le < jour) for b in bilans_a_rendre(projet)],
        "liens": liens_de_lecture(acteur, projet),
        "maintenant": timezone.now(),
        "peut_noter": acteur.est_confirme and peut_ecrire_le_projet(acteur, projet),
        "motifs": motifs or [],
        "adresse": adresse,
    }
    return render(request, "espace_porteur/suivi.html", contexte, status=422 if motifs else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def noter(request: HttpRequest, contrat: str, pk: int, demande: int) -> HttpResponse:
    """Note, ou corrige, la suite d'une demande faite ailleurs."""
    acteur = acteur_de(request)
    projet = projet_lu(request, contrat, pk)
    tenue = trouver(demande_a_noter, acteur, projet, demande)
    form = SuiteDUneDemande(request.POST or None, demande=tenue)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(noter_la_suite, par=acteur, demande=tenue, suite=form.suite)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"C’est noté pour {tenue.nom_du_financeur}.")
            return redirect("espace_porteur:suivi", contrat, pk)
    contexte = {
        "contrat": projet.contrat,
        "projet": projet,
        "demande": tenue,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_porteur/noter_la_suite.html", contexte, status=statut)


@require_POST
@acces(membres)
def creer_lien(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Crée un lien de lecture et le montre, cette seule fois."""
    projet = projet_lu(request, contrat, pk)
    try:
        _, jeton = trouver(
            creer_un_lien,
            par=acteur_de(request),
            projet=projet,
            pour=request.POST.get("pour", ""),
        )
    except Refus as refus:
        return _montrer(request, projet, motifs=refus.motifs)
    adresse = request.build_absolute_uri(reverse("espace_porteur:lecture", args=(jeton,)))
    return _montrer(request, projet, adresse=adresse)


@require_POST
@acces(membres)
def fermer_lien(request: HttpRequest, contrat: str, pk: int, lien: int) -> HttpResponse:
    """Ferme un lien de lecture : il n'ouvre plus rien."""
    acteur = acteur_de(request)
    projet = projet_lu(request, contrat, pk)
    ferme = trouver(lien_a_fermer, acteur, projet, lien)
    fait = f"Le lien pour « {ferme.pour} » n’ouvre plus rien."
    trouver(tenter, request, revoquer_un_lien, fait=fait, par=acteur, lien=ferme)
    return redirect("espace_porteur:suivi", contrat, pk)


@never_cache
@require_safe
@acces(porteurs_d_un_lien)
def lecture(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le suivi d'un projet, et lui seul, à qui a reçu le lien."""
    lien = trouver(lien_ouvert, jeton)
    contexte = {
        "lien": lien,
        "projet": lien.projet,
        "suivi": suivi_du_projet(lien.projet, jour=timezone.localdate(), regard=Regard.PUBLIC),
        "jeton": jeton,
    }
    reponse = render(request, "espace_porteur/lecture.html", contexte)
    # L'adresse est un secret : ni moteur de recherche, ni site que l'on visiterait ensuite.
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reponse.headers["Referrer-Policy"] = "no-referrer"
    return reponse


@never_cache
@require_POST
@acces(porteurs_d_un_lien)
def compter(request: HttpRequest, jeton: str) -> HttpResponse:
    """Compte une lecture : la page le demande une fois affichée, un robot ne le demande pas."""
    compter_une_lecture(lien=trouver(lien_ouvert, jeton))
    return JsonResponse({})


def projet_lu(request: HttpRequest, contrat: str, pk: int) -> Projet:
    """Rend un projet que l'acteur lit comme porteur ; lève Http404 pour tout autre."""
    lu = contrat_lu(request, contrat)
    projet = trouver(un_projet, acteur_de(request), lu, pk)
    projet.contrat = lu
    return projet
