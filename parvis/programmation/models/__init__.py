"""L'argent que l'on programme : les enveloppes, ce qui s'y prend, et ce que chaque financeur décide."""

from parvis.programmation.models.decisions import Decision, LigneDeDecision
from parvis.programmation.models.enveloppes import Enveloppe, Imputation, Mouvement

__all__ = ["Decision", "Enveloppe", "Imputation", "LigneDeDecision", "Mouvement"]
