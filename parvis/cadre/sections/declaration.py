"""Ce qu'est une section : des champs, une ligne ou plusieurs.

Une valeur de section est un objet JSON (`{"titre": …}`), ou une liste d'objets quand la section
tient des lignes. Les champs `gardes` viennent de la lecture : ils suivent la ligne qui les porte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Ligne = dict[str, Any]
Valeur = Ligne | list[Ligne]
TEXTE_MAX = 60_000


@dataclass(frozen=True)
class Champ:
    """Un champ d'une section : son code, son libellé, sa sorte et sa longueur."""

    code: str
    libelle: str
    sorte: str = "ligne"  # ligne | texte | choix | entier | nombre | jour
    longueur: int = TEXTE_MAX
    est_obligatoire: bool = False
    choix: tuple[tuple[str, str], ...] = ()
    aide: str = ""
    suggere: str = ""  # partenaires | dispositifs : les noms que le contrat connaît déjà

    @property
    def vide(self) -> Any:
        """Rend ce que vaut le champ quand on n'y met rien."""
        return None if self.sorte in ("entier", "nombre", "jour") else ""


@dataclass(frozen=True)
class Section:
    """Une section et ses champs ; `cle` nomme celui qui distingue les lignes d'une liste."""

    code: str
    titre: str
    champs: tuple[Champ, ...]
    est_liste: bool = False
    cle: str = ""
    est_unique: bool = False  # deux lignes de même clé n'y sont pas permises
    gardes: Mapping[str, Any] = field(default_factory=dict)
    aide: str = ""
