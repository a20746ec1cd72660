"""Les appels à projets, les projets, leurs dossiers et leurs demandes."""

from parvis.dossiers.models.appel import Appel, VersionDAppel
from parvis.dossiers.models.appel_ailleurs import Alerte, AppelAilleurs
from parvis.dossiers.models.contenu_d_appel import (
    FicheDAppel,
    FinanceurDAppel,
    LigneDAppel,
    PieceDAppel,
    QuestionDAppel,
)

# Tout ce qu'une version publiée fige ; les déclencheurs de sql/ portent sur les mêmes tables.
CONTENU_D_APPEL = (LigneDAppel, FinanceurDAppel, FicheDAppel, PieceDAppel, QuestionDAppel)

__all__ = [
    "CONTENU_D_APPEL",
    "Alerte",
    "Appel",
    "AppelAilleurs",
    "FicheDAppel",
    "FinanceurDAppel",
    "LigneDAppel",
    "PieceDAppel",
    "QuestionDAppel",
    "VersionDAppel",
]
