"""Un acte : le lire, le corriger, noter sa signature et sa notification, l'annuler."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.comptes.enums import Regard
from parvis.conventions.actions.actes import annuler_un_acte, corriger_le_texte
from parvis.conventions.actions.circuit import (
    joindre_l_exemplaire_signe,
    notifier_des_actes,
    signer_des_actes,
)
from parvis.conventions.models import Acte
from parvis.conventions.queries.actes import actes, lignes_de
from parvis.conventions.queries.impression import word_de
from parvis.conventions.queries.modeles import mentions_de
from parvis.conventions.rules.actes import PASSAGES, dire_l_acte
from parvis.conventions.rules.faits import dire_les_faits
from parvis.documents.actions import FichierControle, controler
from parvis.documents.vues import servir
from parvis.espace_financeur.forms.actes import (
    FormulaireDAnnulation,
    FormulaireDeCorrection,
    FormulaireDeNotification,
    FormulaireDeSignature,
)
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.journal.enums import Regard as RegardDuJournal
from parvis.journal.queries.frise import frise
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, trouver


@require_safe
@acces(financeurs)
def acte(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un acte : où il en est, ce qu'il dit de chaque demande, comment il se paie."""
    lu = acte_lu(request, contrat, pk)
    contexte = {
        "contrat": lu.contrat,
        "acte": lu,
        "lignes": lignes_de(lu),
        "echeances": lu.echeances.all(),
        "avenants": lu.avenants.all(),
        "phrase": dire_l_acte(lu.etat, Regard.SERVICE),
        "suites": PASSAGES[lu.etat],
        "frise": frise(
            f"acte:{lu.pk}",
            regard=RegardDuJournal.MEMBRES,
            contrat=lu.contrat.code,
            avant=request.GET.get("avant", ""),
        ),
    }
    return render(request, "espace_financeur/acte.html", contexte)


@require_safe
@acces(financeurs)
def document(request: HttpRequest, contrat: str, pk: int, extension: str) -> HttpResponse:
    """Le document d'un acte : son PDF une fois composé, ou le même texte en Word."""
    lu = acte_lu(request, contrat, pk)
    if extension == "docx":
        return a_emporter(word_de(lu))
    if extension != "pdf" or lu.fichier is None:
        raise Http404
    return servir(lu.fichier)


