"""Ce qui n'est pas dépensé de chaque subvention : une proposition, la convention en décide.

Le coût prévu se ramène d'abord à ce qui a été obtenu : une subvention refusée, ou réduite, n'a pas à
être dépensée. Chaque financeur porte le coût réel au prorata de ce qu'il avait voté dans ce total, et
jamais plus que ce qu'il a voté. Ce qu'il a versé au-delà n'est pas dépensé :

    part = voté × coût réel ÷ coût prévu, au plus le voté
    non dépensé = versé − part, au moins zéro
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from fractions import Fraction

ZERO = Decimal("0.00")
CENTIME = Decimal("0.01")


@dataclass(frozen=True)
class Subvention:
    """Ce qu'un financeur a voté et versé, en argent."""

    financeur: str
    vote: Decimal
    verse: Decimal
    # Ce que le porteur dit avoir reçu, tant que le financeur n'a rien noté.
    est_declare: bool = False
    # La demande, en base.
    demande: int = 0


@dataclass(frozen=True)
class PartDepensee:
    """Ce que le coût réel laisse à la charge d'un financeur, et ce qui n'est pas dépensé."""

    financeur: str
    vote: Decimal
    verse: Decimal
    part: Decimal
    est_declare: bool = False
    demande: int = 0

    @property
    def non_depense(self) -> Decimal:
        """Rend ce qui a été versé au-delà de la part ; jamais négatif, jamais plus que le versé."""
        return max(ZERO, self.verse - self.part)


def prevu_obtenu(prevu: Decimal, *, refuse: Decimal, vote: Decimal) -> Decimal:
    """Rend le coût prévu, ramené à ce qui a été obtenu ; jamais moins que ce qui est voté."""
    return max(prevu - refuse, vote) if prevu > 0 else prevu


def part_du_cout_reel(*, vote: Decimal, prevu: Decimal, reel: Decimal) -> Decimal:
    """Rend la part du coût réel qui revient à un financeur, au centime au-dessus.

    Sans coût prévu, rien ne se partage : sa part est tout ce qu'il a voté.
    """
    if prevu <= 0 or reel >= prevu:
        return vote
    exacte = Fraction(vote) * Fraction(max(reel, ZERO)) / Fraction(prevu)
    # Le centime qui ne se partage pas reste à l'association : la somme ne dépasse jamais l'excédent.
    centimes, reste = divmod(exacte.numerator * 100, exacte.denominator)
    arrondie = Decimal(centimes + (1 if reste else 0)) * CENTIME
    return min(vote, arrondie.quantize(CENTIME, ROUND_UP))


def parts_depensees(
    subventions: Iterable[Subvention], *, prevu: Decimal, reel: Decimal
) -> list[PartDepensee]:
    """Rend, financeur par financeur, sa part du coût réel et ce qui n'est pas dépensé."""
    return [
        PartDepensee(
            s.financeur,
            s.vote,
            s.verse,
            part_du_cout_reel(vote=s.vote, prevu=prevu, reel=reel),
            s.est_declare,
            s.demande,
        )
        for s in subventions
    ]


def total_non_depense(parts: Iterable[PartDepensee]) -> Decimal:
    """Rend ce qui n'est pas dépensé, tous financeurs réunis."""
    return sum((part.non_depense for part in parts), ZERO)
