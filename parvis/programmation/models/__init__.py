"""L'argent que l'on programme : les enveloppes, ce qui s'y prend, et ce que chaque financeur décide."""

from parvis.programmation.models.decisions import Decision, LigneDeDecision
from parvis.programmation.models.enveloppes import Enveloppe, Imputation, Mouvement
from parvis.programmation.models.postes import PosteAide
from parvis.programmation.models.scenarios import LigneDeScenario, Scenario
from parvis.programmation.models.seances import (
    ApportDeSeance,
    Arbitrage,
    DeportDeSeance,
    PointDeSeance,
    Seance,
)

__all__ = [
    "ApportDeSeance",
    "Arbitrage",
    "Decision",
    "DeportDeSeance",
    "Enveloppe",
    "Imputation",
    "LigneDeDecision",
    "LigneDeScenario",
    "Mouvement",
    "PointDeSeance",
    "PosteAide",
    "Scenario",
    "Seance",
]
