"""Noms de lieux connus d'une lecture : territoires livrés et communes que le document nomme lui-même."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from .lexique import charger_lexique, charger_territoires
from .texte import cle

_COMPOSE = re.compile(
    r"\b[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]+(?:-(?:le|la|les|sur|sous|en|de|du|des|l'|lès|aux?))+"
    r"-[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]+(?:-[A-ZÀ-Þ][\wÀ-ÿ]+)*"
)
_APRES_A = re.compile(r"\b(?:à|À) ([A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þa-zà-ÿ]+)*)(?![\w'’-])")


@dataclass
class Gazette:
    """Lieux connus : clé comparable → (nom, territoire, type)."""

    lieux: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)

    def ajouter(self, graphie: str, nom: str, territoire: str | None, type_: str) -> None:
        """Ajoute une graphie, sans remplacer une graphie déjà connue."""
        self.lieux.setdefault(cle(graphie), (nom, territoire, type_))

    def trouver(self, graphie: str) -> tuple[str, str | None, str] | None:
        """Rend (nom, territoire, type) d'un lieu connu, sinon rien."""
        return self.lieux.get(cle(graphie))

    def commune(self, graphie: str) -> str | None:
        """Rend le nom complet d'une commune connue, sinon rien."""
        lieu = self.trouver(graphie)
        return lieu[0] if lieu is not None and lieu[2] == "commune" else None


@cache
def jamais_lieux() -> frozenset[str]:
    """Rend les mots capitalisés qui ne commencent jamais un nom de lieu."""
    return frozenset(cle(mot) for mot in charger_lexique("lieux")["jamais_lieux"])


def gazette(texte: str) -> Gazette:
    """Rend les lieux connus pour un document : ceux qu'il nomme et ceux des territoires livrés."""
    lieux = Gazette()
    composees = Counter(_COMPOSE.findall(texte))
    simples = {m for m in _APRES_A.findall(texte) if cle(m.split("-")[0]) not in jamais_lieux()}
    for territoire in charger_territoires():
        if _concerne(territoire, texte):
            _ajouter_territoire(lieux, territoire)
    lexique = charger_lexique("lieux")
    for nom in lexique["departements"]:
        if "-" in nom:  # « Nord », « Manche », « Lot » seuls sont trop ambigus
            lieux.ajouter(nom, nom, nom, "departement")
    for nom in lexique["regions"]:
        lieux.ajouter(nom, nom, nom, "region")
    for nom in composees:
        lieux.ajouter(nom, nom, nom, "commune")
        lieux.ajouter(nom.split("-")[0], nom, nom, "commune")
    for nom in simples:
        lieux.ajouter(nom, nom, nom, "commune")
    return lieux


def _concerne(territoire: dict, texte: str) -> bool:
    return any(commune["nom"] in texte for commune in territoire["communes"])


def _ajouter_territoire(lieux: Gazette, territoire: dict) -> None:
    par_insee = {}
    court = territoire["nom"].split("agglomération ")[-1]
    for graphie in territoire.get("alias", []):
        if graphie.isupper():
            lieux.ajouter(graphie, court, court, "agglomeration")
    for commune in territoire["communes"]:
        par_insee[commune["insee"]] = commune["nom"]
        for graphie in [commune["nom"], *commune.get("alias", [])]:
            lieux.ajouter(graphie, commune["nom"], commune["nom"], "commune")
    for quartiers in territoire.get("quartiers", {}).values():
        for quartier in quartiers:
            communes = [par_insee.get(code, code) for code in quartier["communes"]]
            for graphie in [quartier["nom"], *quartier.get("alias", [])]:
                lieux.ajouter(graphie, quartier["nom"], ", ".join(communes), "quartier")
