"""Les projets d'un organisme, année par année, pour ceux qui y agissent et pour le pilote qui les reçoit."""

from dataclasses import dataclass

from django.db.models import Q

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.lecture import editions_courantes
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.permissions import agit_pour
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.projets_visibles import (
    AnneeVisible,
    ProjetVisible,
    projets_visibles,
)
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres


@dataclass(frozen=True)
class ProjetsDUnContrat:
    """Les projets d'un organisme dans un contrat : par année, la dernière d'abord."""

    contrat: Contrat
    annees: list[tuple[int, list[tuple[ProjetVisible, AnneeVisible]]]]
    a_des_reserves: bool


def organisme_a_lire(acteur: Acteur, pk: int) -> Organisme:
    """Rend un organisme dont l'acteur lit des projets : le sien, ou tous pour un pilote.

    Lève Organisme.DoesNotExist pour tout autre. Un doublon rend l'organisme gardé.
    """
    trouve = Organisme.objects.select_related("fusionne_dans").get(pk=pk).retenu
    if not (agit_pour(acteur, trouve) or acteur.a_le_role(Role.PILOTE)):
        raise Organisme.DoesNotExist
    return trouve


def editions_pour(acteur: Acteur, organisme: Organisme) -> list[Edition]:
    """Rend l'édition courante des contrats où l'acteur lit les projets d'un organisme, par titre.

    Tous les contrats publiés pour qui y agit ; pour un pilote, celui qu'il conduit.
    """
    toutes = sorted(editions_courantes(acteur), key=lambda edition: edition.contrat.titre)
    if agit_pour(acteur, organisme):
        return toutes
    return [e for e in toutes if acteur.a_le_role(Role.PILOTE, contrat=e.contrat.code)]


def projets_d_un_organisme(
    acteur: Acteur, contrat: Contrat, organisme: Organisme
) -> ProjetsDUnContrat:
    """Rend les projets qu'un organisme porte dans un contrat, et que l'acteur lit, année par année.

    Le nombre de requêtes ne dépend pas des projets.
    """
    siens = membres(organisme)
    portes = Q(projet__porteur__in=siens) | Q(projet__structure_porteuse__in=siens)
    trouves = projets_visibles(acteur, contrat, Dossier.objects.filter(portes))
    par_annee: dict[int, list[tuple[ProjetVisible, AnneeVisible]]] = {}
    for projet in trouves:
        for annee in projet.annees:
            par_annee.setdefault(annee.annee, []).append((projet, annee))
    return ProjetsDUnContrat(
        contrat,
        sorted(par_annee.items(), reverse=True),
        any(not projet.est_public for projet in trouves),
    )
