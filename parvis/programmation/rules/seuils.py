"""Les seuils que la loi fixe, chacun avec la date d'où il vaut et le texte qui le dit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

REFERENCE_DU_SEUIL = (
    "loi n° 2000-321 du 12 avril 2000, article 10, et décret n° 2001-495 du 6 juin 2001, "
    "article 1er"
)


@dataclass(frozen=True)
class Seuil:
    """Un montant, et le premier jour où il vaut."""

    depuis: date
    montant: Decimal


# Le plus récent d'abord. Le premier vaut aussi pour les exercices d'avant : ils ne se programment plus.
SEUILS_DE_CONVENTION = (Seuil(date(2001, 6, 10), Decimal(23_000)),)


def seuil_de_convention(jour: date) -> Decimal:
    """Rend, en euros, ce qu'il faut dépasser pour qu'une convention soit exigée ce jour-là."""
    valables = [s.montant for s in SEUILS_DE_CONVENTION if s.depuis <= jour]
    return valables[0] if valables else SEUILS_DE_CONVENTION[-1].montant
