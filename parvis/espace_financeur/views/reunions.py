"""Les réunions où l'on est convoqué."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.comptes.acces import acces, acteur_de, connectes
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.instances.queries import mes_reunions
from parvis.programmation.queries.seances import seances_de_membre


@require_safe
@acces(connectes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les réunions des instances où l'acteur siège, la prochaine d'abord."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    seances = {seance.reunion_id: seance for seance in seances_de_membre(acteur, lu)}
    reunions = {r.pk: r for r in mes_reunions(acteur, lu, jour=timezone.localdate())}
    # Une séance ouverte se lit, même si nul n'a été convoqué par courriel.
    reunions |= {s.reunion_id: s.reunion for s in seances.values()}
    dernieres = sorted(reunions.values(), key=lambda r: (r.commence_le, r.pk), reverse=True)
    contexte = {"contrat": lu, "reunions": [(r, seances.get(r.pk)) for r in dernieres]}
    return render(request, "espace_financeur/reunions.html", contexte)
