"""Payer : les échéances à verser, ce qui se verse sur un acte, les conditions que l'on lève."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions import versements as actions
from parvis.conventions.actions.comptabilite import emporter_les_comptes
from parvis.conventions.actions.conditions import annuler_la_levee, lever_une_condition
from parvis.conventions.models import Acte
from parvis.conventions.queries import echeances as lectures
from parvis.conventions.queries import versements as queries
from parvis.documents.actions import FichierControle, controler
from parvis.espace_financeur.forms.versements import (
    FormulaireDeLevee,
    FormulaireDePaiement,
    PaiementEnLot,
)
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.socle.listes import choix, contexte_de_liste, emporter, saisi
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(financeurs)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les échéances à verser, les retards d'abord."""
    return _lister(request, contrat, PaiementEnLot())


def _lister(
    request: HttpRequest, contrat: str, form: PaiementEnLot, motifs: list[str] | None = None
) -> HttpResponse:
    lu = contrat_lu(request, contrat)
    lues = lectures.echeances_a_payer(acteur_de(request), lu, choix(request))
    contexte = {
        "contrat": lu,
        "lues": lues,
        "form": form,
        "motifs": motifs or [],
        "cochees": request.POST.getlist("echeance"),
        **contexte_de_liste(request, lues.page, lues.facettes),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/versements.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def noter(request: HttpRequest, contrat: str) -> HttpResponse:
    """Note versées les échéances cochées, toutes ou aucune."""
    form = PaiementEnLot(request.POST)
    if not form.is_valid():
        return _lister(request, contrat, form)
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    dues = {
        str(une.due.echeance.pk): une
        for une in lectures.echeances_a_payer(acteur, lu, {}).choisies
        if une.quand != lectures.ATTEND
    }
    cochees = request.POST.getlist("echeance")
    voulus = [
        actions.AVerser(dues[pk].acte.pk, echeance=dues[pk].due.echeance.pk, **form.cleaned_data)
        for pk in dues
        if pk in cochees
    ]
    try:
        if set(cochees) - dues.keys():
            raise Refus(["Une échéance cochée ne se note pas ou plus en lot. Relisez la liste."])
        faits = trouver(actions.verser, par=acteur, contrat=lu, versements=voulus)
    except Refus as refus:
        return _lister(request, contrat, form, refus.motifs)
    s = "s" if len(faits) > 1 else ""
    messages.success(request, f"{len(faits)} versement{s} noté{s} : les organismes l’apprennent.")
    return redirect("espace_financeur:versements", contrat)


@require_safe
@acces(financeurs)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les échéances choisies pour le logiciel comptable, comptes masqués."""
    lues = lectures.echeances_a_payer(
        acteur_de(request), contrat_lu(request, contrat), choix(request)
    )
    lignes = lectures.lignes_de_comptabilite(lues.choisies)
    return emporter("a-verser", extension, lectures.COLONNES, lignes)


@require_POST
@acces(financeurs)
def comptes(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Le même tableau, comptes en clair : qui paie, et lui seul ; c'est noté au journal."""
    lignes = trouver(
        emporter_les_comptes,
        par=acteur_de(request),
        contrat=contrat_lu(request, contrat),
        demandes=choix(request),
    )
    return emporter("a-verser-avec-comptes", extension, lectures.COLONNES, lignes)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def acte(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """L'argent d'un acte, et de quoi y noter un versement."""
    lu = acte_lu(request, contrat, pk)
    lus = queries.versements_de(acteur_de(request), lu)
    form = FormulaireDePaiement(request.POST or None, lu=lus)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        dit = form.cleaned_data | {"echeance": int(form.cleaned_data["echeance"])}
        try:
            trouver(
                actions.verser,
                par=acteur_de(request),
                contrat=lu.contrat,
                versements=[actions.AVerser(lu.pk, **dit)],
            )
        except Refus as refus:
            motifs = refus.motifs
            # L'envoi suivant aura lu ce qui est versé maintenant.
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["deja"] = str(lus.paiements.verse)
        else:
            messages.success(request, "Le versement est noté : l’organisme l’apprend.")
            return redirect("espace_financeur:versements_de_l_acte", contrat, pk)
    contexte = {"contrat": lu.contrat, "acte": lu, "lu": lus, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/versements_de_l_acte.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def annuler(request: HttpRequest, contrat: str, pk: int, versement: int) -> HttpResponse:
    """Annule un versement noté à tort."""
    lu = acte_lu(request, contrat, pk)
    fait = trouver(queries.versement_de, acteur_de(request), lu, versement)
    trouver(
        tenter,
        request,
        actions.annuler_un_versement,
        fait="Le versement est annulé : il ne compte plus.",
        par=acteur_de(request),
        versement=fait,
        motif=saisi(request, "motif"),
    )
    return redirect("espace_financeur:versements_de_l_acte", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def lever(request: HttpRequest, contrat: str, pk: int, reponse: int) -> HttpResponse:
    """Lève la condition d'une réponse de l'acte, avec ce qui le montre."""
    lu = acte_lu(request, contrat, pk)
    payee = trouver(queries.ligne_sous_condition, acteur_de(request), lu, reponse)
    form = FormulaireDeLevee(request.POST or None)
    return ecrire(
        request,
        lu,
        form,
        lambda dit: lever_une_condition(
            par=acteur_de(request), acte=lu, reponse=reponse, fichier=fichier_joint(request), **dit
        ),
        fait="La condition est levée : l’organisme l’apprend.",
        contexte={
            "titre": "Lever la condition",
            "dit": payee.ligne.demande.dossier.projet.titre,
            "citation": payee.condition,
            "bouton": "Lever cette condition",
            "avec_fichier": True,
        },
    )


@require_POST
@acces(financeurs)
def remettre(request: HttpRequest, contrat: str, pk: int, reponse: int) -> HttpResponse:
    """Remet une condition levée par erreur."""
    trouver(
        tenter,
        request,
        annuler_la_levee,
        fait="La condition est à lever de nouveau : l’organisme l’apprend.",
        par=acteur_de(request),
        acte=acte_lu(request, contrat, pk),
        reponse=reponse,
        motif=saisi(request, "motif"),
    )
    return redirect("espace_financeur:versements_de_l_acte", contrat, pk)


def ecrire(
    request: HttpRequest,
    lu: Acte,
    form: Any,
    action: Any,
    *,
    fait: str,
    contexte: dict[str, Any],
    vers: str = "versements_de_l_acte",
) -> HttpResponse:
    """Montre un formulaire de l'acte et mène son action ; refusé, garde ce qui est écrit."""
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(action, form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, fait)
            return redirect(f"espace_financeur:{vers}", lu.contrat.code, lu.pk)
    contexte = {"contrat": lu.contrat, "acte": lu, "form": form, "motifs": motifs, **contexte}
    contexte["est_a_renvoyer"] = bool(request.FILES)
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/versement_ecrire.html", contexte, status=statut)


def fichier_joint(request: HttpRequest) -> FichierControle | None:
    """Contrôle le fichier joint, hors de toute transaction ; lève Refus."""
    fichier = request.FILES.get("fichier")
    return controler(nom=fichier.name or "", octets=fichier.read()) if fichier else None


def acte_lu(request: HttpRequest, contrat: str, pk: int) -> Acte:
    """Rend un acte du service de l'acteur ; lève Http404 pour tout autre."""
    return trouver(queries.acte_a_payer, acteur_de(request), contrat_lu(request, contrat), pk)
