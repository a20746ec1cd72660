"""Dater ce qu'il advient d'un bilan : une pièce plus haute le fait, dans la transaction de son acte."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import BilanAttendu, Demande, Dossier


def attendre_un_bilan(
    *, dossier: Dossier, exercice: int, sorte: str, attendu_le: date
) -> BilanAttendu:
    """Inscrit le bilan qu'un dossier doit pour un exercice ; déjà inscrit, garde son jour."""
    attendu, _ = BilanAttendu.objects.get_or_create(
        dossier=dossier, exercice=exercice, sorte=sorte, defaults={"attendu_le": attendu_le}
    )
    return attendu


def dater_le_bilan(
    *,
    dossier: Dossier,
    exercice: int,
    sorte: str,
    rendu_le: date | None,
    accepte_le: date | None = None,
    attendu_le: date | None = None,
    est_sans_realisation: bool = False,
    decharge: str = "",
    parts: Mapping[int, Decimal] | None = None,
) -> None:
    """Date ce qu'il advient d'un bilan déjà inscrit ; `attendu_le` repousse son jour.

    Sans `rendu_le`, il est de nouveau attendu. `parts`, par demande : ce que le coût réel laisse à sa
    charge, une fois accepté ; sans elles, plus rien ne borne ce qui se verse.
    """
    valeurs: dict[str, date | bool | str | None] = {
        "rendu_le": rendu_le,
        "accepte_le": accepte_le,
        "est_sans_realisation": est_sans_realisation,
        "decharge": decharge,
    }
    if attendu_le is not None:
        valeurs["attendu_le"] = attendu_le
    BilanAttendu.objects.filter(dossier=dossier, exercice=exercice, sorte=sorte).update(**valeurs)
    if sorte == SorteDeBilan.DEFINITIF:
        _garder_les_parts(dossier, exercice, parts or {})


def _garder_les_parts(dossier: Dossier, exercice: int, parts: Mapping[int, Decimal]) -> None:
    """Écrit sur chaque demande la part que lui laisse le bilan accepté, dans l'ordre de leurs verrous."""
    for demande in Demande.objects.filter(dossier=dossier, exercice=exercice).order_by("pk"):
        part = parts.get(demande.pk)
        if demande.part_du_bilan != part:
            Demande.objects.filter(pk=demande.pk).update(part_du_bilan=part)


def ne_plus_attendre(*, attendus: Collection[int]) -> int:
    """Retire des bilans attendus que rien ne demande plus, s'ils ne sont pas rendus ; rend leur nombre."""
    retires, _ = BilanAttendu.objects.filter(pk__in=attendus, rendu_le__isnull=True).delete()
    return retires
