"""Les postes aidés d'un contrat : la liste, un fichier publié à relire puis à écrire, le code national."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions.contrats import noter_le_code_national
from parvis.cadre.models import Contrat
from parvis.cadre.queries.codes_nationaux import codes_nationaux, codes_ressemblants
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.postes import CodeNationalDuContrat, FichierDePostes
from parvis.pilotage.jetons import ApercuIllisible, garder_les_postes, postes_gardes
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.programmation.actions.postes import importer_les_postes
from parvis.programmation.importation import lire_les_lignes
from parvis.programmation.queries.postes import (
    COLONNES,
    comparer_les_postes,
    liste_des_postes,
    tableau_des_postes,
)
from parvis.programmation.rules.postes import choisir_le_dispositif, lire_les_postes
from parvis.socle.listes import choix, contexte_de_liste, emporter, saisi
from parvis.socle.refus import Refus, exiger
from parvis.socle.vues import trouver

ILLISIBLE = "Cet aperçu ne se relit pas : déposez le fichier de nouveau."
SANS_CODE = "Notez d’abord le code national du contrat : il dit quelles lignes sont les siennes."


def _conduit(request: HttpRequest, contrat: str) -> Contrat:
    return trouver(contrat_pilote, acteur_de(request), contrat)


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les postes aidés du contrat, et leur coût théorique ; à part des projets."""
    conduit = _conduit(request, contrat)
    lue = trouver(liste_des_postes, acteur_de(request), conduit, choix(request))
    contexte = {
        "contrat": conduit,
        "total": lue.total,
        **contexte_de_liste(request, lue.page, lue.facettes),
    }
    return render(request, "pilotage/postes.html", contexte)


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes postes, en CSV ou en XLSX."""
    conduit = _conduit(request, contrat)
    lignes = trouver(tableau_des_postes, acteur_de(request), conduit, choix(request))
    return emporter(f"{conduit.code}-postes-aides", extension, COLONNES, lignes)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def importer(request: HttpRequest, contrat: str) -> HttpResponse:
    """De quoi déposer un fichier publié ; déposé, ce qu'il changerait. Rien ne s'écrit ici."""
    acteur, conduit = acteur_de(request), _conduit(request, contrat)
    form = FichierDePostes(request.POST or None, request.FILES or None)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            exiger([] if conduit.code_national else [SANS_CODE])
            dispositif, empeche = choisir_le_dispositif(form.cleaned_data["dispositif"], recu.name)
            exiger(empeche)
            lus = lire_les_postes(lire_les_lignes(recu.read(), recu.name), conduit.code_national)
        except Refus as refus:
            motifs = refus.motifs
        else:
            difference = trouver(comparer_les_postes, acteur, conduit, dispositif, lus)
            contexte = {
                "contrat": conduit,
                "nom": recu.name,
                "dispositif": dispositif,
                "difference": difference,
                "jeton": garder_les_postes(contrat, dispositif, recu.name, lus),
            }
            return render(request, "pilotage/postes_relus.html", contexte)
    statut = 422 if request.method == "POST" else 200
    return _page_d_import(request, conduit, statut, form=form, motifs=motifs)


def _page_d_import(
    request: HttpRequest, conduit: Contrat, statut: int, **autres: Any
) -> HttpResponse:
    contexte = {
        "contrat": conduit,
        "form": FichierDePostes(),
        "form_du_code": CodeNationalDuContrat(initial={"code": conduit.code_national}),
        "code": codes_nationaux().get(conduit.code_national),
        "ressemblants": codes_ressemblants(f"{conduit.territoire} {conduit.titre}"),
        **autres,
    }
    return render(request, "pilotage/postes_importer.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def ecrire(request: HttpRequest, contrat: str) -> HttpResponse:
    """Écrit ce qui a été relu, si c'est encore ce que le fichier change."""
    conduit = _conduit(request, contrat)
    try:
        dispositif, nom, lus = postes_gardes(
            contrat, conduit.code_national, request.POST.get("jeton", "")
        )
        faite = trouver(
            importer_les_postes,
            par=acteur_de(request),
            contrat=conduit,
            dispositif=dispositif,
            lus=lus,
            source=nom,
            vue=saisi(request, "vue") or "aucune",
        )
    except ApercuIllisible:
        messages.error(request, ILLISIBLE)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
    else:
        s = "s" if faite.nombre > 1 else ""
        messages.success(request, f"{faite.nombre} poste{s} mis à jour d’après « {nom} ».")
        return redirect("pilotage:postes", contrat)
    return redirect("pilotage:importer_les_postes", contrat)


@require_POST
@acces(pilotes)
def code_national(request: HttpRequest, contrat: str) -> HttpResponse:
    """Note le code national du contrat, celui des fichiers que l'État publie."""
    conduit = _conduit(request, contrat)
    form = CodeNationalDuContrat(request.POST)
    if form.is_valid():
        try:
            noter_le_code_national(par=acteur_de(request), contrat=conduit, **form.cleaned_data)
        except Refus as refus:
            for motif in refus.motifs:
                form.add_error("code", motif)
        else:
            messages.success(request, "Le code national est noté.")
            return redirect("pilotage:importer_les_postes", contrat)
    return _page_d_import(request, conduit, 422, form_du_code=form)
