"""Dater ce qu'il advient d'un bilan : une pièce plus haute le fait, dans la transaction de son acte."""

from collections.abc import Collection
from datetime import date

from parvis.dossiers.models import BilanAttendu, Dossier


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
) -> None:
    """Date ce qu'il advient d'un bilan déjà inscrit ; `attendu_le` repousse son jour.

    Sans `rendu_le`, il est de nouveau attendu.
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


def ne_plus_attendre(*, attendus: Collection[int]) -> int:
    """Retire des bilans attendus que rien ne demande plus, s'ils ne sont pas rendus ; rend leur nombre."""
    retires, _ = BilanAttendu.objects.filter(pk__in=attendus, rendu_le__isnull=True).delete()
    return retires
