"""Ce que lisent toutes les pages de qui étudie : le contrat, le dossier."""

from django.http import HttpRequest

from parvis.cadre.models import Contrat
from parvis.cadre.vues import edition_courante
from parvis.comptes.acces import acteur_de
from parvis.dossiers.models import Dossier
from parvis.instruction.queries.dossiers import dossier_a_etudier
from parvis.socle.vues import trouver


def contrat_lu(request: HttpRequest, code: str) -> Contrat:
    """Rend un contrat que tout le monde lit ; lève Http404."""
    return edition_courante(request, code).contrat


def dossier_lu(request: HttpRequest, contrat: str, pk: int) -> Dossier:
    """Rend un dossier que l'acteur étudie ; lève Http404 pour tout autre."""
    return trouver(dossier_a_etudier, acteur_de(request), contrat_lu(request, contrat), pk)
