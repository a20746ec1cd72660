"""Les fiches que choisissent les filtres d'une adresse."""

from dataclasses import dataclass

from django.http import HttpRequest

from parvis.cadre.models import Edition
from parvis.cadre.queries.filtres import CRITERES, Filtres, ListeDeFiches, choisir
from parvis.comptes.acces import acteur_de
from parvis.orientation.queries.recherche import FichesTrouvees, fiches_qui_repondent

QUESTION_MAXIMALE = 200
CHOIX_MAXIMUM = 10


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
