"""Ce que des subventions votées totalisent, en tout, par financeur et par quartier.

Un dossier ne dit pas combien va à chacun de ses quartiers. On ne l'invente pas : sa somme compte entière
dans chacun, et l'on dit combien de cette somme sert aussi ailleurs. Le total, lui, ne compte qu'une fois.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")
PARTOUT, AILLEURS = "partout", "sans-quartier"


@dataclass(frozen=True)
class Financement:
    """Une demande votée, telle que tout le monde la lit."""

    pk: int
    dossier: int
    projet: int
    titre: str
    exercice: int
    # La valeur qui choisit ce financeur dans l'adresse, et son nom.
    financeur: str
    nom_du_financeur: str
    porteur: int
    nom_du_porteur: str
    vote: Decimal
    vote_le: date
    verse: Decimal = ZERO
    est_en_nature: bool = False
    est_partout: bool = False
    fiches: list[str] = field(default_factory=list)
    # Code, puis nom : des quartiers nommés, et des communes nommées ou qui les contiennent.
    quartiers: dict[str, str] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)

    @property
    def lieux(self) -> list[str]:
        """Rend où choisir cette ligne parmi les quartiers : nommés, ou tout le territoire, ou aucun."""
        if self.est_partout:
            return [PARTOUT]
        return list(self.quartiers) or [AILLEURS]

    @property
    def est_partage(self) -> bool:
        """Dit si cette somme sert à plusieurs quartiers."""
        return not self.est_partout and len(self.quartiers) > 1


@dataclass
class Total:
    """Des subventions additionnées : l'argent voté et versé, l'aide en nature à part."""

    lignes: int = 0
    vote: Decimal = ZERO
    verse: Decimal = ZERO
    nature: Decimal = ZERO
    # Ce que l'argent voté compte aussi dans un autre quartier.
    partage: Decimal = ZERO
    projets: set[int] = field(default_factory=set)

    def ajouter(self, ligne: Financement) -> None:
        """Ajoute une ligne ; une salle prêtée n'est pas de l'argent."""
        self.lignes += 1
        self.projets.add(ligne.projet)
        if ligne.est_en_nature:
            self.nature += ligne.vote
            return
        self.vote += ligne.vote
        self.verse += ligne.verse
        if ligne.est_partage:
            self.partage += ligne.vote


def total(lignes: Iterable[Financement]) -> Total:
    """Rend ce que ces lignes font ensemble, chacune comptée une fois."""
    rendu = Total()
    for ligne in lignes:
        rendu.ajouter(ligne)
    return rendu


def par(
    lignes: Iterable[Financement], cles: Callable[[Financement], Sequence[str]]
) -> dict[str, Total]:
    """Rend le total de chaque valeur, le plus d'argent d'abord ; une ligne compte entière dans chacune."""
    sommes: dict[str, Total] = defaultdict(Total)
    for ligne in lignes:
        for cle in dict.fromkeys(cles(ligne)):
            sommes[cle].ajouter(ligne)
    return dict(sorted(sommes.items(), key=lambda une: (-une[1].vote, -une[1].nature, une[0])))


def par_financeur(lignes: Iterable[Financement]) -> dict[str, Total]:
    return par(lignes, lambda ligne: [ligne.financeur])


def par_quartier(lignes: Iterable[Financement]) -> dict[str, Total]:
    """Rend le total de chaque quartier, puis du territoire entier et de ce qui n'en nomme aucun."""
    sommes = par(lignes, lambda ligne: ligne.lieux)
    larges = {cle: sommes.pop(cle) for cle in (PARTOUT, AILLEURS) if cle in sommes}
    return sommes | larges
