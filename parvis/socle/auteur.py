"""Ce que les pièces basses retiennent de qui agit, sans connaître les comptes."""

from dataclasses import dataclass
from typing import Protocol


class Auteur(Protocol):
    """Identifiants et noms imprimés d'une personne et de l'organisme pour lequel elle agit."""

    @property
    def utilisateur_identifiant(self) -> str: ...

    @property
    def utilisateur_nom(self) -> str: ...

    @property
    def organisme_identifiant(self) -> str: ...

    @property
    def organisme_nom(self) -> str: ...


@dataclass(frozen=True)
class Machine:
    """Une commande lancée par un exploitant : le journal retient son nom."""

    utilisateur_nom: str
    utilisateur_identifiant: str = ""
    organisme_identifiant: str = ""
    organisme_nom: str = ""
