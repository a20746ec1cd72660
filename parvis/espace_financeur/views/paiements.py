"""Reprendre un fichier de paiement : le relire, puis l'écrire, tout ou rien."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions.comptabilite import choisir_les_colonnes
from parvis.conventions.actions.versements import verser
from parvis.conventions.enums import SourceDeVersement
from parvis.conventions.queries.fichiers import colonnes_de, relire_les_paiements
from parvis.espace_financeur.forms.versements import FichierDePaiement
from parvis.espace_financeur.jetons import (
    ApercuIllisible,
    garder_les_paiements,
    paiements_gardes,
)
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau, lire_tableau
from parvis.socle.vues import trouver

ILLISIBLE = "Cet aperçu ne se relit pas : déposez le fichier de nouveau."


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def reprendre(request: HttpRequest, contrat: str) -> HttpResponse:
    """De quoi déposer un fichier de paiement ; déposé, ce qu'il noterait. Aucun versement ne s'écrit ici."""
    lu, acteur = contrat_lu(request, contrat), acteur_de(request)
    form = FichierDePaiement(
        request.POST or None, request.FILES or None, initial=colonnes_de(acteur)
    )
    contexte = {"contrat": lu, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            tableau = _lire(form)
            if not form.errors:
                trouver(choisir_les_colonnes, par=acteur, contrat=lu, colonnes=form.colonnes)
                relecture = relire_les_paiements(acteur, lu, tableau, colonnes_de(acteur))
                jeton = garder_les_paiements(contrat, relecture.nouvelles)
                contexte |= {"relecture": relecture, "jeton": jeton}
                return render(request, "espace_financeur/paiements_relus.html", contexte)
        except Refus as refus:
            contexte["motifs"] = refus.motifs
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/paiements_reprendre.html", contexte, status=statut)


def _lire(form: FichierDePaiement) -> Tableau:
    """Rend le tableau déposé ; une colonne qui n'y est pas se choisit parmi les siennes."""
    recu = form.cleaned_data["fichier"]
    tableau = lire_tableau(recu.read(), recu.name, lignes_max=10_000)
    titres = [" ".join(titre.split()) for titre in tableau.colonnes]
    if any(titre not in titres for titre in vars(form.colonnes).values()):
        form.proposer(titres)
    return tableau


@require_POST
@acces(financeurs)
def ecrire(request: HttpRequest, contrat: str) -> HttpResponse:
    """Note tous les versements relus, ou aucun si l'un d'eux est refusé."""
    lu, acteur = contrat_lu(request, contrat), acteur_de(request)
    try:
        voulus = paiements_gardes(contrat, request.POST.get("jeton", ""))
        faits = trouver(
            verser, par=acteur, contrat=lu, versements=voulus, source=SourceDeVersement.FICHIER
        )
    except ApercuIllisible:
        messages.error(request, ILLISIBLE)
    except Refus as refus:
        messages.error(request, "Rien n’est écrit : une ligne au moins est refusée.")
        for motif in refus.motifs:
            messages.error(request, motif)
    else:
        s = "s" if len(faits) > 1 else ""
        messages.success(request, f"{len(faits)} versement{s} noté{s} d’après le fichier.")
        return redirect("espace_financeur:versements", contrat)
    return redirect("espace_financeur:reprendre_des_paiements", contrat)
