"""Ce que lisent toutes les pages du porteur : le contrat, le dossier, la section."""

from django.http import HttpRequest

from parvis.cadre.models import Contrat
from parvis.cadre.vues import edition_courante
from parvis.comptes.acces import acteur_de
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.dossiers import dossier as un_dossier
from parvis.dossiers.queries.taches import sections_ouvertes
from parvis.dossiers.sections import Section
from parvis.socle.vues import trouver


def contrat_lu(request: HttpRequest, code: str) -> Contrat:
    """Rend un contrat que tout le monde lit ; lève Http404."""
    return edition_courante(request, code).contrat


def dossier_lu(request: HttpRequest, contrat: str, pk: int) -> Dossier:
    """Rend un dossier que l'acteur lit comme porteur ; lève Http404 pour tout autre."""
    return trouver(un_dossier, acteur_de(request), contrat_lu(request, contrat), pk)


def section_lue(dossier: Dossier, code: str) -> Section:
    """Rend une section qui se remplit ; lève Http404 si ce dossier n'en a pas de ce nom."""

    def lire() -> Section:
        ouvertes = sections_ouvertes(dossier)
        if code not in ouvertes:
            raise Dossier.DoesNotExist
        return ouvertes[code]

    return trouver(lire)


def sans_role(request: HttpRequest) -> bool:
    """Dit si la personne n'agit pour aucun organisme : il lui faut d'abord trouver le sien."""
    return acteur_de(request).organisme is None
