"""Régions d'une page : texte courant, cellules de tableau, colonnes ; et ce qui s'y mesure."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from .lignes import Ligne

ETROITE = 13.0  # en cadratins
_COLLENT_A_DROITE = frozenset(":;!?»%…),.")
_COLLENT_A_GAUCHE = frozenset("«(")


@dataclass(slots=True)
class Region:
    """Lignes lues d'un trait, entre deux bords ; `cle` nomme la colonne qu'elles partagent."""

    lignes: list[Ligne]
    gauche: float
    droite: float
    cle: tuple
    cellule: bool = False
    etalee: bool = False  # cellule qui tient toute la largeur du tableau
    page: int = 1

    @property
    def etroite(self) -> bool:
        """Dit si la région est la colonne d'un tableau où tiennent à peine quelques mots."""
        corps = self.lignes[0].corps if self.lignes else 10.0
        return self.cellule and self.droite - self.gauche < ETROITE * corps

    @property
    def texte(self) -> str:
        """Rend le texte nu de la région."""
        return " ".join(ligne.texte for ligne in self.lignes)


@dataclass(slots=True)
class Rangee:
    """Rangée d'un tableau : une région par cellule, `None` sous une cellule qui continue."""

    cellules: list[Region | None]
    haut: float
    tracee: bool = True  # un filet la sépare de la précédente
    fermee: bool = True  # un filet la sépare de la suivante


@dataclass(slots=True)
class Tableau:
    """Rangées d'un tableau, à sa place dans la page."""

    rangees: list[Rangee]
    haut: float
    colonnes: int
    # étiquettes et contenus d'un tableau sans filets, bande par bande, avant d'être partagés
    bandes: list[tuple[Region, Region, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Contenu:
    """Ce qu'une page donne à lire, de haut en bas, puis ses notes."""

    numero: int
    elements: list[Region | Tableau] = field(default_factory=list)
    notes: list[tuple[int, list[Ligne]]] = field(default_factory=list)

    def regions(self) -> list[Region]:
        """Rend toutes les régions, celles des cellules comprises."""
        resultat: list[Region] = []
        for element in self.elements:
            if isinstance(element, Region):
                resultat.append(element)
            else:
                resultat += [c for r in element.rangees for c in r.cellules if c is not None]
        return resultat


def premier_bloc(ligne: Ligne) -> float:
    """Rend la largeur de ce qui, en tête de ligne, ne pouvait pas être coupé."""
    fin = 0
    while fin + 1 < len(ligne.mots):
        suivant, courant = ligne.mots[fin + 1].texte, ligne.mots[fin].texte
        lie = not ligne.blancs[fin + 1]
        if not (lie or suivant in _COLLENT_A_DROITE or courant in _COLLENT_A_GAUCHE):
            break
        fin += 1
    return ligne.mots[fin].x1 - ligne.mots[0].x0


def largeur_d_espace(ligne: Ligne) -> float:
    """Rend la largeur d'une espace dans une ligne."""
    ecarts = [
        suivant.x0 - mot.x1
        for blanc, mot, suivant in zip(ligne.blancs[1:], ligne.mots, ligne.mots[1:], strict=False)
        if blanc == " "
    ]
    return median(ecarts) if ecarts else 0.3 * ligne.corps


def commence_par_une_suite(ligne: Ligne) -> bool:
    """Dit si une ligne commence comme une suite de phrase : minuscule ou ponctuation."""
    premier = ligne.mots[0].texte[:1]
    return premier.islower() or premier in ",;)»%:?!&/"
