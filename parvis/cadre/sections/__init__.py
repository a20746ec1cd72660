"""Les sections d'un brouillon : ce qu'elles tiennent, ce qu'elles acceptent, comment on les lit."""

from parvis.cadre.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.cadre.sections.saisie import Faute, Saisie, garder, lire_la_saisie
from parvis.cadre.sections.table import SECTIONS
from parvis.cadre.sections.textes import dire_un_nombre, empreinte, en_texte

__all__ = [
    "SECTIONS",
    "Champ",
    "Faute",
    "Ligne",
    "Saisie",
    "Section",
    "Valeur",
    "dire_un_nombre",
    "empreinte",
    "en_texte",
    "garder",
    "lire_la_saisie",
]
