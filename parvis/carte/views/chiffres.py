"""Comparer les quartiers d'un contrat : une série, une barre par quartier, le tableau à emporter."""

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.models import Edition
from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.carte.queries import chiffres as lecture
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.observatoire.queries.chiffres import Case
from parvis.socle.tableaux import Cellule, csv_francais, xlsx
from parvis.socle.vues import trouver

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLONNES = "code quartier communes génération série période valeur unité source".split()


@require_safe
@acces(tous)
def chiffres(request: HttpRequest, contrat: str) -> HttpResponse:
    """Une série dans chaque quartier d'une génération, et dans leur ensemble."""
    edition = edition_courante(request, contrat)
    gabarit = "carte/chiffres.html" + ("#resultats" if est_un_fragment(request) else "")
    return page(request, gabarit, edition, vue=_vue(request, edition), tris=lecture.TRIS)


@require_safe
@acces(tous)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Ce que montre la comparaison, à emporter."""
    edition = edition_courante(request, contrat)
    lignes = _a_emporter(_vue(request, edition))
    if extension == "csv":
        reponse = HttpResponse(
            csv_francais(COLONNES, lignes), content_type="text/csv; charset=utf-8"
        )
    elif extension == "xlsx":
        reponse = HttpResponse(xlsx(COLONNES, lignes, "chiffres"), content_type=XLSX)
    else:
        raise Http404
    nom = f"{contrat}-chiffres.{extension}"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def _vue(request: HttpRequest, edition: Edition) -> lecture.Comparaison:
    """Rend la comparaison que demande l'adresse ; une série d'un autre contrat répond 404."""
    noms = ("serie", "periode", "millesime", "tri")
    demande = lecture.Demande(**{nom: request.GET.get(nom, "") for nom in noms})
    return trouver(lecture.comparaison, acteur_de(request), edition, demande)


def _a_emporter(vue: lecture.Comparaison) -> list[tuple[Cellule, ...]]:
    """Rend les lignes à l'écran, dans leur ordre, l'ensemble pour finir ; un nombre tu est « s »."""
    if vue.serie is None or not vue.lignes:
        return []
    quoi = (vue.millesime, vue.serie.libelle, vue.periode)
    fin = (vue.serie.get_unite_display(), str(vue.serie.source))
    lignes: list[tuple[Cellule, ...]] = [
        (ligne.quartier.code, ligne.quartier.nom, ligne.communes, *quoi, _cellule(ligne.case), *fin)
        for ligne in vue.lignes
    ]
    return [*lignes, ("", "Ensemble des quartiers", "", *quoi, _cellule(vue.ensemble), *fin)]


def _cellule(case: Case) -> Cellule:
    """Rend une valeur en vrai nombre, sans zéro inutile, ou ce qui la remplace."""
    if case.valeur is None:
        return case.texte
    return Decimal(format(case.valeur.normalize(), "f"))
