"""Les partenaires d'un contrat : dire quel organisme se cache derrière chaque nom."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions import detacher, modifier_partenaire, rapprocher
from parvis.cadre.enums import OrigineDeRapprochement
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.organismes.queries import chercher
from parvis.pilotage.forms import Fin, Rapprochement, SavoirDuPartenaire
from parvis.pilotage.queries import partenaires as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.retenus import organisme_retenu
from parvis.pilotage.queries.versions import versions_du_savoir
from parvis.pilotage.views.savoirs import ENREGISTRE, enregistrer, repondre_au_script, statut
from parvis.socle.listes import choix, contexte_de_liste, emporter, entier, saisi
from parvis.socle.vues import est_pour_le_script, tenter, trouver

FAIT = "{organisme} tient maintenant « {partenaire} »."


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les partenaires, ce qui tient chacun, ce que l'on propose."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    page, facettes = queries.lignes_des_partenaires(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, page, facettes)}
    return render(request, "pilotage/partenaires.html", contexte)


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes partenaires, en CSV ou en XLSX."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lignes = queries.tableau_des_partenaires(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    return emporter(f"{conduit.code}-partenaires", extension, queries.COLONNES, lignes)


@require_safe
@acces(pilotes)
def partenaire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un partenaire : aujourd'hui, par le passé, et de quoi choisir un organisme."""
    acteur, jour = acteur_de(request), timezone.localdate()
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.ligne_du_partenaire, acteur, conduit, pk, jour=jour)
    question = choix(request).get("q", "")
    contexte = {
        "contrat": conduit,
        "ligne": ligne,
        "q": question,
        "trouves": chercher(acteur, question) if question else [],
        "aujourd_hui": jour.isoformat(),
        "debut": f"{conduit.debut}-01-01",
    }
    return render(request, "pilotage/partenaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def modifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce que l'on sait d'un partenaire, et de quoi le corriger."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.partenaires_du_contrat(acteur, conduit).get, pk=pk)
    form = SavoirDuPartenaire(request.POST or None, acteur=acteur, ligne=ligne)
    refuse: dict[str, object] = {}
    if request.method == "POST":
        refuse = enregistrer(form, modifier_partenaire, par=acteur, partenaire=ligne)
        if est_pour_le_script(request):
            return repondre_au_script(form, refuse)
        if not refuse:
            messages.success(request, ENREGISTRE)
            return redirect("pilotage:partenaire", contrat, pk)
    versions = versions_du_savoir(acteur, ligne)
    contexte = {
        "contrat": conduit,
        "partenaire": ligne,
        "form": form,
        "versions": versions,
        **refuse,
    }
    return render(request, "pilotage/modifier_partenaire.html", contexte, status=statut(refuse))


@require_POST
@acces(pilotes)
def accepter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Accepte un organisme proposé, avec ses dates."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    proposee = trouver(queries.proposition, acteur, conduit, pk, entier(request, "organisme"))
    tenter(
        request,
        rapprocher,
        fait=FAIT.format(organisme=proposee.organisme, partenaire=proposee.partenaire),
        par=acteur,
        partenaire=proposee.partenaire,
        organisme=proposee.organisme,
        depuis_le=proposee.depuis_le,
        jusqu_au=proposee.jusqu_au,
        origine=OrigineDeRapprochement.PROPOSEE,
    )
    if "etat" in request.POST:
        # Depuis la liste, on y revient : le suivant attend.
        choisis = urlencode({"etat": saisi(request, "etat")})
        return redirect(f"{reverse('pilotage:partenaires', args=(contrat,))}?{choisis}")
    return redirect("pilotage:partenaire", contrat, pk)


@require_POST
@acces(pilotes)
def choisir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Rapproche un partenaire d'un organisme cherché."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.ligne_du_partenaire, acteur, conduit, pk, jour=timezone.localdate())
    organisme = trouver(organisme_retenu, acteur, entier(request, "organisme"))
    form = Rapprochement(request.POST)
    if form.is_valid():
        tenter(
            request,
            rapprocher,
            fait=FAIT.format(organisme=organisme, partenaire=ligne.partenaire),
            par=acteur,
            partenaire=ligne.partenaire,
            organisme=organisme,
            **form.cleaned_data,
        )
    else:
        messages.error(request, "Donnez une date de début, et si besoin une date de fin.")
    return redirect("pilotage:partenaire", contrat, pk)


@require_POST
@acces(pilotes)
def finir(request: HttpRequest, contrat: str, partenaire: int, pk: int) -> HttpResponse:
    """Met fin à un rapprochement, à la date donnée."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.rapprochement, acteur, conduit, partenaire, pk)
    form = Fin(request.POST)
    if form.is_valid():
        tenter(
            request,
            detacher,
            fait=f"{ligne.organisme} a maintenant une date de fin.",
            par=acteur,
            rapprochement=ligne,
            **form.cleaned_data,
        )
    else:
        messages.error(request, "Donnez le dernier jour où cet organisme tient ce partenaire.")
    return redirect("pilotage:partenaire", contrat, partenaire)


@require_POST
@acces(pilotes)
def effacer(request: HttpRequest, contrat: str, partenaire: int, pk: int) -> HttpResponse:
    """Efface un rapprochement fait par erreur ; le journal le garde."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.rapprochement, acteur, conduit, partenaire, pk)
    tenter(
        request,
        detacher,
        fait=f"Le rapprochement avec {ligne.organisme} est effacé.",
        par=acteur,
        rapprochement=ligne,
        jusqu_au=None,
    )
    return redirect("pilotage:partenaire", contrat, partenaire)
