"""Qui finance quoi, dans quel quartier : les subventions votées, pour tout le monde."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.cadre.models import Edition
from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.conventions.queries import financements as lectures
from parvis.socle.graphique import Barre, Echelle, Graduation, barres, echelle, graduer
from parvis.socle.listes import choix, contexte_de_liste, emporter
from parvis.socle.templatetags.socle import nombre
from parvis.socle.vues import trouver


@dataclass(frozen=True)
class Graphique:
    """Des postes et leurs barres : le tableau est le graphique."""

    lignes: list[tuple[lectures.Poste, Barre | None]]
    regle: Echelle
    # Une somme n'a pas de moyenne à quoi se comparer.
    repere: None = None

    @property
    def graduations(self) -> list[Graduation]:
        return graduer(self.regle, lambda valeur: f"{nombre(Decimal(f'{valeur:.10g}'))}\u00a0€")

    @property
    def zero(self) -> float:
        return self.regle.pour_cent(0)


@require_safe
@acces(tous)
def financements(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les subventions que choisit l'adresse, leurs totaux, par financeur et par quartier."""
    edition = edition_courante(request, contrat)
    gabarit = "accueil/financements.html" + ("#resultats" if est_un_fragment(request) else "")
    return page(request, gabarit, edition, **_contexte(request, edition, choix(request)))


@require_safe
@acces(tous)
def tableau(request: HttpRequest, contrat: str, vue: str, extension: str) -> HttpResponse:
    """Une des vues, en CSV ou en XLSX : toutes les lignes choisies, les financeurs, les quartiers."""
    edition = edition_courante(request, contrat)
    lue = _explorer(request, edition, choix(request))
    if vue == "subventions":
        colonnes, lignes = lectures.COLONNES, lectures.tableau(lue.lignes)
    elif vue == "financeurs":
        colonnes = lectures.COLONNES_DES_FINANCEURS
        lignes = lectures.tableau_des_postes(lue.financeurs, avec_le_partage=False)
    elif vue == "quartiers":
        colonnes = lectures.COLONNES_DES_QUARTIERS
        lignes = lectures.tableau_des_postes(lue.quartiers, avec_le_partage=True)
    else:
        raise Http404
    return emporter(f"{contrat}-{vue}", extension, colonnes, lignes)


@require_safe
@acces(tous)
def porteur(request: HttpRequest, contrat: str, porteur: int) -> HttpResponse:
    """Un porteur : ce que chaque financeur lui a voté dans ce contrat, au fil des ans."""
    edition = edition_courante(request, contrat)
    acteur, jour = acteur_de(request), timezone.localdate()
    trouve = trouver(lectures.porteur_finance, acteur, edition.contrat, porteur, jour=jour)
    reperes = {nom: choix(request).get(nom, "") for nom in ("apres", "avant")}
    contexte = _contexte(request, edition, {"porteur": str(porteur)} | reperes)
    annees = lectures.par_exercice(contexte["vue"].lignes)
    contexte |= {
        "porteur": trouve,
        "annees": _graphique(annees),
        "filtres": f"porteur={porteur}",
        "sans_porteur": True,
    }
    return page(request, "accueil/porteur.html", edition, **contexte)


def _explorer(
    request: HttpRequest, edition: Edition, demandes: Mapping[str, str]
) -> lectures.Exploration:
    jour = timezone.localdate()
    return lectures.explorer(acteur_de(request), edition.contrat, demandes, jour=jour)


def _contexte(
    request: HttpRequest, edition: Edition, demandes: Mapping[str, str]
) -> dict[str, Any]:
    lue = _explorer(request, edition, demandes)
    lus = lue.page(apres=demandes.get("apres", ""), avant=demandes.get("avant", ""))
    return contexte_de_liste(request, lus, lue.facettes) | {
        "vue": lue,
        "est_choisie": len(lue.lignes) != lue.nombre,
        "tris": list(lectures.TRIS.items()),
        "financeurs": _graphique(lue.financeurs),
        "quartiers": _graphique(lue.quartiers),
    }


def _graphique(postes: Sequence[lectures.Poste]) -> Graphique:
    sommes = [float(poste.total.vote) for poste in postes]
    regle = echelle(sommes)
    return Graphique(list(zip(postes, barres(sommes, regle), strict=True)), regle)
