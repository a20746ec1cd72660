"""Ce que les vues d'un contrat ont en commun."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.cadre.models import Edition
from parvis.cadre.queries import lecture
from parvis.cadre.queries.filtres import CRITERES, Filtres, ListeDeFiches, choisir
from parvis.comptes.acces import acteur_de
from parvis.orientation.queries.recherche import FichesTrouvees, fiches_qui_repondent
from parvis.socle.vues import trouver

QUESTION_MAXIMALE = 200
CHOIX_MAXIMUM = 10


def edition_courante(request: HttpRequest, contrat: str) -> Edition:
    """Rend l'édition que lit le visiteur ; lève Http404 si le contrat n'en a pas de publiée."""
    return trouver(lecture.edition_courante, acteur_de(request), contrat)


@dataclass(frozen=True)
class FichesChoisies:
    """Les filtres demandés, les fiches gardées, et la lecture des mots s'il y en a."""

    filtres: Filtres
    liste: ListeDeFiches
    mots: FichesTrouvees | None


def fiches_choisies(request: HttpRequest, edition: Edition) -> FichesChoisies:
    """Rend les filtres que porte l'adresse, les fiches qui y répondent, et comment les mots ont été lus."""
    acteur = acteur_de(request)
    demandes = {
        nom: tuple(valeur.strip()[:120] for valeur in request.GET.getlist(nom)[:CHOIX_MAXIMUM])
        for nom in CRITERES
    }
    filtres = Filtres(**demandes, mots=request.GET.get("mots", "").strip()[:QUESTION_MAXIMALE])
    trouvees = fiches_qui_repondent(acteur, edition, filtres.mots) if filtres.mots else None
    liste = choisir(acteur, edition, filtres, trouvees.numeros if trouvees else None)
    return FichesChoisies(filtres, liste, trouvees)


def page(request: HttpRequest, gabarit: str, edition: Edition, **contexte: Any) -> HttpResponse:
    """Rend une page du contrat, ou seulement son fragment quand HTMX le demande."""
    contexte |= {"edition": edition, "contrat": edition.contrat}
    reponse = render(request, gabarit, contexte)
    reponse.headers["Vary"] = "HX-Request"
    return reponse


def est_un_fragment(request: HttpRequest) -> bool:
    """Dit si HTMX demande un fragment ; un retour par l'historique redemande la page entière."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get(
        "HX-History-Restore-Request"
    )
