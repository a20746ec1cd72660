"""Des filets aux tableaux : cases d'une grille, réunies quand aucun filet ne les sépare."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from .caracteres import Mot
from .filets import TOLERANCE, Filet

CASES_MAX = 4_000


@dataclass(slots=True)
class Cellule:
    """Case d'un tableau : sa place, ses mots, sa première rangée et sa première colonne."""

    x0: float
    x1: float
    bas: float
    haut: float
    rangee: int
    colonne: int
    colonnes: int
    mots: list[Mot] = field(default_factory=list)


@dataclass(slots=True)
class Grille:
    """Tableau tracé : ses abscisses, ses ordonnées (de haut en bas) et ses cellules."""

    xs: list[float]
    ys: list[float]
    cellules: list[Cellule]
    cases: list[list[int]]  # rang de la cellule de chaque case

    @property
    def haut(self) -> float:
        """Rend l'ordonnée du bord supérieur."""
        return self.ys[0]

    def cellule_de(self, x: float, y: float) -> Cellule | None:
        """Rend la cellule qui contient un point."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]):
            return None
        colonne = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        rangee = min(bisect_left([-autre for autre in self.ys[1:]], -y), len(self.ys) - 2)
        return self.cellules[self.cases[rangee][colonne]]


def grilles(filets: list[Filet]) -> list[Grille]:
    """Rend les tableaux que dessinent des filets, de haut en bas ; un tableau dans un autre tombe."""
    trouvees = [g for g in (_grille(groupe) for groupe in _ensembles(filets)) if g is not None]
    return sorted(
        (
            g
            for g in trouvees
            if not any(_contient(autre, g) for autre in trouvees if autre is not g)
        ),
        key=lambda g: -g.haut,
    )


def _contient(grande: Grille, petite: Grille) -> bool:
    return (
        grande.xs[0] < petite.xs[0] - 1
        and grande.xs[-1] > petite.xs[-1] + 1
        and grande.ys[0] > petite.ys[0] + 1
        and grande.ys[-1] < petite.ys[-1] - 1
    )


def _ensembles(filets: list[Filet]) -> list[list[Filet]]:
    """Groupe les filets qui se touchent."""
    parents = list(range(len(filets)))

    def racine(rang: int) -> int:
        while parents[rang] != rang:
            parents[rang] = parents[parents[rang]]
            rang = parents[rang]
        return rang

    debout = [i for i, f in enumerate(filets) if f.vertical]
    couches = [i for i, f in enumerate(filets) if not f.vertical]
    for i in debout:
        v = filets[i]
        for j in couches:
            h = filets[j]
            if (
                h.debut - TOLERANCE <= v.place <= h.fin + TOLERANCE
                and v.debut - TOLERANCE <= h.place <= v.fin + TOLERANCE
            ):
                parents[racine(i)] = racine(j)
    groupes: dict[int, list[Filet]] = {}
    for rang, filet in enumerate(filets):
        groupes.setdefault(racine(rang), []).append(filet)
    return list(groupes.values())


def _reperes(valeurs: list[float]) -> list[float]:
    resultat: list[float] = []
    for valeur in sorted(valeurs):
        if not resultat or valeur - resultat[-1] > TOLERANCE + 1:
            resultat.append(valeur)
    return resultat


def _grille(filets: list[Filet]) -> Grille | None:
    debout = [f for f in filets if f.vertical]
    couches = [f for f in filets if not f.vertical]
    if not debout or not couches:
        return None
    xs = _reperes([f.place for f in debout] + [b for f in couches for b in (f.debut, f.fin)])
    ys = _reperes([f.place for f in couches] + [b for f in debout for b in (f.debut, f.fin)])[::-1]
    largeur, hauteur = len(xs) - 1, len(ys) - 1
    if largeur < 2 or hauteur < 1 or largeur * hauteur > CASES_MAX:
        return None
    return _reunir(xs, ys, debout, couches)


def _reunir(xs: list[float], ys: list[float], debout: list[Filet], couches: list[Filet]) -> Grille:
    largeur, hauteur = len(xs) - 1, len(ys) - 1
    parents = list(range(largeur * hauteur))

    def racine(rang: int) -> int:
        while parents[rang] != rang:
            parents[rang] = parents[parents[rang]]
            rang = parents[rang]
        return rang

    verticaux = [_pres_de(debout, x) for x in xs]
    horizontaux = [_pres_de(couches, y) for y in ys]
    for r in range(hauteur):
        for c in range(largeur):
            rang = r * largeur + c
            if c + 1 < largeur and not _separe(verticaux[c + 1], ys[r + 1], ys[r]):
                parents[racine(rang + 1)] = racine(rang)
            if r + 1 < hauteur and not _separe(horizontaux[r + 1], xs[c], xs[c + 1]):
                parents[racine(rang + largeur)] = racine(rang)
    return _en_cellules(xs, ys, [racine(rang) for rang in range(largeur * hauteur)])


def _pres_de(filets: list[Filet], place: float) -> list[Filet]:
    return [f for f in filets if abs(f.place - place) <= TOLERANCE + 1]


def _separe(filets: list[Filet], debut: float, fin: float) -> bool:
    """Dit si des filets couvrent l'essentiel du bord commun à deux cases."""
    couvert = sum(max(0.0, min(f.fin, fin) - max(f.debut, debut)) for f in filets)
    return couvert >= 0.6 * (fin - debut)


def _en_cellules(xs: list[float], ys: list[float], racines: list[int]) -> Grille:
    largeur = len(xs) - 1
    groupes: dict[int, list[int]] = {}
    for rang, racine in enumerate(racines):
        groupes.setdefault(racine, []).append(rang)
    cellules: list[Cellule] = []
    cases = [[0] * largeur for _ in range(len(ys) - 1)]
    for rangs in groupes.values():
        rs, cs = [r // largeur for r in rangs], [r % largeur for r in rangs]
        for rang in rangs:
            cases[rang // largeur][rang % largeur] = len(cellules)
        cellules.append(
            Cellule(
                xs[min(cs)], xs[max(cs) + 1], ys[max(rs) + 1], ys[min(rs)],
                min(rs), min(cs), max(cs) - min(cs) + 1,
            )
        )  # fmt: skip
    return Grille(xs, ys, cellules, cases)
