"""Le territoire d'un contrat, et ce qui, dans un dossier, est en dehors."""

from django.db.models import QuerySet

from parvis.cadre.models import Contrat
from parvis.cadre.queries.rapprochements import epci_du_contrat
from parvis.dossiers.models import Dossier, LieuDeDossier
from parvis.territoires.models import Commune, Quartier


def communes_du_contrat(contrat: Contrat) -> QuerySet[Commune]:
    """Rend les communes où le contrat s'applique ; aucune si son territoire n'est pas connu."""
    epci = epci_du_contrat(contrat)
    return epci.communes.order_by("nom") if epci else Commune.objects.none()


def quartiers_du_contrat(contrat: Contrat) -> QuerySet[Quartier]:
    """Rend les quartiers du territoire du contrat, tous millésimes, le plus récent d'abord."""
    communes = communes_du_contrat(contrat)
    return Quartier.objects.filter(communes__in=communes).distinct().order_by("-millesime", "nom")


def hors_du_contrat(dossier: Dossier) -> list[str]:
    """Rend le nom des lieux d'un dossier que son contrat ne couvre pas, s'il a un territoire connu."""
    contrat = dossier.appel.contrat
    communes = set(communes_du_contrat(contrat).values_list("pk", flat=True))
    if not communes:
        return []
    lieux = dossier.lieux.select_related("commune", "quartier").prefetch_related(
        "quartier__communes"
    )
    return [str(lieu) for lieu in lieux if not communes & _communes_du_lieu(lieu)]


def _communes_du_lieu(lieu: LieuDeDossier) -> set[int]:
    """Rend la commune d'un lieu, ou celles de son quartier."""
    if lieu.quartier is None:
        return {lieu.commune_id} if lieu.commune_id else set()
    return {commune.pk for commune in lieu.quartier.communes.all()}
