"""Les appels à projets d'un contrat : les ouvrir, les relire, les publier, les reprendre."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.lecture import edition_courante
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.queries import antivirus_regle
from parvis.dossiers.actions import appels as actions
from parvis.dossiers.queries import appels as lectures
from parvis.dossiers.queries import appels_pilotes as queries
from parvis.dossiers.queries.alertes import a_prevenir
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.organismes.enums import Nature
from parvis.pilotage.forms.appels import NouvelAppel, Publication, Reprise
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les appels du contrat, le dernier exercice d'abord."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    contexte = {
        "contrat": conduit,
        "edition": edition_lue(acteur, conduit),
        "appels": queries.appels_pilotes(acteur, conduit),
        "ailleurs": queries.appels_d_ailleurs(acteur, conduit).count(),
        "sans_antivirus": not antivirus_regle(),
    }
    return render(request, "pilotage/appels.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def nouveau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Quatre réponses, et un brouillon prérempli."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = NouvelAppel(request.POST or None)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.creer_un_appel(par=acteur, contrat=conduit, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Le brouillon est ouvert. Relisez chaque section.")
            return redirect("pilotage:appel", contrat, version.appel.adresse)
    contexte = {"contrat": conduit, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/nouvel_appel.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def appel(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Un appel : ce qu'il reste à écrire, ce que l'on lit, ses versions, son histoire."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    tenu = trouver(queries.appel_pilote, acteur, conduit, adresse)
    contexte: dict[str, Any] = {
        "contrat": conduit,
        "tenu": tenu,
        "reprise": Reprise(initial={"exercice": tenu.appel.exercice + 1}),
        "frise": frise(
            f"appel:{tenu.appel.pk}",
            regard=Regard.PILOTAGE,
            contrat=contrat,
            avant=request.GET.get("avant", ""),
        ),
    }
    if tenu.brouillon:
        brouillon = trouver(queries.brouillon_d_appel, acteur, conduit, adresse)
        contexte["preparation"] = queries.preparation(acteur, brouillon)
    if tenu.courante:
        contexte["lu"] = lectures.lire_un_appel(tenu.courante)
        contexte["versions"] = lectures.versions_publiees(acteur, contexte["lu"].version)
    return render(request, "pilotage/appel.html", contexte)


@require_safe
@acces(pilotes)
def apercu(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Le brouillon tel qu'un porteur le lirait, ou à défaut ce qu'il lit."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    tenu = trouver(queries.appel_pilote, acteur, conduit, adresse)
    lu = lectures.lire_un_appel(tenu.derniere)
    nature = request.GET.get("nature", "")
    nature = nature if nature in Nature.values else ""
    contexte = {
        "contrat": conduit,
        "tenu": tenu,
        "lu": lu,
        "version": lu.version,
        "nature": nature,
        "pieces": lectures.pieces_selon_la_nature(lu.version, nature),
    }
    return render(request, "pilotage/apercu_d_appel.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def publier(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Ce que fait une publication, puis la publication."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    brouillon = trouver(queries.brouillon_d_appel, acteur, conduit, adresse)
    form = Publication(request.POST or None)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            publiee = actions.publier_l_appel(par=acteur, version=brouillon, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"« {publiee.titre} » est publié.")
            return redirect("pilotage:appel", contrat, adresse)
    pret = queries.preparation(acteur, brouillon)
    contexte = {
        "contrat": conduit,
        "preparation": pret,
        "echeance": lectures.lire_un_appel(brouillon).echeance,
        "abonnes": len(a_prevenir(conduit, [f.fiche_id for f in brouillon.fiches.all()])),
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/publier_appel.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def preparer(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Prépare une nouvelle version d'un appel publié."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    tenu = trouver(queries.appel_pilote, acteur, conduit, adresse)
    if tenu.courante is None and tenu.brouillon is None:
        raise Http404
    fait = "Le brouillon reprend ce que l’on lit. Rien ne change tant que vous ne publiez pas."
    tenter(request, actions.preparer_une_version, fait=fait, par=acteur, appel=tenu.appel)
    return redirect("pilotage:appel", contrat, adresse)


@require_POST
@acces(pilotes)
def jeter(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Jette un brouillon ; un appel jamais publié disparaît avec lui."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    tenu = trouver(queries.appel_pilote, acteur, conduit, adresse)
    brouillon = trouver(queries.brouillon_d_appel, acteur, conduit, adresse)
    fait = f"Le brouillon de « {brouillon.titre} » est jeté."
    est_jete = tenter(request, actions.jeter_le_brouillon, fait=fait, par=acteur, version=brouillon)
    if est_jete and tenu.courante is None:
        return redirect("pilotage:appels", contrat)
    return redirect("pilotage:appel", contrat, adresse)


@require_POST
@acces(pilotes)
def reprendre(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Reprend un appel publié pour une autre année ; les dates glissent d'autant."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    tenu = trouver(queries.appel_pilote, acteur, conduit, adresse)
    form = Reprise(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez une année, entre 2000 et 2100.")
        return redirect("pilotage:appel", contrat, adresse)
    try:
        version = actions.dupliquer(par=acteur, appel=tenu.appel, **form.cleaned_data)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
        return redirect("pilotage:appel", contrat, adresse)
    exercice = form.cleaned_data["exercice"]
    messages.success(request, f"L’appel est repris pour {exercice}. Vérifiez ses dates.")
    return redirect("pilotage:appel", contrat, version.appel.adresse)


def edition_lue(acteur: Any, contrat: Contrat) -> Edition | None:
    """Rend l'édition que lit le public, ou rien tant que rien n'est publié."""
    try:
        return edition_courante(acteur, contrat.code)
    except Edition.DoesNotExist:
        return None
