"""Coller un budget depuis un tableur : ce qui est compris, ce qui ne l'est pas, puis l'ajouter."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, membres
from parvis.dossiers.actions.budget import ajouter_a_l_exercice
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.taches import est_a_ecrire
from parvis.dossiers.rules.collage import LigneEcartee, lire_un_collage
from parvis.dossiers.rules.comptes import plan_de_comptes
from parvis.espace_porteur.forms.collage import (
    LigneProposee,
    a_ajouter,
    lire_les_lignes,
    proposer,
)
from parvis.espace_porteur.views.budget_lu import Ici, budget_lu
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def coller(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Lit ce qui est collé, le montre, et l'ajoute quand on le demande."""
    ici = budget_lu(request, contrat, pk)
    if request.method == "POST" and "ajouter" in request.POST:
        return _ajouter(request, ici)
    if request.method == "POST" and request.POST.get("colle", "").strip():
        return apercu(request, ici, request.POST["colle"])
    return _montrer(request, ici)


def apercu(request: HttpRequest, ici: Ici, texte: str) -> HttpResponse:
    """Rend ce qu'un texte collé contient, avant d'en rien garder."""
    colle = lire_un_collage(texte)
    comprises, incomprises = proposer(colle, ici.financeurs)
    ecartees = [ligne for ligne in colle.ignorees if ligne.texte.strip()]
    return _montrer(request, ici, texte, comprises, incomprises, ecartees)


def _ajouter(request: HttpRequest, ici: Ici) -> HttpResponse:
    lignes = lire_les_lignes(request.POST)
    prises = [ligne for ligne in lignes if ligne.est_prise]
    motifs = [f"« {x.libelle or x.saisie} » : {faute}" for x in prises for faute in x.fautes]
    if not peut_ecrire_le_projet(ici.acteur, ici.dossier.projet):
        motifs = ["Votre rôle lit ce dossier, il ne l’écrit pas."]
    elif not prises:
        motifs = ["Cochez au moins une ligne à ajouter."]
    if not motifs:
        try:
            trouver(
                ajouter_a_l_exercice,
                par=ici.acteur,
                dossier=ici.dossier,
                section=ici.section,
                annee=ici.annee,
                **a_ajouter(prises, ici.financeurs),
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, _dire(len(prises)))
            return redirect(ici.adresse)
    texte = request.POST.get("colle", "")
    return _montrer(request, ici, texte, lignes, motifs=motifs)


def _dire(nombre: int) -> str:
    return "Une ligne est ajoutée." if nombre == 1 else f"{nombre} lignes sont ajoutées."


def _montrer(
    request: HttpRequest,
    ici: Ici,
    texte: str = "",
    comprises: Sequence[LigneProposee] = (),
    incomprises: Sequence[LigneProposee] = (),
    ecartees: Sequence[LigneEcartee] = (),
    *,
    motifs: Sequence[str] = (),
) -> HttpResponse:
    plan = plan_de_comptes()
    contexte: dict[str, Any] = {
        "ici": ici,
        "contrat": ici.dossier.projet.contrat,
        "dossier": ici.dossier,
        "projet": ici.dossier.projet,
        "peut_ecrire": est_a_ecrire(ici.acteur, ici.dossier, ici.section),
        "texte": texte,
        "comprises": comprises,
        "incomprises": incomprises,
        "ecartees": ecartees,
        "motifs": motifs,
        "postes": [(poste, plan.lignes(poste.code)) for poste in plan.postes()],
        "demandes": {compte.code for compte in plan.comptes if compte.est_demande},
    }
    statut = 422 if motifs else 200
    return render(request, "espace_porteur/budget_collage.html", contexte, status=statut)
