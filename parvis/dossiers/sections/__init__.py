"""Les sections d'un dossier : ce qu'elles demandent, comment on lit ce qu'elles disent."""

from parvis.cadre.sections import empreinte
from parvis.dossiers.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.dossiers.sections.jugement import Reperes, est_ouverte, etat_juge, juger
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
from parvis.dossiers.sections.textes import ChampChange, ce_qui_change, en_texte

__all__ = [
    "Champ",
    "ChampChange",
    "Faute",
    "Ligne",
    "Reperes",
    "Section",
    "Valeur",
    "ce_qui_change",
    "empreinte",
    "en_texte",
    "est_ouverte",
    "etat",
    "etat_juge",
    "fautes",
    "garder",
    "juger",
    "lu",
    "manques",
    "sections_du_dossier",
    "vide",
]
