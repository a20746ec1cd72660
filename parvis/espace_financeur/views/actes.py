"""Les actes d'un financeur : le registre, le circuit en lot, la composition."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions import circuit, composition
from parvis.conventions.enums import EtatDActe
from parvis.conventions.queries import actes as queries
from parvis.conventions.queries.archive import archive_des_actes, archive_en_word
from parvis.conventions.queries.compositions import composition as ou_en_est
from parvis.conventions.queries.modeles import mentions_de
from parvis.documents.vues import servir_une_archive
from parvis.espace_financeur.forms.actes import FormulaireDeNotification, FormulaireDeSignature
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.socle.listes import choix, contexte_de_liste, emporter
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(financeurs)
def registre(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le registre des actes du service, et de quoi les faire avancer en lot."""
    lu = contrat_lu(request, contrat)
    if request.headers.get("HX-Request"):
        return _progression(request, lu)
    return _montrer(request, lu)


def _montrer(
    request: HttpRequest,
    lu: Contrat,
    *,
    signature: FormulaireDeSignature | None = None,
    notification: FormulaireDeNotification | None = None,
    motifs: list[str] | None = None,
    ouvert: str = "",
) -> HttpResponse:
    acteur = acteur_de(request)
    assert acteur.organisme is not None
    lus = queries.registre(acteur, lu, choix(request))
    mentions = mentions_de(lu, acteur.organisme.retenu)
    signe_par = ", ".join(filter(None, (mentions.signataire, mentions.qualite)))
    contexte = {
        "contrat": lu,
        "registre": lus,
        "composition": ou_en_est(acteur, lu),
        "adresse": _adresse(request, lu.code),
        "signature": signature or FormulaireDeSignature(initial={"signe_par": signe_par}),
        "notification": notification or FormulaireDeNotification(),
        "cochees": request.POST.getlist("acte"),
        "tous": "tous" in request.POST,
        "motifs": motifs or [],
        "ouvert": ouvert,
        "mentions": mentions,
        **contexte_de_liste(request, lus.page, lus.facettes),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/actes.html", contexte, status=statut)


def _progression(request: HttpRequest, lu: Contrat) -> HttpResponse:
    """Rend ce qui avance ; fini, ce qui invite à relire la page : elle montre encore les actes d'avant."""
    etat = ou_en_est(acteur_de(request), lu)
    contexte = {
        "contrat": lu,
        "composition": etat,
        "adresse": _adresse(request, lu.code),
        "est_suivie": True,
    }
    gabarit = "espace_financeur/_composition.html"
    if etat.est_ouverte:
        return render(request, f"{gabarit}#avancement", contexte)
    reponse = render(request, gabarit, contexte)
    reponse.headers["HX-Retarget"] = "#composition"
    return reponse


@require_safe
@acces(financeurs)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes actes, en CSV ou en XLSX."""
    lu = contrat_lu(request, contrat)
    lignes = queries.tableau_du_registre(acteur_de(request), lu, choix(request))
    return emporter(f"{lu.code}-actes", extension, queries.COLONNES, lignes)


@require_safe
@acces(financeurs)
def archive(request: HttpRequest, contrat: str) -> HttpResponseBase:
    """Les PDF des actes choisis, dans une archive à imprimer."""
    emportee = archive_des_actes(acteur_de(request), contrat_lu(request, contrat), choix(request))
    return servir_une_archive(emportee.nom, emportee.morceaux)


@require_safe
@acces(financeurs)
def archive_en_mots(request: HttpRequest, contrat: str) -> HttpResponseBase:
    """Les mêmes actes en Word, dans une archive, pour qui doit en reprendre à la main."""
    emportee = archive_en_word(acteur_de(request), contrat_lu(request, contrat), choix(request))
    return servir_une_archive(emportee.nom, emportee.morceaux)


@require_POST
@acces(financeurs)
def signer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Note la signature des actes cochés, tous ou aucun."""
    form = FormulaireDeSignature(request.POST)
    return _avancer(
        request,
        contrat,
        form,
        circuit.signer_des_actes,
        EtatDActe.A_SIGNER,
        "signature",
        "La signature est notée : l’argent est engagé.",
    )


@require_POST
@acces(financeurs)
def notifier(request: HttpRequest, contrat: str) -> HttpResponse:
    """Note la notification des actes cochés, tous ou aucun."""
    form = FormulaireDeNotification(request.POST)
    return _avancer(
        request,
        contrat,
        form,
        circuit.notifier_des_actes,
        EtatDActe.SIGNE,
        "notification",
        "La notification est notée : les organismes l’apprennent, et lisent leur acte.",
    )


def _avancer(
    request: HttpRequest,
    contrat: str,
    form: forms.Form,
    action: Callable[..., Any],
    depuis: str,
    nom: str,
    fait: str,
) -> HttpResponse:
    """Mène un pas du circuit sur les actes cochés ; refusé, la page revient avec ce qui était écrit."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    autour: dict[str, Any] = {nom: form, "ouvert": nom}
    if not form.is_valid():
        return _montrer(request, lu, **autour)
    if "tous" in request.POST:
        pks = queries.actes_a_avancer(acteur, lu, choix(request), depuis=depuis)
    else:
        pks = [int(pk) for pk in request.POST.getlist("acte") if pk.isascii() and pk.isdigit()]
    try:
        trouver(action, par=acteur, contrat=lu, pks=pks, **form.cleaned_data)
    except Refus as refus:
        return _montrer(request, lu, **autour, motifs=refus.motifs)
    messages.success(request, fait)
    return redirect(_adresse(request, contrat))


@require_POST
@acces(financeurs)
def composer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Met en file la composition des actes en préparation."""
    lu = contrat_lu(request, contrat)
    trouver(
        tenter,
        request,
        composition.demander_la_composition,
        fait="Les actes se composent. Vous pouvez quitter cette page et la retrouver.",
        par=acteur_de(request),
        contrat=lu,
    )
    return redirect("espace_financeur:actes", contrat)


@require_POST
@acces(financeurs)
def annuler_la_composition(request: HttpRequest, contrat: str) -> HttpResponse:
    """Arrête la composition : ce qui est composé le reste."""
    tenter(
        request,
        composition.annuler_la_composition,
        fait="La composition s’arrête. Ce qui est composé le reste ; le reste pourra se reprendre.",
        par=acteur_de(request),
        contrat=contrat_lu(request, contrat),
    )
    return redirect("espace_financeur:actes", contrat)


def _adresse(request: HttpRequest, contrat: str) -> str:
    filtres = request.GET.urlencode()
    return reverse("espace_financeur:actes", args=[contrat]) + (f"?{filtres}" if filtres else "")
