"""L'écart entre le prévu et le réalisé, et quand il demande une explication."""

from dataclasses import dataclass
from decimal import Decimal

from parvis.dossiers.rules.budget import pourcentage

ZERO = Decimal("0.00")
# Le formulaire demande d'expliquer les écarts significatifs sans dire lesquels. Ces deux seuils sont les
# nôtres : au-delà de 10 %, et de 300 €, pour ne pas faire expliquer trois ramettes de papier.
PART_A_EXPLIQUER = Decimal(10)
MONTANT_A_EXPLIQUER = Decimal(300)


@dataclass(frozen=True)
class Ecart:
    """Le prévu, le réalisé, et ce qui les sépare, en euros."""

    prevu: Decimal
    realise: Decimal

    @property
    def montant(self) -> Decimal:
        """Rend le réalisé moins le prévu : négatif quand il y a moins que prévu."""
        return self.realise - self.prevu

    @property
    def part(self) -> Decimal | None:
        """Rend l'écart en % du prévu, signé ; rien quand rien n'était prévu."""
        return pourcentage(self.montant, self.prevu)

    @property
    def taux(self) -> Decimal | None:
        """Rend le réalisé en % du prévu, comme le formulaire le demande ; rien sans prévu."""
        return pourcentage(self.realise, self.prevu)

    @property
    def est_a_expliquer(self) -> bool:
        """Dit si l'écart demande une explication : grand en euros, et en part du prévu."""
        combien = abs(self.montant)
        if combien <= MONTANT_A_EXPLIQUER:
            return False
        return not self.prevu or combien * 100 > self.prevu * PART_A_EXPLIQUER
