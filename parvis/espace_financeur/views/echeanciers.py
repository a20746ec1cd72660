"""Changer l'échéancier d'un acte, tant qu'il n'est pas signé."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions.echeanciers import changer_l_echeancier
from parvis.conventions.queries.versements import echeances_de
from parvis.espace_financeur.forms.echeanciers import LigneDEcheancier, lignes_d_echeancier
from parvis.espace_financeur.views.versements import acte_lu
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def echeancier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """L'échéancier d'un acte, à récrire : signé, il ne change plus."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    formes = lignes_d_echeancier(request.POST or None, echeances_de(acteur, lu))
    motifs: list[str] = []
    if request.method == "POST" and _sont_valides(formes):
        prevues = [forme.prevue for forme in formes if forme.prevue is not None]
        try:
            trouver(changer_l_echeancier, par=acteur, acte=lu, echeances=prevues)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "L’échéancier est changé : le document est à composer.")
            return redirect("espace_financeur:versements_de_l_acte", contrat, pk)
    contexte = {"contrat": lu.contrat, "acte": lu, "formes": formes, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/echeancier.html", contexte, status=statut)


def _sont_valides(formes: list[LigneDEcheancier]) -> bool:
    """Dit si toutes les lignes se lisent ; chacune est lue, pour que toutes les fautes se montrent."""
    return sum(forme.is_valid() for forme in formes) == len(formes)
