"""Faire compléter un dossier déposé, et dire ce qu'il devient."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.dossiers.actions.complements import demander_un_complement
from parvis.dossiers.actions.recevabilite import envoyer_vers_un_autre_appel, trancher
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries import recevabilite as lectures
from parvis.pilotage.forms.dossiers import Decision, DemandeDeComplement
from parvis.pilotage.views.dossiers import dossier_recu
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def completer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Demande au porteur de compléter une section ou une pièce."""
    recu = dossier_recu(request, contrat, pk)
    form = DemandeDeComplement(request.POST or None, dossier=recu)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            complement = trouver(
                demander_un_complement, par=acteur_de(request), dossier=recu, **form.demande
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(
                request, "Le complément est demandé : le porteur vient d’être prévenu."
            )
            return redirect("pilotage:dossier", contrat, complement.dossier_id)
    attendus = lectures.complements(acteur_de(request), recu, jour=timezone.localdate())
    contexte = {
        "contrat": recu.appel.contrat,
        "dossier": recu,
        "form": form,
        "motifs": motifs,
        "attendus": [lu for lu in attendus if not lu.est_repondu],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/completer.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def decider(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit un dossier recevable, irrecevable, ou l'envoie vers un autre appel."""
    acteur, jour = acteur_de(request), timezone.localdate()
    recu = dossier_recu(request, contrat, pk)
    form = Decision(request.POST or None, appels=lectures.appels_ou_envoyer(acteur, recu))
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            tranche = _decider(request, recu, form)
        except Refus as refus:
            motifs = refus.motifs
        else:
            dit = tranche.get_etat_display().lower()
            messages.success(request, f"C’est dit : {dit}. Le porteur vient d’être prévenu.")
            return redirect("pilotage:dossier", contrat, pk)
    version = lectures.versions_deposees(acteur, recu)[0]
    points = lectures.points(acteur, recu, version, jour=jour)
    attendus = lectures.complements(acteur, recu, jour=jour)
    contexte = {
        "contrat": recu.appel.contrat,
        "dossier": recu,
        "form": form,
        "motifs": motifs,
        "restants": [lu for lu in points if lu.est_bon is not True],
        "attendus": [lu for lu in attendus if not lu.est_repondu],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/decider.html", contexte, status=statut)


def _decider(request: HttpRequest, recu: Dossier, form: Decision) -> Dossier:
    acteur, lu = acteur_de(request), form.cleaned_data
    if lu["vers"] == EtatDeDossier.REORIENTE:
        return trouver(
            envoyer_vers_un_autre_appel,
            par=acteur,
            dossier=recu,
            appel=form.appels[lu["appel"]],
            motif=lu["motif"],
        )
    return trouver(trancher, par=acteur, dossier=recu, vers=lu["vers"], motif=lu["motif"])
