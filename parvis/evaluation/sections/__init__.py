"""Les sections d'un bilan : ce qu'elles demandent, ce qu'elles disent, ce qui leur manque."""

from parvis.evaluation.sections.budget import (
    ANNEXE,
    VIDES,
    BudgetRealise,
    LigneRealisee,
    lire_le_budget_realise,
    neuves_de,
)
from parvis.evaluation.sections.jugement import (
    Contexte,
    SectionJugee,
    fin_demandee,
    habitants,
    issue_de,
    juger,
    lire,
)
from parvis.evaluation.sections.table import CODES, PIECES, sections_du_bilan

__all__ = [
    "ANNEXE",
    "CODES",
    "PIECES",
    "VIDES",
    "BudgetRealise",
    "Contexte",
    "LigneRealisee",
    "SectionJugee",
    "fin_demandee",
    "habitants",
    "issue_de",
    "juger",
    "lire",
    "lire_le_budget_realise",
    "neuves_de",
    "sections_du_bilan",
]
