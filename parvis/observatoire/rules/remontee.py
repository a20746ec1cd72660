"""Faire la valeur d'un ensemble de territoires à partir des leurs."""

from collections.abc import Sequence
from decimal import Decimal

from parvis.observatoire.enums import Remontee

QUATRE_DECIMALES = Decimal("0.0001")


def remonter(
    remontee: str, valeurs: Sequence[Decimal | None], poids: Sequence[Decimal | None] = ()
) -> Decimal | None:
    """Rend la somme ou la moyenne pondérée des valeurs ; rien s'il en manque une, ou un poids.

    Une série qui ne s'additionne pas n'a pas de valeur d'ensemble.
    """
    if remontee == Remontee.AUCUNE or not valeurs:
        return None
    connues = [valeur for valeur in valeurs if valeur is not None]
    if len(connues) < len(valeurs):
        return None
    if remontee == Remontee.SOMME:
        return sum(connues, Decimal(0))
    peses = [p for p in poids if p is not None]
    if len(peses) < len(valeurs) or not sum(peses):
        return None
    total = sum((v * p for v, p in zip(connues, peses, strict=True)), Decimal(0))
    return (total / sum(peses, Decimal(0))).quantize(QUATRE_DECIMALES)


def est_un_petit_nombre(taux: Decimal, population: Decimal, seuil: int) -> bool:
    """Dit si un taux, en pour cent d'une population, ou son complément, désigne trop peu de personnes."""
    personnes = (taux * population / 100).to_integral_value()
    return any(0 < nombre < seuil for nombre in (personnes, population - personnes))
