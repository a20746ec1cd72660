"""Les instances du contrat : en créer, y faire siéger, prévoir leurs réunions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.instances import actions, queries
from parvis.instances.models import Instance
from parvis.pilotage.forms.instances import FormulaireDeMandat, FormulaireDInstance
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les instances du contrat, et de quoi en créer une."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form, motifs = FormulaireDInstance(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            creee = actions.creer_une_instance(par=acteur, contrat=conduit, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"« {creee} » est créée : faites-y siéger ses membres.")
            return redirect("pilotage:instance", contrat, creee.pk)
    contexte = {
        "contrat": conduit,
        "instances": queries.instances_et_comptes(acteur, conduit, jour=timezone.localdate()),
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/instances.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def instance(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une instance : qui y siège, ses réunions."""
    return _montrer(request, instance_lue(request, contrat, pk))


@require_POST
@acces(pilotes)
def nommer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Fait siéger une personne."""
    acteur, lue = acteur_de(request), instance_lue(request, contrat, pk)
    personnes = queries.personnes_a_nommer(acteur, lue, jour=timezone.localdate())
    form = FormulaireDeMandat(request.POST, personnes=personnes)
    motifs: list[str] = []
    if form.is_valid():
        try:
            mandat = trouver(actions.donner_un_mandat, par=acteur, instance=lue, **form.mandat)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"{mandat} siège dans « {lue} ».")
            return redirect("pilotage:instance", contrat, pk)
    return _montrer(request, lue, form=form, motifs=motifs)


@require_POST
@acces(pilotes)
def finir(request: HttpRequest, contrat: str, pk: int, mandat: int) -> HttpResponse:
    """Met fin à un mandat."""
    acteur, lue = acteur_de(request), instance_lue(request, contrat, pk)
    vise = trouver(lue.mandats.select_related("instance__contrat", "utilisateur").get, pk=mandat)
    fait = f"{vise} ne siège plus dans « {lue} »."
    trouver(tenter, request, actions.finir_un_mandat, fait=fait, par=acteur, mandat=vise)
    return redirect("pilotage:instance", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Change le nom, la sorte ou le quorum d'une instance."""
    lue = instance_lue(request, contrat, pk)
    depart = {"nom": lue.nom, "sorte": lue.sorte, "quorum": lue.quorum}
    form, motifs = FormulaireDInstance(request.POST or None, initial=depart), []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                actions.modifier_une_instance,
                par=acteur_de(request),
                instance=lue,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "L’instance est changée.")
            return redirect("pilotage:instance", contrat, pk)
    contexte = {"contrat": lue.contrat, "instance": lue, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/instance_modifier.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def clore(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Clôt une instance qui ne se réunira plus."""
    lue = instance_lue(request, contrat, pk)
    fait = f"« {lue} » est close. Ses réunions se lisent toujours."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.clore_une_instance, fait=fait, par=acteur, instance=lue)
    return redirect("pilotage:instances", contrat)


def _montrer(
    request: HttpRequest,
    lue: Instance,
    *,
    form: FormulaireDeMandat | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    acteur, jour = acteur_de(request), timezone.localdate()
    contexte: dict[str, Any] = {
        "contrat": lue.contrat,
        "instance": lue,
        "mandats": queries.mandats_en_cours(lue, jour),
        "reunions": queries.reunions(lue),
        "form": form
        or FormulaireDeMandat(
            personnes=queries.personnes_a_nommer(acteur, lue, jour=jour),
            initial={"debut_le": jour},
        ),
        "motifs": motifs or [],
    }
    statut = 422 if form else 200
    return render(request, "pilotage/instance.html", contexte, status=statut)


def instance_lue(request: HttpRequest, contrat: str, pk: int) -> Instance:
    """Rend une instance du contrat que l'acteur conduit ; lève Http404 pour toute autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(queries.instances(acteur, conduit).get, pk=pk)
    lue.contrat = conduit
    return lue
