"""Les dispositifs d'un contrat : dire ceux qui existent encore, et ce qu'ils sont devenus."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions import modifier_dispositif, verifier_dispositif
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.pilotage.forms import SavoirDuDispositif
from parvis.pilotage.queries import dispositifs as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.versions import versions_du_savoir
from parvis.pilotage.views.savoirs import ENREGISTRE, enregistrer, repondre_au_script, statut
from parvis.socle.listes import choix, contexte_de_liste, emporter, saisi
from parvis.socle.vues import est_pour_le_script, tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les dispositifs, qui les tient, et pourquoi vérifier chacun."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    page, facettes = queries.lignes_des_dispositifs(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, page, facettes)}
    return render(request, "pilotage/dispositifs.html", contexte)


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes dispositifs, en CSV ou en XLSX."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lignes = queries.tableau_des_dispositifs(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    return emporter(f"{conduit.code}-dispositifs", extension, queries.COLONNES, lignes)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def dispositif(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un dispositif : ce que les fiches en disent, ce que l'on en sait, et de quoi le corriger."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.ligne_du_dispositif, acteur, conduit, pk, jour=timezone.localdate())
    form = SavoirDuDispositif(request.POST or None, acteur=acteur, ligne=ligne.dispositif)
    refuse: dict[str, object] = {}
    if request.method == "POST":
        refuse = enregistrer(
            form,
            modifier_dispositif,
            par=acteur,
            dispositif=ligne.dispositif,
            est_verifie="est_verifie" in request.POST,
        )
        if est_pour_le_script(request):
            return repondre_au_script(form, refuse)
        if not refuse:
            messages.success(request, ENREGISTRE)
            return redirect("pilotage:dispositif", contrat, pk)
    contexte = {
        "contrat": conduit,
        "ligne": ligne,
        "citations": queries.citations(acteur, ligne.dispositif),
        "form": form,
        "versions": versions_du_savoir(acteur, ligne.dispositif),
        "frise": frise(
            f"dispositif:{pk}",
            regard=Regard.PILOTAGE,
            contrat=contrat,
            avant=request.GET.get("avant", ""),
        ),
        **refuse,
    }
    return render(request, "pilotage/dispositif.html", contexte, status=statut(refuse))


@require_POST
@acces(pilotes)
def verifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Date la vérification d'aujourd'hui ; depuis la liste, y revient."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.ligne_du_dispositif, acteur, conduit, pk, jour=timezone.localdate())
    tenter(
        request,
        verifier_dispositif,
        fait=f"« {ligne.dispositif} » est vérifié aujourd’hui.",
        par=acteur,
        dispositif=ligne.dispositif,
    )
    if "choisis" in request.POST:
        # Relus, pour ne renvoyer que vers cette liste.
        choisis = QueryDict(saisi(request, "choisis")).urlencode()
        return redirect(f"{reverse('pilotage:dispositifs', args=(contrat,))}?{choisis}")
    return redirect("pilotage:dispositif", contrat, pk)
