"""Les réunions d'une instance : prévoir, convoquer, noter qui est là, tenir, annuler."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.instances import actions, queries
from parvis.instances.models import Reunion
from parvis.instances.rules import Venue
from parvis.pilotage.forms.instances import (
    Annulation,
    FormulaireDeReunion,
    en_lignes,
    venues,
)
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.instances import instance_lue
from parvis.programmation.queries.seances import exercice_a_arbitrer, seance_de
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def prevoir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Prévoit une réunion ; nul n'en est prévenu avant la convocation."""
    lue = instance_lue(request, contrat, pk)
    form, motifs = FormulaireDeReunion(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            prevue = trouver(
                actions.prevoir_une_reunion,
                par=acteur_de(request),
                instance=lue,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La réunion est prévue. Convoquez quand tout est prêt.")
            return redirect("pilotage:reunion", contrat, prevue.pk)
    contexte = {"contrat": lue.contrat, "instance": lue, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/reunion_ecrire.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Change une réunion à venir."""
    lue = reunion_lue(request, contrat, pk)
    seance = seance_de(acteur_de(request), lue)
    if seance and seance.ouverte_le:
        return _a_une_seance(request, contrat, pk)
    champs = ("objet", "commence_le", "lieu", "ordre_du_jour")
    depart = {champ: getattr(lue, champ) for champ in champs}
    depart["commence_le"] = timezone.localtime(lue.commence_le)
    form, motifs = FormulaireDeReunion(request.POST or None, initial=depart), []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                actions.modifier_une_reunion,
                par=acteur_de(request),
                reunion=lue,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            suite = " Convoquez de nouveau pour le dire aux membres." if lue.convoquee_le else ""
            messages.success(request, f"La réunion est changée.{suite}")
            return redirect("pilotage:reunion", contrat, pk)
    contexte = {
        "contrat": lue.instance.contrat,
        "instance": lue.instance,
        "reunion": lue,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/reunion_ecrire.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def reunion(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une réunion : où elle en est, qui est appelé, qui est là."""
    return _montrer(request, reunion_lue(request, contrat, pk))


@require_POST
@acces(pilotes)
def convoquer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Convoque les membres par courriel, et dit qui prévenir autrement."""
    lue = reunion_lue(request, contrat, pk)
    try:
        sans_compte = trouver(actions.convoquer, par=acteur_de(request), reunion=lue)
    except Refus as refus:
        return _montrer(request, lue, motifs=refus.motifs)
    messages.success(request, "La réunion est convoquée : les membres reçoivent un courriel.")
    if sans_compte:
        noms = ", ".join(mandat.nom for mandat in sans_compte)
        messages.warning(request, f"Sans compte, à prévenir autrement : {noms}.")
    return redirect("pilotage:reunion", contrat, pk)


@require_POST
@acces(pilotes)
def presences(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note qui est présent, représenté, excusé, absent."""
    lue = reunion_lue(request, contrat, pk)
    appels = queries.feuille(lue, jour=timezone.localdate(lue.commence_le)).appels
    dites = venues(request.POST, appels)
    try:
        trouver(actions.noter_les_presences, par=acteur_de(request), reunion=lue, venues=dites)
    except Refus as refus:
        return _montrer(request, lue, motifs=refus.motifs, dites=dites)
    messages.success(request, "Les présences sont notées.")
    return redirect("pilotage:reunion", contrat, pk)


@require_POST
@acces(pilotes)
def tenir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit que la réunion s'est tenue : ses présences ne changent plus."""
    lue = reunion_lue(request, contrat, pk)
    if seance_de(acteur_de(request), lue):
        return _a_une_seance(request, contrat, pk)
    fait = "La réunion est tenue : ses présences ne changent plus."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.tenir_une_reunion, fait=fait, par=acteur, reunion=lue)
    return redirect("pilotage:reunion", contrat, pk)


@require_POST
@acces(pilotes)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule une réunion ; convoqués, ses membres en sont prévenus."""
    lue, form = reunion_lue(request, contrat, pk), Annulation(request.POST)
    if not form.is_valid():
        return _montrer(request, lue, annulation=form)
    seance = seance_de(acteur_de(request), lue)
    if seance and seance.ouverte_le:
        return _a_une_seance(request, contrat, pk)
    fait = "La réunion est annulée."
    trouver(
        tenter,
        request,
        actions.annuler_une_reunion,
        fait=fait,
        par=acteur_de(request),
        reunion=lue,
        motif=form.cleaned_data["motif"],
    )
    return redirect("pilotage:reunion", contrat, pk)


def _a_une_seance(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    messages.error(request, "Une séance s’y tient : c’est elle qui se lève.")
    return redirect("pilotage:reunion", contrat, pk)


def _montrer(
    request: HttpRequest,
    lue: Reunion,
    *,
    motifs: list[str] | None = None,
    dites: dict[int, Venue] | None = None,
    annulation: Annulation | None = None,
) -> HttpResponse:
    feuille = queries.feuille(lue, jour=timezone.localdate(lue.commence_le))
    contexte = {
        "contrat": lue.instance.contrat,
        "instance": lue.instance,
        "reunion": lue,
        "seance": seance_de(acteur_de(request), lue),
        "annee": exercice_a_arbitrer(acteur_de(request), lue),
        "feuille": feuille,
        "lignes": en_lignes(feuille.appels, dites or {}),
        "est_passee": lue.commence_le <= timezone.now(),
        "motifs": motifs or [],
        "annulation": annulation or Annulation(),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/reunion.html", contexte, status=statut)


def reunion_lue(request: HttpRequest, contrat: str, pk: int) -> Reunion:
    """Rend une réunion du contrat que l'acteur conduit ; lève Http404 pour toute autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(queries.reunion, acteur, conduit, pk)
    lue.instance.contrat = conduit
    return lue
