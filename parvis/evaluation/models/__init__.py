"""Les bilans : ce qui s'est vraiment passé, rendu une fois pour tous les financeurs."""

from parvis.evaluation.models.bilan import Bilan, EcritureDeBilan, PieceDeBilan, RappelDeBilan
from parvis.evaluation.models.decharge import Decharge
from parvis.evaluation.models.rendu import ComplementDeBilan, VersionDeBilan

__all__ = [
    "Bilan",
    "ComplementDeBilan",
    "Decharge",
    "EcritureDeBilan",
    "PieceDeBilan",
    "RappelDeBilan",
    "VersionDeBilan",
]
