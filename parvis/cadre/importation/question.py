"""Une question de lecture : ce que l'on demande, où cela se lit, et la réponse que l'on propose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .texte import cle

QUESTIONS_MAX = 60
# Ce que l'on réunit quand il y en a trop, du moins important à répondre seul au plus important.
_A_REUNIR = ("type", "public", "responsable", "faute", "renvoi", "graphie", "partenaire", "puces")


@dataclass(frozen=True, slots=True)
class Lieu:
    """Où un élément se lit : la fiche (vide hors des fiches) et la ligne."""

    fiche: str
    ligne: int


@dataclass(frozen=True, slots=True)
class Element:
    """Ce que l'on demande d'une même chose : ce qui est imprimé, ce que l'on propose, et où."""

    cle: str
    imprime: str
    proposition: str
    lieux: tuple[Lieu, ...]

    @property
    def ligne(self) -> int:
        """Rend la première ligne où l'élément se lit."""
        return self.lieux[0].ligne

    @property
    def fiches(self) -> tuple[str, ...]:
        """Rend les numéros des fiches où l'élément se lit, une fois chacun."""
        return tuple(dict.fromkeys(lieu.fiche for lieu in self.lieux if lieu.fiche))


@dataclass(frozen=True, slots=True)
class Question:
    """Une question : sa nature, et un ou plusieurs éléments."""

    nature: str
    elements: tuple[Element, ...]

    @property
    def cle(self) -> str:
        """Rend la clé de la question : celle de son premier élément."""
        return self.elements[0].cle

    @property
    def propose(self) -> bool:
        """Dit si l'on propose une réponse : sinon accepter et refuser diraient la même chose."""
        return any(element.proposition for element in self.elements)

    @property
    def nombre(self) -> int:
        """Rend le nombre d'endroits que la réponse change."""
        return sum(len(element.lieux) for element in self.elements)

    @property
    def fiches(self) -> tuple[str, ...]:
        """Rend les numéros des fiches concernées, une fois chacun, dans l'ordre."""
        return tuple(dict.fromkeys(numero for e in self.elements for numero in e.fiches))


def cle_de_responsable(nom: str, propose: str) -> str:
    """Rend la clé d'un dispositif dont on doute du responsable, la même dans toutes les fiches."""
    return f"responsable:{cle(nom)[:200]}:{cle(propose)[:100]}"


def cle_de_publics(texte: str) -> str:
    """Rend la clé d'une rubrique de publics que rien ne reconnaît, la même dans toutes les fiches."""
    return f"public:{cle(texte)[:80]}"


def borner(groupes: list[Question]) -> list[Question]:
    """Réunit les dernières questions d'une même nature quand elles sont trop nombreuses."""
    resultat = list(groupes)
    for nature in _A_REUNIR:
        if len(resultat) <= QUESTIONS_MAX:
            break
        reunies = [q for q in resultat if q.nature == nature]
        if len(reunies) > 1:
            rang = resultat.index(reunies[0])
            resultat = [q for q in resultat if q.nature != nature]
            elements = tuple(e for q in reunies for e in q.elements)
            resultat.insert(rang, Question(nature, elements))
    return resultat


def reunir(elements: Iterable[Element]) -> list[Element]:
    """Réunit les éléments de même clé : « 14 fois le même nom » est une question."""
    reunis: dict[str, Element] = {}
    for element in elements:
        deja = reunis.get(element.cle)
        lieux = (*deja.lieux, *element.lieux) if deja else element.lieux
        premier = deja or element
        reunis[element.cle] = Element(premier.cle, premier.imprime, premier.proposition, lieux)
    return list(reunis.values())
