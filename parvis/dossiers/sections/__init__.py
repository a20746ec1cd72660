"""Les sections d'un dossier : ce qu'elles demandent, comment on lit ce qu'elles disent."""

from parvis.cadre.sections import empreinte
from parvis.dossiers.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.dossiers.sections.saisie import (
    Faute,
    etat,
    fautes,
    garder,
    lu,
    manques,
    vide,
)
from parvis.dossiers.sections.table import sections_du_dossier

__all__ = [
    "Champ",
    "Faute",
    "Ligne",
    "Section",
    "Valeur",
    "empreinte",
    "etat",
    "fautes",
    "garder",
    "lu",
    "manques",
    "sections_du_dossier",
    "vide",
]
