"""Les habitants touchés : des nombres par quartier, par âge, femmes et hommes ; jamais un nom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Les tranches du dossier, puis les âges que l'on n'a pas demandés.
TRANCHES = {
    "0_5": "0 à 5 ans",
    "6_11": "6 à 11 ans",
    "12_17": "12 à 17 ans",
    "18_25": "18 à 25 ans",
    "26_64": "26 à 64 ans",
    "65": "65 ans et plus",
    "inconnu": "Âge inconnu",
}
GENRES = {"f": "Femmes et filles", "h": "Hommes et garçons"}
AILLEURS = "ailleurs"
# La seule case d'un projet dont on ne sait pas les quartiers.
SANS_LIEU = "tout"


def code_de_la_case(lieu: str, tranche: str, genre: str) -> str:
    """Rend le nom du champ d'une case : un lieu, une tranche d'âge, un genre."""
    return f"{lieu}-{tranche}-{genre}"


@dataclass
class Compte:
    """Des femmes et des hommes ; leur somme est le nombre de personnes."""

    f: int = 0
    h: int = 0

    @property
    def tout(self) -> int:
        return self.f + self.h

    def ajouter(self, genre: str, combien: int) -> None:
        """Ajoute des personnes d'un genre."""
        setattr(self, genre, getattr(self, genre) + combien)


@dataclass
class Habitants:
    """Les personnes touchées, en tout, par lieu et par tranche d'âge."""

    tout: Compte = field(default_factory=Compte)
    par_lieu: dict[str, Compte] = field(default_factory=dict)
    par_tranche: dict[str, Compte] = field(default_factory=dict)


def compter(cases: Mapping[tuple[str, str, str], int]) -> Habitants:
    """Rend les totaux d'une grille (lieu, tranche, genre) → personnes ; chacun est compté une fois."""
    lus = Habitants()
    for (lieu, tranche, genre), combien in cases.items():
        for compte in (
            lus.tout,
            lus.par_lieu.setdefault(lieu, Compte()),
            lus.par_tranche.setdefault(tranche, Compte()),
        ):
            compte.ajouter(genre, combien)
    return lus
