"""Noter un dossier sur la grille de son appel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de
from parvis.espace_financeur.forms.grille import FormulaireDeGrille
from parvis.espace_financeur.views.dossier import adresse_du_dossier
from parvis.espace_financeur.views.lus import dossier_lu
from parvis.instruction.actions.grille import noter_un_dossier
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.grille import grille_a_noter
from parvis.instruction.rules.grille import motifs_empechant_de_noter
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def noter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Les notes du service sur ce dossier ; refusées, elles reviennent avec tous leurs motifs."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    grille = trouver(grille_a_noter, acteur, lu)
    form = FormulaireDeGrille(request.POST or None, grille=grille)
    motifs = motifs_empechant_de_noter(lu.etat) if request.method != "POST" else []
    if "depart" in form.errors:
        motifs = [str(erreur) for erreur in form.errors["depart"]]
    elif request.method == "POST" and form.is_valid():
        try:
            notee = trouver(
                noter_un_dossier,
                par=acteur,
                dossier=lu,
                choix=form.choix,
                depart=form.depart_lu,
            )
        except Refus as refus:
            motifs, form = refus.motifs, form.repartir(grille)
        else:
            messages.success(request, f"La grille est enregistrée : {notee.score.phrase.lower()}.")
            return redirect(f"{adresse_du_dossier(contrat, pk)}#titre-grille")
    contexte = {
        "contrat": lu.appel.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "grille": grille,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/grille.html", contexte, status=statut)
