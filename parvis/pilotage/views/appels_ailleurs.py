"""Les appels d'autres organismes, que le pilote tient à la main."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.dossiers.actions import appels_ailleurs as actions
from parvis.dossiers.queries import appels_pilotes as queries
from parvis.dossiers.queries.appels import echeances
from parvis.pilotage.forms.appels import AppelDAilleurs
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.appels import edition_lue
from parvis.socle.refus import ConflitDeVersion, Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les appels d'ailleurs, la clôture la plus proche d'abord."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    toutes = echeances(acteur, conduit, maintenant=timezone.now())
    contexte = {"contrat": conduit, "echeances": [e for e in toutes if e.ailleurs]}
    return render(request, "pilotage/appels_ailleurs.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def nouveau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Mettre au calendrier l'appel d'un autre organisme."""
    return _ecrire(request, contrat)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """L'appel d'un autre organisme : le revoir, dire qu'on l'a vérifié, le retirer."""
    return _ecrire(request, contrat, pk)


def _ecrire(request: HttpRequest, contrat: str, pk: int | None = None) -> HttpResponse:
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.appels_d_ailleurs(acteur, conduit).get, pk=pk) if pk else None
    depart = {champ: getattr(ligne, champ) for champ in actions.CHAMPS} if ligne else {}
    if ligne:
        depart |= {
            "fiches": [f.pk for f in ligne.fiches.all()],
            "revision": ligne.revision,
        }
    edition = edition_lue(acteur, conduit)
    choisir = {"acteur": acteur, "contrat": conduit, "edition": edition}
    form = AppelDAilleurs(request.POST or None, initial=depart, **choisir)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        commun: dict[str, Any] = {
            "par": acteur,
            "valeurs": form.valeurs(),
            "fiches": form.cleaned_data["fiches"],
        }
        try:
            if ligne:
                revision = form.cleaned_data["revision"] or 0
                actions.modifier_un_appel_d_ailleurs(ailleurs=ligne, revision=revision, **commun)
            else:
                actions.ajouter_un_appel_d_ailleurs(contrat=conduit, **commun)
        except ConflitDeVersion as conflit:
            # La saisie reste ; enregistrer de nouveau remplacera ce que l'autre personne a écrit.
            motifs = conflit.motifs
            repris = {**request.POST.dict(), "fiches": request.POST.getlist("fiches")}
            repris["revision"] = str(conflit.courant.revision)
            form = AppelDAilleurs(repris, initial=depart, **choisir)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"« {form.cleaned_data['titre']} » est au calendrier.")
            return redirect("pilotage:appels_ailleurs", contrat)
    contexte = {"contrat": conduit, "ligne": ligne, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/appel_ailleurs.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Retire du calendrier l'appel d'un autre organisme."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.appels_d_ailleurs(acteur, conduit).get, pk=pk)
    fait = f"« {ligne.titre} » n’est plus au calendrier."
    tenter(request, actions.retirer_un_appel_d_ailleurs, fait=fait, par=acteur, ailleurs=ligne)
    return redirect("pilotage:appels_ailleurs", contrat)
