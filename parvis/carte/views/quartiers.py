"""Les quartiers d'un contrat : leur liste, leur page, la page à punaiser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.vues import edition_courante, page
from parvis.carte.dessin import Dessin, dessiner
from parvis.carte.queries import quartiers as lecture
from parvis.carte.queries.affiches import affiche_du_quartier, formes_du_plan
from parvis.carte.queries.chiffres import chiffres_ici
from parvis.carte.queries.couches import element_du_quartier
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.ici import appels_ici, projets_ici
from parvis.socle.tableaux import csv_francais, xlsx
from parvis.socle.vues import a_emporter, trouver

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLONNES = ("code", "nom", "génération", "communes", "population", "superficie_ha", "fiches")


@require_safe
@acces(tous)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les quartiers d'une génération, ou de la dernière."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    generations = lecture.millesimes(acteur, edition.contrat)
    demande = request.GET.get("millesime", "")
    millesime = next((m for m in generations if str(m) == demande), next(iter(generations), 0))
    return page(
        request,
        "carte/quartiers.html",
        edition,
        millesimes=generations,
        millesime=millesime,
        quartiers=lecture.quartiers(acteur, edition, millesime),
    )


@require_safe
@acces(tous)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les quartiers de toutes les générations, à emporter."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    lignes = [
        (
            vu.quartier.code,
            vu.quartier.nom,
            vu.quartier.millesime,
            vu.noms_des_communes,
            vu.quartier.population,
            vu.hectares,
            vu.fiches,
        )
        for millesime in lecture.millesimes(acteur, edition.contrat)
        for vu in lecture.quartiers(acteur, edition, millesime)
    ]
    if extension == "csv":
        reponse = HttpResponse(
            csv_francais(COLONNES, lignes), content_type="text/csv; charset=utf-8"
        )
    elif extension == "xlsx":
        reponse = HttpResponse(xlsx(COLONNES, lignes, "quartiers"), content_type=XLSX)
    else:
        raise Http404
    nom = f"{contrat}-quartiers.{extension}"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


@require_safe
@acces(tous)
def quartier(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """La page d'un quartier : où il est, ce qui s'y finance, ce qui s'y fait."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    trouvee = trouver(lecture.quartier, acteur, edition, code)
    vu = trouvee.vu
    return page(
        request,
        "carte/quartier.html",
        edition,
        page=trouvee,
        vu=vu,
        element=element_du_quartier(edition, vu),
        dessin=_dessin(vu),
        chiffres=chiffres_ici(acteur, edition, vu),
        appels_ici=appels_ici(acteur, edition, trouvee.lieu),
        projets_ici=projets_ici(acteur, edition.contrat, trouvee.lieu),
    )


@require_safe
@acces(tous)
def affiche(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """La page à punaiser : une feuille A4 par quartier."""
    edition = edition_courante(request, contrat)
    adresse = request.build_absolute_uri(request.path.removesuffix("a-punaiser.pdf"))
    return a_emporter(trouver(affiche_du_quartier, acteur_de(request), edition, code, adresse))


def _dessin(vu: lecture.QuartierVu) -> Dessin | None:
    """Rend le quartier dessiné dans sa commune, ou rien sans contour."""
    formes = formes_du_plan(vu)
    return dessiner(formes) if formes else None
