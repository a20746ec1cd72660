"""Noms de lieux connus d'une lecture : territoires livrés et communes que le document nomme lui-même."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from .lexique import charger_lexique, charger_territoires
from .texte import cle

_COMPOSE = re.compile(
    r"\b[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]+(?:-(?:le|la|les|sur|sous|en|de|du|des|l'|lès|aux?))+"
    r"-[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]+(?:-[A-ZÀ-Þ][\wÀ-ÿ]+)*"
)
_APRES_A = re.compile(
    r"\b(?:à|À) ((?:(?:La|Le|Les) |L['’])?[A-ZÀ-ÖØ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þa-zà-ÿ]+)*)(?![\w'’-])"
)
_ARTICLES = frozenset(("la", "le", "l", "les", "aux", "du", "des"))


@dataclass
class Gazette:
    """Lieux connus : clé comparable → (nom, territoire, type)."""

    lieux: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)

    def ajouter(self, graphie: str, nom: str, territoire: str | None, type_: str) -> None:
        """Ajoute une graphie, sans remplacer une graphie déjà connue."""
        if cle(graphie) not in _ARTICLES:  # un article seul ne nomme aucun lieu
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


def gazette(texte: str, nommer: Callable[[Gazette], None] = lambda gazette: None) -> Gazette:
    """Rend les lieux connus pour un document : ceux qu'il nomme et ceux des territoires livrés.

    `nommer` ajoute ceux des rubriques de territoires : ils l'emportent sur ce que le texte fait deviner.
    """
    lieux = Gazette()
    for territoire in charger_territoires():
        if _concerne(territoire, texte):
            _ajouter_territoire(lieux, territoire)
    lexique = charger_lexique("lieux")
    for nom in lexique["departements"]:
        if "-" in nom:  # « Nord », « Manche », « Lot » seuls sont trop ambigus
            lieux.ajouter(nom, nom, nom, "departement")
    for nom in lexique["regions"]:
        lieux.ajouter(nom, nom, nom, "region")
    nommer(lieux)
    for nom in Counter(_COMPOSE.findall(texte)):
        lieux.ajouter(nom, nom, nom, "commune")
        lieux.ajouter(nom.split("-")[0], nom, nom, "commune")
    for nom in {m for m in _APRES_A.findall(texte) if cle(m.split("-")[0]) not in jamais_lieux()}:
        seul = not re.search(r"[ '’]", nom)
        if seul or re.search(rf"\b(?:[Vv]ille|[Cc]ommune) de {re.escape(nom)}\b", texte):
            lieux.ajouter(nom, nom, nom, "commune")
        else:  # « à La Roseraie » : une commune ou un quartier, rien ne le dit
            lieux.ajouter(nom, nom, None, "autre")
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
