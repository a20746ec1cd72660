"""Les codes que l'État donne aux contrats de ville dans les fichiers qu'il publie."""

import csv
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from parvis.socle.texte import mots

# Ce qui précède le nom d'une intercommunalité.
_SORTES = frozenset({"ca", "cc", "cu", "com", "d", "de", "des", "du", "l", "la", "le", "les"})


@dataclass(frozen=True)
class CodeNational:
    """Un code (« CV357 »), le contrat qu'il nomme (« 94 - CA Seine Amont »), ses années."""

    code: str
    nom: str
    periode: str

    def __str__(self) -> str:
        return f"{self.code}, {self.nom} ({self.periode})"


@lru_cache(maxsize=1)
def codes_nationaux() -> dict[str, CodeNational]:
    """Rend tous les codes publiés, du fichier livré."""
    fichier = settings.DOSSIER_DONNEES / "territoires" / "contrats-de-ville.csv"
    with fichier.open(encoding="utf-8", newline="") as lignes:
        return {ligne["code"]: CodeNational(**ligne) for ligne in csv.DictReader(lignes)}


def codes_ressemblants(texte: str) -> list[CodeNational]:
    """Rend les codes dont tous les mots du nom sont dans ce texte : un contrat s'y reconnaît."""
    dits = set(mots(texte))
    return [code for code in codes_nationaux().values() if _significatifs(code.nom) <= dits]


def _significatifs(nom: str) -> set[str]:
    """Rend les mots d'un nom après son département, sans la sorte d'intercommunalité."""
    return set(mots(nom.partition(" - ")[2])) - _SORTES
