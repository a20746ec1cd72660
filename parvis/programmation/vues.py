"""Ce que les pages du tableau de programmation partagent : celle du financeur, celle du pilote."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acteur_de
from parvis.programmation.queries.tableau import Tableau, tableau
from parvis.programmation.queries.tableau_choix import TRIS
from parvis.programmation.queries.tableau_exports import colonnes, lignes
from parvis.programmation.rules.tableau import SEUIL_DE_CONVENTION, Ligne
from parvis.socle.listes import choix, emporter

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


def emporter_le_tableau(request: HttpRequest, contrat: Contrat, extension: str) -> HttpResponse:
    """Rend les dossiers choisis en CSV ou en XLSX ; lève Http404 pour toute autre extension."""
    lu = lire_le_tableau(request, contrat)
    nom = f"{contrat.code}-programmation-{lu.exercice}"
    return emporter(nom, extension, colonnes(lu), lignes(lu))


def morceaux_du_tableau(contexte: dict[str, Any], ligne: Ligne) -> dict[str, str]:
    """Rend ce qui a changé à l'écran après une case : sa rangée, et tout ce qui se recompte."""
    contexte = contexte | {"ligne": ligne}
    return {
        nom: render_to_string(f"programmation/_{nom}.html", contexte)
        for nom in ("rangee", *_MORCEAUX)
    }
