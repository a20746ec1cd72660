"""Les bilans qu'un porteur doit : ceux qui manquent, et ce qu'ils arrêtent."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import BilanAttendu, Dossier, VersionDAppel
from parvis.dossiers.rules.bilans import (
    BilanManquant,
    EffetsDeBilan,
    avertissements_de_bilan,
    motifs_de_bilan_empechant_de_payer,
)
from parvis.organismes.queries import membres
from parvis.socle.templatetags.socle import jour as en_clair


def effets_de(version: VersionDAppel) -> EffetsDeBilan:
    """Rend ce que fait un bilan en retard, d'après l'appel."""
    return EffetsDeBilan(version.bilan_d_avant, version.bilan_de_plus_loin)


def bilans_en_retard(jour: date) -> QuerySet[BilanAttendu]:
    """Rend les bilans définitifs dont le jour est passé, et que personne n'a rendus."""
    return BilanAttendu.objects.filter(
        sorte=SorteDeBilan.DEFINITIF, rendu_le__isnull=True, attendu_le__lt=jour
    )


def bilans_manquants(dossier: Dossier, jour: date) -> list[BilanManquant]:
    """Rend les bilans que doit encore le porteur d'un dossier dans son contrat, le plus ancien d'abord.

    Ceux de tous ses projets : un financeur ne redonne pas à qui n'a pas rendu compte. Le dossier
    lui-même n'y est pas.
    """
    siens = Q(dossier__projet__porteur__in=membres(dossier.projet.porteur.retenu))
    trouves = (
        bilans_en_retard(jour)
        .filter(siens, dossier__projet__contrat=dossier.projet.contrat_id)
        .exclude(dossier=dossier.pk)
        .order_by("exercice", "attendu_le", "pk")
    )
    lus = trouves.values_list("exercice", "dossier__projet__titre", "attendu_le", "dossier")
    return [
        BilanManquant(exercice, titre, attendu, en_clair(attendu), pk)
        for exercice, titre, attendu, pk in lus
    ]


def motifs_de_bilan_empechant_de_payer_le_dossier(dossier: Dossier, jour: date) -> list[str]:
    """Rend pourquoi rien ne se verse encore sur un dossier, d'après son appel ; vide si rien ne manque."""
    return motifs_de_bilan_empechant_de_payer(
        bilans_manquants(dossier, jour), dossier.exercice, effets_de(dossier.version_d_appel)
    )


def avertissements_au_service(dossier: Dossier, jour: date) -> list[str]:
    """Rend ce qu'un service doit savoir des bilans du porteur avant d'étudier ce dossier."""
    effets = effets_de(dossier.version_d_appel)
    return avertissements_de_bilan(bilans_manquants(dossier, jour), dossier.exercice, effets)


def porteurs_en_retard(
    dossiers: QuerySet[Dossier], exercice: int, jour: date
) -> dict[int, list[tuple[int, int, date]]]:
    """Rend, par porteur retenu, le dossier, l'exercice et le jour de chaque bilan en retard.

    Ceux des porteurs de ces dossiers, pour un exercice d'avant ; une seule requête, quel que soit
    leur nombre.
    """
    retenu = Coalesce("dossier__projet__porteur__fusionne_dans", "dossier__projet__porteur")
    siens = dossiers.annotate(
        retenu=Coalesce("projet__porteur__fusionne_dans", "projet__porteur")
    ).values("retenu")
    lus = (
        bilans_en_retard(jour)
        .annotate(retenu=retenu)
        .filter(
            exercice__lt=exercice,
            retenu__in=siens,
            dossier__projet__contrat__in=dossiers.values("projet__contrat"),
        )
        .order_by("exercice", "attendu_le", "pk")
        .values_list("retenu", "dossier", "exercice", "attendu_le")
    )
    ranges: dict[int, list[tuple[int, int, date]]] = {}
    for porteur, *bilan in lus:
        ranges.setdefault(porteur, []).append(tuple(bilan))  # type: ignore[arg-type]
    return ranges


def derniers_bilans(dossier: Dossier) -> list[BilanAttendu]:
    """Rend les bilans du projet d'un dossier, le dernier exercice d'abord, le définitif avant l'autre."""
    siens = BilanAttendu.objects.filter(dossier__projet=dossier.projet_id)
    return list(
        siens.select_related("dossier__appel__contrat").order_by("-exercice", "sorte", "-pk")
    )


def bilans_du_projet(projets: Collection[int] | Iterable[int]) -> QuerySet[BilanAttendu]:
    """Rend les bilans attendus de ces projets, chacun avec son dossier."""
    return (
        BilanAttendu.objects.filter(dossier__projet__in=projets)
        .select_related("dossier")
        .order_by("attendu_le", "pk")
    )
