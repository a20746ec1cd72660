"""Ce que chaque financeur, opérateur ou dispositif peut faire à travers le contrat."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.queries import lecture
from parvis.cadre.queries.filtres import Filtres, choisir
from parvis.cadre.queries.rapprochements import organismes_du_partenaire
from parvis.cadre.vues import edition_courante, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.partenaires import (
    appels_de_l_operateur,
    appels_du_financeur,
    projets_portes_par,
)
from parvis.socle.vues import trouver


@require_safe
@acces(tous)
def financeurs(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les financeurs du contrat."""
    return _partenaires(request, contrat, RoleDePartenaire.FINANCEUR)


@require_safe
@acces(tous)
def financeur(request: HttpRequest, contrat: str, slug: str) -> HttpResponse:
    """Un financeur : les fiches qu'il peut soutenir, ses dispositifs."""
    return _partenaire(request, contrat, RoleDePartenaire.FINANCEUR, slug)


@require_safe
@acces(tous)
def operateurs(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les opérateurs du contrat."""
    return _partenaires(request, contrat, RoleDePartenaire.OPERATEUR)


@require_safe
@acces(tous)
def operateur(request: HttpRequest, contrat: str, slug: str) -> HttpResponse:
    """Un opérateur : les fiches où il peut agir, ses dispositifs."""
    return _partenaire(request, contrat, RoleDePartenaire.OPERATEUR, slug)


def _partenaires(request: HttpRequest, contrat: str, role: str) -> HttpResponse:
    edition = edition_courante(request, contrat)
    liste = list(lecture.partenaires(acteur_de(request), edition, role))
    return page(request, "accueil/partenaires.html", edition, role=role, partenaires=liste)


def _partenaire(request: HttpRequest, contrat: str, role: str, slug: str) -> HttpResponse:
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    trouve = trouver(lecture.partenaire, acteur, edition, role, slug)
    lignes = list(lecture.lignes_du_partenaire(acteur, edition, trouve, role))
    organismes = organismes_du_partenaire(acteur, trouve, timezone.localdate())
    if role == RoleDePartenaire.FINANCEUR:
        appels = appels_du_financeur(acteur, trouve, organismes)
    else:
        fiches = [ligne.version.fiche_id for ligne in lignes]
        appels = appels_de_l_operateur(acteur, edition.contrat, fiches)
    degres = {ligne.get_degre_display() for ligne in lignes}
    facettes = choisir(acteur, edition, Filtres(**{role: slug})).facettes
    return page(
        request,
        "accueil/partenaire.html",
        edition,
        role=role,
        partenaire=trouve,
        organismes=organismes,
        appels=appels,
        projets=projets_portes_par(acteur, edition.contrat, organismes),
        lignes=lignes,
        degre_commun=degres.pop() if len(degres) == 1 else "",
        dispositifs=list(lecture.dispositifs_du_partenaire(acteur, edition, trouve)),
        autre_role=lecture.tient_aussi(acteur, edition, trouve, role),
        publics=[o for f in facettes if f.nom == "public" for o in f.options if o.nombre],
    )


@require_safe
@acces(tous)
def dispositifs(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les dispositifs que le contrat cite."""
    edition = edition_courante(request, contrat)
    liste = list(lecture.dispositifs(acteur_de(request), edition))
    return page(request, "accueil/dispositifs.html", edition, dispositifs=liste)


@require_safe
@acces(tous)
def dispositif(request: HttpRequest, contrat: str, slug: str) -> HttpResponse:
    """Un dispositif : son responsable, sa validité, ce qu'en dit chaque fiche."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    trouve = trouver(lecture.dispositif, acteur, edition, slug)
    lignes = list(lecture.lignes_du_dispositif(acteur, edition, trouve))
    return page(request, "accueil/dispositif.html", edition, dispositif=trouve, lignes=lignes)
