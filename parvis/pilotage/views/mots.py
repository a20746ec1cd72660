"""Les mots du territoire : en ajouter, voir ce qu'ils changent, en retirer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.lecture import edition_courante
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.orientation.actions import ajouter_un_mot, retirer_un_mot
from parvis.orientation.queries.mots import effet, mots_du_contrat
from parvis.orientation.queries.orientation import notions_connues
from parvis.pilotage.forms.mots import Mot
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les mots ajoutés ; en ajouter un, ou voir d'abord ce qu'il changerait."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    edition = _edition(acteur, conduit)
    contexte: dict[str, Any] = {"motifs": []}
    form = Mot(request.POST or None)
    if request.method == "POST" and edition and form.is_valid():
        lu = form.cleaned_data
        if "essayer" in request.POST:
            essai = lu["essai"] or lu["ecrit"]
            contexte["effet"] = effet(acteur, edition, lu["ecrit"], lu["sens"], essai)
        else:
            try:
                ajouter_un_mot(par=acteur, edition=edition, ecrit=lu["ecrit"], sens=lu["sens"])
                messages.success(
                    request, f"« {lu['ecrit']} » est ajouté : la recherche le comprend."
                )
                return redirect("pilotage:mots", contrat)
            except Refus as refus:
                contexte["motifs"] = refus.motifs
    statut = 422 if contexte["motifs"] or form.errors else 200
    contexte |= {
        "contrat": conduit,
        "edition": edition,
        "form": form,
        "mots": mots_du_contrat(acteur, conduit),
        "notions": notions_connues(),
    }
    return render(request, "pilotage/mots.html", contexte, status=statut)


def _edition(acteur: Any, contrat: Contrat) -> Edition | None:
    """Rend l'édition que lit le public, ou rien tant que rien n'est publié."""
    try:
        return edition_courante(acteur, contrat.code)
    except Edition.DoesNotExist:
        return None


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Retire un mot ajouté."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    mot = trouver(mots_du_contrat(acteur, conduit).get, pk=pk)
    tenter(request, retirer_un_mot, fait=f"« {mot} » est retiré.", par=acteur, mot=mot)
    return redirect("pilotage:mots", contrat)
