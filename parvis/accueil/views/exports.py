"""Emporter le contrat : JSON entier, tableaux CSV et XLSX, mêmes filtres que la liste à l'écran."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.accueil.views.communs import fiches_choisies
from parvis.cadre.queries import exports
from parvis.cadre.queries.structure import contrat_entier
from parvis.cadre.vues import edition_courante
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.socle.tableaux import csv_francais, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@acces(tous)
def contrat_json(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le contrat entier, en JSON."""
    edition = edition_courante(request, contrat)
    reponse = JsonResponse(
        contrat_entier(acteur_de(request), edition),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    return _nommer(reponse, f"{contrat}-{edition.code}.json")


@require_safe
@acces(tous)
def tableau(request: HttpRequest, contrat: str, nom: str, extension: str) -> HttpResponse:
    """Un tableau du contrat, en CSV ou en XLSX."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    trouve: exports.Tableau | None
    if nom == "fiches":
        numeros = [f.numero for f in fiches_choisies(request, edition).liste.fiches]
        trouve = exports.tableau_des_fiches(
            acteur,
            edition,
            numeros,
            lambda numero: request.build_absolute_uri(
                reverse("accueil:permanente", args=(contrat, edition.code, numero))
            ),
        )
    else:
        trouve = exports.tableau(acteur, edition, nom)
    if trouve is None or extension not in ("csv", "xlsx"):
        raise Http404
    if extension == "csv":
        contenu, sorte = csv_francais(trouve.colonnes, trouve.lignes), "text/csv; charset=utf-8"
    else:
        contenu, sorte = xlsx(trouve.colonnes, trouve.lignes, trouve.nom), XLSX
    nom_de_fichier = f"{contrat}-{trouve.nom}.{extension}"
    return _nommer(HttpResponse(contenu, content_type=sorte), nom_de_fichier)


def _nommer(reponse: HttpResponse, nom: str) -> HttpResponse:
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