@require_safe
@acces(financeurs)
def fichier(request: HttpRequest, contrat: str, pk: int, sorte: str) -> HttpResponse:
    """Ce qui est revenu : l'acte signé, la preuve de sa remise."""
    lu = acte_lu(request, contrat, pk)
    joint = {"signe": lu.scan, "preuve": lu.preuve}.get(sorte)
    if joint is None:
        raise Http404
    return servir(joint)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def texte(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Corrige l'objet et le texte d'un acte qui n'est pas signé : il se compose de nouveau."""
    lu = acte_lu(request, contrat, pk)
    depart = {"objet": lu.objet, "texte": lu.texte, "depart": empreinte(lu.objet, lu.texte)}
    form = FormulaireDeCorrection(request.POST or None, initial=depart)

    def corriger(par: Any, **dit: Any) -> None:
        corriger_le_texte(par=par, acte=lu, **(dit | {"depart": request.POST.get("depart")}))

    fait = "Le texte est corrigé : composez l’acte de nouveau."
    return _mener(
        request,
        lu,
        form,
        corriger,
        titre="Corriger le texte",
        fait=fait,
        actuel=depart,
        a_garder=dire_les_faits(lu.faits),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def signer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note la signature d'un acte, et joint l'acte signé."""
    lu = acte_lu(request, contrat, pk)
    mentions = mentions_de(lu.contrat, lu.financeur.retenu)
    depart = ", ".join(filter(None, (mentions.signataire, mentions.qualite)))
    form = FormulaireDeSignature(request.POST or None, initial={"signe_par": depart})

    def noter(par: Any, fichier: FichierControle | None, **dit: Any) -> None:
        signer_des_actes(par=par, contrat=lu.contrat, pks=[lu.pk], scan=fichier, **dit)

    return _mener(
        request,
        lu,
        form,
        noter,
        titre="Noter la signature",
        fait="La signature est notée : l’argent est engagé.",
        joint="L’acte signé, numérisé",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def joindre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Joint l'exemplaire signé d'un acte, revenu après que sa signature est notée."""
    lu = acte_lu(request, contrat, pk)

    def ranger(par: Any, fichier: FichierControle | None) -> None:
        joindre_l_exemplaire_signe(par=par, acte=lu, scan=fichier)

    return _mener(
        request,
        lu,
        forms.Form(request.POST or None),
        ranger,
        titre="Joindre l’exemplaire signé",
        fait="L’exemplaire signé est joint : l’organisme le lit, si l’acte lui est notifié.",
        joint="L’acte signé, numérisé",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def notifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note la notification d'un acte signé, et joint sa preuve."""
    lu = acte_lu(request, contrat, pk)
    form = FormulaireDeNotification(request.POST or None)

    def noter(par: Any, fichier: FichierControle | None, **dit: Any) -> None:
        notifier_des_actes(par=par, contrat=lu.contrat, pks=[lu.pk], preuve=fichier, **dit)

    return _mener(
        request,
        lu,
        form,
        noter,
        titre="Noter la notification",
        fait="La notification est notée : l’organisme l’apprend, et lit son acte.",
        joint="La preuve de la remise (accusé de réception, reçu signé)",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule un acte qui n'est pas notifié ; son numéro reste au registre."""
    lu = acte_lu(request, contrat, pk)
    form = FormulaireDAnnulation(request.POST or None)

    def noter(par: Any, **dit: Any) -> None:
        annuler_un_acte(par=par, acte=lu, **dit)

    fait = "L’acte est annulé : ses demandes attendent de nouveau le leur."
    return _mener(request, lu, form, noter, titre="Annuler l’acte", fait=fait)


def _mener(
    request: HttpRequest,
    lu: Acte,
    form: forms.Form,
    action: Callable[..., None],
    *,
    titre: str,
    fait: str,
    joint: str = "",
    actuel: dict[str, str] | None = None,
    a_garder: list[str] | None = None,
) -> HttpResponse:
    """Montre le formulaire d'un pas, puis le mène ; refusé, il revient avec ce qui était écrit."""
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            autres = {"fichier": _fichier(request)} if joint else {}
            trouver(action, acteur_de(request), **autres, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, fait)
            return redirect("espace_financeur:acte", lu.contrat.code, lu.pk)
    contexte = {
        "contrat": lu.contrat,
        "acte": lu,
        "form": form,
        "motifs": motifs,
        "titre": titre,
        "joint": joint,
        "a_garder": a_garder,
        "est_a_renvoyer": bool(request.FILES),
        "actuel": relire_apres_un_collegue(request, form, actuel or {}),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/acte_ecrire.html", contexte, status=statut)


def relire_apres_un_collegue(
    request: HttpRequest, form: forms.Form, actuel: dict[str, str]
) -> dict[str, str]:
    """Rend le texte qu'un collègue a écrit depuis, à relire : l'envoi suivant l'aura lu."""
    lu = request.POST.get("depart")
    if lu is None or lu == actuel.get("depart", lu):
        return {}
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["depart"] = actuel["depart"]
    return actuel


def _fichier(request: HttpRequest) -> FichierControle | None:
    """Contrôle le fichier joint, hors de toute transaction ; lève Refus."""
    envoye = request.FILES.get("fichier")
    return controler(nom=envoye.name or "", octets=envoye.read()) if envoye else None


def acte_lu(request: HttpRequest, contrat: str, pk: int) -> Acte:
    """Rend un acte du service de l'acteur ; lève Http404 pour tout autre."""
    return trouver(actes(acteur_de(request), contrat_lu(request, contrat)).get, pk=pk)
