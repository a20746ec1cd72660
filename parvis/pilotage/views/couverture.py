"""Ce que le contrat couvre, et ce qui manque : fiches, lieux, publics, droit commun, sujets."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.lecture import edition_courante
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.comptes.acteur import Acteur
from parvis.evaluation.enums import Recours
from parvis.evaluation.queries import couverture_des_publics as cp
from parvis.evaluation.queries import droit_commun as dc
from parvis.evaluation.queries import tableaux_de_couverture as tc
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.programmation.queries.postes import postes_du_contrat
from parvis.socle.listes import emporter
from parvis.socle.tableaux import Cellule
from parvis.socle.vues import trouver


def lire(request: HttpRequest, contrat: str) -> tuple[Contrat, tc.Lecture]:
    """Rend le contrat que conduit la personne, et ce qu'elle en compte ; lève Http404 pour tout autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    edition = trouver(edition_courante, acteur, contrat)
    return conduit, tc.lecture(acteur, conduit, edition)


def _page(
    request: HttpRequest, conduit: Contrat, edition: Edition, onglet: str, **dit: Any
) -> HttpResponse:
    contexte = {"contrat": conduit, "edition": edition, "onglet": onglet, **dit}
    return render(request, f"pilotage/couverture_{onglet}.html", contexte)


@require_safe
@acces(pilotes)
def fiches(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les fiches en face des exercices : celles que rien ne sert d'abord."""
    conduit, lue = lire(request, contrat)
    return _page(
        request,
        conduit,
        lue.edition,
        "fiches",
        lue=lue,
        tableau=tc.couverture_des_fiches(lue),
        postes=postes_du_contrat(conduit),
    )


@require_safe
@acces(pilotes)
def lieux(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les quartiers en face des piliers, un exercice : ceux que rien ne touche d'abord."""
    conduit, lue = lire(request, contrat)
    exercice = lue.exercice(request.GET.get("exercice", ""))
    tableau = tc.couverture_des_lieux(lue, conduit, exercice) if exercice else None
    return _page(
        request, conduit, lue.edition, "lieux", lue=lue, tableau=tableau, exercice=exercice
    )


@require_safe
@acces(pilotes)
def publics(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les publics comptés en face des fiches, un exercice : ceux que le contrat vise en vain d'abord."""
    conduit, lue = lire(request, contrat)
    exercice = lue.exercice(request.GET.get("exercice", ""))
    tableau = cp.couverture_des_publics(lue, exercice) if exercice else None
    return _page(
        request, conduit, lue.edition, "publics", lue=lue, tableau=tableau, exercice=exercice
    )


@require_safe
@acces(pilotes)
def sujets(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les sujets qui traversent le contrat, et l'enjeu que ne porte aucune fiche."""
    conduit, lue = lire(request, contrat)
    exercice = lue.exercice(request.GET.get("exercice", ""))
    suivis = cp.couverture_des_sujets(acteur_de(request), lue, exercice or 0)
    return _page(request, conduit, lue.edition, "sujets", lue=lue, sujets=suivis, exercice=exercice)


@require_safe
@acces(pilotes)
def droit_commun(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les financeurs, les dispositifs et les partenaires que le contrat nomme et que rien ne mobilise."""
    conduit, lue = lire(request, contrat)
    lu = dc.droit_commun(acteur_de(request), conduit, lue.edition, lue.juge())
    return _page(
        request,
        conduit,
        lue.edition,
        "droit_commun",
        lue=lue,
        lu=lu,
        financeurs=dc.tous_les_recours(un for fiche in lu.fiches for un in fiche.financeurs),
        dispositifs=dc.tous_les_recours(un for fiche in lu.fiches for un in fiche.dispositifs),
        Recours=Recours,
    )


@require_safe
@acces(pilotes)
def emporte(request: HttpRequest, contrat: str, tableau: str, extension: str) -> HttpResponse:
    """Un tableau de la couverture, en CSV ou en XLSX."""
    if tableau not in TABLEAUX:
        raise Http404
    conduit, lue = lire(request, contrat)
    exercice = lue.exercice(request.GET.get("exercice", "")) or 0
    colonnes, lignes = TABLEAUX[tableau](acteur_de(request), conduit, lue, exercice)
    return emporter(f"{contrat}-couverture-{tableau}", extension, colonnes, lignes)


Emporte = tuple[Sequence[str], list[tuple[Cellule, ...]]]


def _les_fiches(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    return tc.COLONNES_DES_FICHES, tc.tableau_des_fiches(tc.couverture_des_fiches(lue))


def _les_lieux(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    lus = tc.couverture_des_lieux(lue, contrat, exercice)
    return tc.COLONNES_DES_LIEUX, tc.tableau_des_lieux(lus)


def _les_publics(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    lus = cp.couverture_des_publics(lue, exercice)
    return cp.COLONNES_DES_PUBLICS, cp.tableau_des_publics(lus)


def _le_droit_commun(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    lu = dc.droit_commun(acteur, contrat, lue.edition, lue.juge())
    return dc.COLONNES, dc.tableau_du_droit_commun(lu.fiches)


def _les_partenaires(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    lu = dc.droit_commun(acteur, contrat, lue.edition, lue.juge())
    return dc.COLONNES_DES_PARTENAIRES, dc.tableau_des_partenaires(lu.partenaires)


def _les_sujets(acteur: Acteur, contrat: Contrat, lue: tc.Lecture, exercice: int) -> Emporte:
    lus = cp.couverture_des_sujets(acteur, lue, exercice)
    return cp.COLONNES_DES_SUJETS, cp.tableau_des_sujets(lus, exercice)


TABLEAUX: dict[str, Callable[[Acteur, Contrat, tc.Lecture, int], Emporte]] = {
    "fiches": _les_fiches,
    "lieux": _les_lieux,
    "publics": _les_publics,
    "droit-commun": _le_droit_commun,
    "partenaires": _les_partenaires,
    "sujets": _les_sujets,
}
