"""L'accueil d'un contrat, son sommaire, ses piliers, ses enjeux, ses éditions."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.accueil.views.orientation import saisie
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.queries import lecture
from parvis.cadre.queries.filtres import Filtres, choisir
from parvis.cadre.vues import edition_courante, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.appels import appels_ouverts
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.socle.vues import trouver


@require_safe
@acces(tous)
def accueil(request: HttpRequest, contrat: str) -> HttpResponse:
    """L'accueil : chercher, lire le contrat, partir d'un financeur ou d'un public."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    liste = choisir(acteur, edition, Filtres())
    financeurs = lecture.partenaires_par_presence(acteur, edition, RoleDePartenaire.FINANCEUR)
    return page(
        request,
        "accueil/accueil.html",
        edition,
        piliers=lecture.sommaire(acteur, edition),
        financeurs=list(financeurs),
        publics=next(f.options for f in liste.facettes if f.nom == "public"),
        nombres=lecture.nombres(acteur, edition),
        hors_contrat=list(edition.sujets_hors_contrat.all()),
        appels_ouverts=appels_ouverts(acteur, edition.contrat),
        **saisie(request, edition),
    )


@require_safe
@acces(tous)
def sommaire(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le sommaire entier : piliers, enjeux, fiches."""
    edition = edition_courante(request, contrat)
    return page(
        request,
        "accueil/sommaire.html",
        edition,
        piliers=lecture.sommaire(acteur_de(request), edition),
        editions=list(lecture.editions_publiees(acteur_de(request), contrat)),
        hors_contrat=list(edition.sujets_hors_contrat.all()),
    )


@require_safe
@acces(tous)
def pilier(request: HttpRequest, contrat: str, slug: str) -> HttpResponse:
    """Un pilier, ses enjeux et leurs fiches."""
    edition = edition_courante(request, contrat)
    trouve = trouver(lecture.pilier, acteur_de(request), edition, slug)
    return page(request, "accueil/pilier.html", edition, pilier=trouve)


@require_safe
@acces(tous)
def enjeu(request: HttpRequest, contrat: str, numero: str) -> HttpResponse:
    """Un enjeu et ses fiches, ou celles qui lui répondent à travers le contrat."""
    edition = edition_courante(request, contrat)
    trouve = trouver(lecture.enjeu, acteur_de(request), edition, numero)
    return page(request, "accueil/enjeu.html", edition, enjeu=trouve)


@require_safe
@acces(tous)
def edition(request: HttpRequest, contrat: str, edition: str) -> HttpResponse:
    """Une édition publiée, à son adresse permanente."""
    acteur = acteur_de(request)
    trouvee = trouver(lecture.edition_publiee, acteur, contrat, edition)
    return page(
        request,
        "accueil/sommaire.html",
        trouvee,
        piliers=lecture.sommaire(acteur, trouvee),
        editions=list(lecture.editions_publiees(acteur, contrat)),
        hors_contrat=list(trouvee.sujets_hors_contrat.all()),
        est_permanente=True,
        frise=frise(
            f"edition:{edition}",
            contrat=contrat,
            regard=Regard.PUBLIC,
            avant=request.GET.get("avant", ""),
        ),
    )
