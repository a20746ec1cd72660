"""Ce que chaque service fait d'un dossier : avis, notes, échanges, qui s'en charge, qui s'en retire."""

from parvis.instruction.models.avis import Avis, Consultation, Proposition
from parvis.instruction.models.echanges import Echange
from parvis.instruction.models.equipe import Deport, DerniereLecture, LienDeclare, PriseEnCharge
from parvis.instruction.models.grille import Note

# Ce qui s'ajoute sans jamais se reprendre ; les déclencheurs de sql/ portent sur les mêmes tables.
AJOUT_SEUL = (Avis, Proposition)

__all__ = [
    "AJOUT_SEUL",
    "Avis",
    "Consultation",
    "Deport",
    "DerniereLecture",
    "Echange",
    "LienDeclare",
    "Note",
    "PriseEnCharge",
    "Proposition",
]
