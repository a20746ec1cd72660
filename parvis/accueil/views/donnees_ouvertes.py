"""Les données ouvertes d'un contrat : ce que dit le fichier des subventions, et le fichier."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.cadre.vues import edition_courante, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.conventions.queries.donnees_ouvertes import ouverture
from parvis.conventions.rules.scdl import ecrire
from parvis.conventions.rules.scdl_colonnes import COLONNES


@require_safe
@acces(tous)
def donnees_ouvertes(request: HttpRequest, contrat: str) -> HttpResponse:
    """Ce que le fichier publie, sa licence, ses colonnes."""
    edition = edition_courante(request, contrat)
    jour = timezone.localdate()
    return page(
        request,
        "accueil/donnees_ouvertes.html",
        edition,
        ouverture=ouverture(acteur_de(request), edition.contrat, jour=jour),
        colonnes=[colonne for colonne in COLONNES if colonne.dit],
        vides=[colonne.nom for colonne in COLONNES if not colonne.dit],
        jour=jour,
    )


@require_safe
@acces(tous)
def subventions(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le fichier des subventions, selon le SCDL."""
    edition = edition_courante(request, contrat)
    jour = timezone.localdate()
    lues = ouverture(acteur_de(request), edition.contrat, jour=jour).subventions
    reponse = HttpResponse(ecrire(lues, jour), content_type="text/csv; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="{contrat}-subventions.csv"'
    return reponse
