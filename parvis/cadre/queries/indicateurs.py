"""Les indicateurs qu'un contrat propose de compter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from parvis.cadre.models import Contrat, Edition, Indicateur, VersionDeFiche
from parvis.comptes.acteur import Acteur


@dataclass(frozen=True)
class IndicateursDUneFiche:
    """Une fiche de l'édition en vigueur, ou toutes (`version` est vide), et ce qui s'y compte."""

    version: VersionDeFiche | None
    indicateurs: list[Indicateur]


def indicateurs(acteur: Acteur, contrat: Contrat) -> QuerySet[Indicateur]:
    """Rend les indicateurs que le contrat propose aujourd'hui, fiche par fiche."""
    return Indicateur.objects.filter(contrat=contrat, retire_le__isnull=True).select_related(
        "fiche"
    )


def indicateurs_des_fiches(
    acteur: Acteur, contrat: Contrat, fiches: Iterable[int]
) -> list[Indicateur]:
    """Rend ce qui se compte pour ces fiches, puis ce qui se compte pour toutes."""
    siens = Q(fiche__in=list(fiches)) | Q(fiche__isnull=True)
    trouves = indicateurs(acteur, contrat).filter(siens)
    return sorted(trouves, key=lambda i: (i.fiche is None, i.fiche.numero if i.fiche else "", i.pk))


def par_fiche(acteur: Acteur, contrat: Contrat, edition: Edition) -> list[IndicateursDUneFiche]:
    """Rend chaque fiche de l'édition et ses indicateurs, ceux de toutes les fiches d'abord."""
    ranges: dict[int | None, list[Indicateur]] = {}
    for indicateur in indicateurs(acteur, contrat):
        ranges.setdefault(indicateur.fiche_id, []).append(indicateur)
    versions = edition.versions.select_related("fiche", "enjeu__pilier").order_by("rang")
    return [
        IndicateursDUneFiche(None, ranges.get(None, [])),
        *(IndicateursDUneFiche(v, ranges.get(v.fiche_id, [])) for v in versions),
    ]
