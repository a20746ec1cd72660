"""Les bilans : ce qui s'est vraiment passé, rendu une fois pour tous les financeurs."""

from parvis.evaluation.models.bilan import Bilan, EcritureDeBilan, PieceDeBilan, RappelDeBilan
from parvis.evaluation.models.decharge import Decharge
from parvis.evaluation.models.rendu import ComplementDeBilan, PartDuCoutReel, VersionDeBilan
from parvis.evaluation.models.retrait import RetraitDeFichier

__all__ = [
    "Bilan",
    "ComplementDeBilan",
    "Decharge",
    "EcritureDeBilan",
    "PartDuCoutReel",
    "PieceDeBilan",
    "RappelDeBilan",
    "RetraitDeFichier",
    "VersionDeBilan",
]
