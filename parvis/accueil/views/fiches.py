"""La liste des fiches, une fiche, le tableau croisé, la recherche."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.accueil.views.communs import QUESTION_MAXIMALE, fiches_choisies
from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.comparaison import autres_editions
from parvis.cadre.queries.croisement import croisement as croiser
from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.appels import appels_ouverts_pour_la_fiche
from parvis.dossiers.queries.ici import projets_de_la_fiche
from parvis.orientation.queries.recherche import chercher
from parvis.socle.vues import trouver


@require_safe
@acces(tous)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les fiches, par pilier, financeur, opérateur, dispositif, public, lieu et mots."""
    edition = edition_courante(request, contrat)
    choix = fiches_choisies(request, edition)
    gabarit = "accueil/fiches.html" + ("#resultats" if est_un_fragment(request) else "")
    return page(
        request,
        gabarit,
        edition,
        filtres=choix.filtres,
        mots=choix.mots,
        fiches=choix.liste.fiches,
        facettes=choix.liste.facettes,
        nombre=len(choix.liste.fiches),
        total=choix.liste.total,
        adresse_sans_mots=choix.filtres.sans("mots").adresse,
    )


@require_safe
@acces(tous)
def fiche(request: HttpRequest, contrat: str, numero: str) -> HttpResponse:
    """Une fiche dans l'édition courante."""
    return _fiche(request, edition_courante(request, contrat), numero)


@require_safe
@acces(tous)
def permanente(request: HttpRequest, contrat: str, edition: str, numero: str) -> HttpResponse:
    """Une fiche à son adresse permanente, celle que l'on cite."""
    trouvee = trouver(lecture.edition_publiee, acteur_de(request), contrat, edition)
    return _fiche(request, trouvee, numero, est_permanente=True)


def _fiche(
    request: HttpRequest, edition: Edition, numero: str, est_permanente: bool = False
) -> HttpResponse:
    acteur = acteur_de(request)
    version = trouver(lecture.fiche, acteur, edition, numero)
    avant, apres = lecture.voisines(acteur, edition, version)
    permanente = reverse("accueil:permanente", args=(edition.contrat.code, edition.code, numero))
    return page(
        request,
        "accueil/fiche.html",
        edition,
        fiche=version,
        groupes_de_dispositifs=lecture.groupes_de_dispositifs(version),
        avant=avant,
        apres=apres,
        adresse_permanente=request.build_absolute_uri(permanente),
        est_permanente=est_permanente,
        autres_editions=autres_editions(acteur, version),
        appels_ouverts=appels_ouverts_pour_la_fiche(acteur, edition.contrat, version.fiche),
        projets_ici=projets_de_la_fiche(acteur, edition.contrat, version.fiche),
    )


@require_safe
@acces(tous)
def croisement(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le tableau croisé des fiches et des financeurs."""
    edition = edition_courante(request, contrat)
    tableau = croiser(acteur_de(request), edition)
    return page(request, "accueil/croisement.html", edition, tableau=tableau)


@require_safe
@acces(tous)
def recherche(request: HttpRequest, contrat: str) -> HttpResponse:
    """La recherche dans tout le contrat : fiches, enjeux, partenaires, dispositifs."""
    edition = edition_courante(request, contrat)
    question = request.GET.get("q", "").strip()[:QUESTION_MAXIMALE]
    gabarit = "accueil/recherche.html" + ("#resultats" if est_un_fragment(request) else "")
    resultat = chercher(acteur_de(request), edition, question)
    return page(request, gabarit, edition, recherche=resultat)
