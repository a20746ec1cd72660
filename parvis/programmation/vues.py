"""Ce que les pages du tableau de programmation partagent : celle du financeur, celle du pilote."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acteur_de
from parvis.programmation.models import Seance
from parvis.programmation.queries.dossiers_de_seance import dossiers_de_la_seance
from parvis.programmation.queries.dossiers_demandes import dossier_demande
from parvis.programmation.queries.tableau import Tableau, tableau
from parvis.programmation.queries.tableau_choix import TRIS
from parvis.programmation.queries.tableau_exports import Suites, colonnes, lignes
from parvis.programmation.rules.tableau import SEUIL_DE_CONVENTION, Ligne
from parvis.socle.listes import choix, emporter
from parvis.socle.vues import trouver

_MORCEAUX = ("pied", "totaux", "avertissements")


def lire_le_tableau(request: HttpRequest, contrat: Contrat) -> Tableau:
    """Rend le tableau que l'adresse choisit, tel que l'acteur le voit."""
    return tableau(acteur_de(request), contrat, choix(request), annee=timezone.localdate().year)


def contexte_du_tableau(
    request: HttpRequest, contrat: Contrat, lu: Tableau, espace: str
) -> dict[str, Any]:
    """Rend ce qu'attendent les gabarits du tableau ; `espace` est celui où l'on lit un dossier."""
    choisis = choix(request)
    return {
        "contrat": contrat,
        "tableau": lu,
        "espace": espace,
        "facettes": lu.facettes,
        "tris": TRIS.items(),
        "tri": choisis.get("tri", ""),
        "est_filtree": any(dit for nom, dit in choisis.items() if nom not in ("exercice", "tri")),
        "filtres": request.GET.urlencode(),
        "seuil": SEUIL_DE_CONVENTION,
    }


# Ce que fait la page d'un dossier de séance, du même nom dans chaque espace.
_GESTES_DU_DOSSIER = {
    "page": "dossier_de_seance",
    "demander": "demander_le_dossier",
    "annuler": "annuler_le_dossier",
    "prendre": "prendre_le_dossier",
}


def emporter_le_tableau(
    request: HttpRequest,
    contrat: Contrat,
    extension: str,
    suites_de: Callable[[int], Suites],
) -> HttpResponse:
    """Rend les dossiers choisis en CSV ou en XLSX ; lève Http404 pour toute autre extension.

    `suites_de` rend, pour l'exercice lu, les colonnes qu'une pièce plus haute y ajoute.
    """
    lu = lire_le_tableau(request, contrat)
    nom = f"{contrat.code}-programmation-{lu.exercice}"
    suites = suites_de(lu.exercice)
    return emporter(nom, extension, colonnes(lu, suites), lignes(lu, suites))


def morceaux_du_tableau(contexte: dict[str, Any], ligne: Ligne) -> dict[str, str]:
    """Rend ce qui a changé à l'écran après une case : sa rangée, et tout ce qui se recompte."""
    contexte = contexte | {"ligne": ligne}
    return {
        nom: render_to_string(f"programmation/_{nom}.html", contexte)
        for nom in ("rangee", *_MORCEAUX)
    }


def montrer_le_dossier_de_seance(request: HttpRequest, lue: Seance, espace: str) -> HttpResponse:
    """Rend la page du dossier d'une séance, dans l'espace de qui le demande, ou son seul avancement."""
    acteur = acteur_de(request)
    demande = trouver(dossier_demande, acteur, lue)
    contrat = lue.reunion.instance.contrat
    contexte = {
        "contrat": contrat,
        "seance": lue,
        "reunion": lue.reunion,
        "nombre": len(dossiers_de_la_seance(acteur, lue)),
        "demande": demande,
        "adresses": {
            geste: reverse(f"{espace}:{nom}", args=[contrat.code, lue.pk])
            for geste, nom in _GESTES_DU_DOSSIER.items()
        },
    }
    if not request.headers.get("HX-Request"):
        return render(request, f"{espace}/dossier_de_seance.html", contexte)
    reponse = render(request, "programmation/_dossier_de_seance.html#progression", contexte)
    if demande is None or not demande.travail.est_ouvert:
        reponse.headers["HX-Refresh"] = "true"
    return reponse
