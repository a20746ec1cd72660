"""Les mots d'un cas de la matrice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fabriques.comptes import Monde

CONNECTES = frozenset({"connectés"})
PERSONNE: frozenset[str] = frozenset()
ABSENT = 9_999_999


@dataclass(frozen=True)
class Objet:
    """Une adresse précise, et ceux à qui elle s'ouvre."""

    nom: str
    kwargs: dict[str, Any]
    ouvert_a: frozenset[str]


@dataclass(frozen=True)
class Cas:
    """Les méthodes d'une adresse et ses objets, bâtis dans un monde."""

    methodes: tuple[str, ...]
    objets: Callable[[Monde], list[Objet]]
    # Ce que le formulaire envoie, quand un envoi vide ne mène à rien.
    champs: Callable[[Monde], dict[str, Any]] = lambda monde: {}


ADMIN = "administrateur"
LECTURE, ECRITURE, LES_DEUX = ("get",), ("post",), ("get", "post")
