"""Flots entiers sur un petit graphe : combien passe d'un nœud à l'autre, et par où au moindre coût."""

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush

# Plus que ne pourra jamais compter un tableau : un flot qui l'atteint n'a pas de borne.
INFINI = 1 << 60


class Graphe:
    """Un graphe orienté dont les arcs, à deux sens, sont ouverts ou fermés.

    L'arc pair va du départ à l'arrivée, l'impair qui le suit en revient. `residu` dit ce que chacun
    peut encore porter ; qui veut essayer un mouvement travaille sur une copie.
    """

    def __init__(self, noeuds: int) -> None:
        self.arrivees: list[int] = []
        self.residu: list[int] = []
        self.couts: list[int] = []
        self._ouverts: list[list[int]] = [[] for _ in range(noeuds)]
        self._tous: list[list[int]] = [[] for _ in range(noeuds)]

    def relier(self, depart: int, arrivee: int, aller: int, retour: int, cout: int = 0) -> int:
        """Ajoute un arc fermé et rend son numéro ; `cout` est ce qu'il en coûte de l'ouvrir."""
        arc = len(self.arrivees)
        self.arrivees += [arrivee, depart]
        self.residu += [aller, retour]
        self.couts += [cout, cout]
        self._tous[depart].append(arc)
        self._tous[arrivee].append(arc + 1)
        return arc

    def ouvrir(self, arc: int) -> None:
        """Laisse passer un flot par un arc fermé."""
        self._ouverts[self.arrivees[arc + 1]].append(arc)
        self._ouverts[self.arrivees[arc]].append(arc + 1)

    def fermer(self, arc: int) -> None:
        """Ne laisse plus rien passer par un arc ouvert."""
        self._ouverts[self.arrivees[arc + 1]].remove(arc)
        self._ouverts[self.arrivees[arc]].remove(arc + 1)

    def pousser(self, residu: list[int], depart: int, arrivee: int, au_plus: int) -> int:
        """Fait passer le plus possible par les arcs ouverts et rend combien ; met `residu` à jour."""
        passe = 0
        while passe < au_plus and (chemin := self._chemin_court(residu, depart, arrivee)):
            passe += faire_passer(residu, chemin, au_plus - passe)
        return passe

    def _chemin_court(self, residu: Sequence[int], depart: int, arrivee: int) -> list[int]:
        # Le plus court d'abord : le nombre de tours ne dépend pas des effectifs (Edmonds et Karp).
        venus: dict[int, int] = {depart: -1}
        file = deque([depart])
        while file and arrivee not in venus:
            noeud = file.popleft()
            for arc in self._ouverts[noeud]:
                suivant = self.arrivees[arc]
                if residu[arc] > 0 and suivant not in venus:
                    venus[suivant] = arc
                    file.append(suivant)
        return self._remonter(venus, arrivee) if arrivee in venus else []

    def chemin_le_moins_cher(
        self, residu: Sequence[int], depart: int, arrivee: int, combien: int, ouverts: set[int]
    ) -> list[int]:
        """Rend le chemin qui porte `combien` en ouvrant le moins cher, une liste vide s'il n'y en a pas."""
        venus: dict[int, int] = {}
        tas = [(0, depart, -1)]
        while tas:
            cout, noeud, par = heappop(tas)
            if noeud in venus:
                continue
            venus[noeud] = par
            if noeud == arrivee:
                return self._remonter(venus, arrivee)
            for arc in self._tous[noeud]:
                suivant = self.arrivees[arc]
                if residu[arc] >= combien and suivant not in venus:
                    prix = 0 if arc & ~1 in ouverts else self.couts[arc]
                    heappush(tas, (cout + prix, suivant, arc))
        return []

    def _remonter(self, venus: dict[int, int], arrivee: int) -> list[int]:
        chemin = []
        while (arc := venus[arrivee]) >= 0:
            chemin.append(arc)
            arrivee = self.arrivees[arc ^ 1]
        return chemin


def faire_passer(residu: list[int], chemin: Sequence[int], au_plus: int) -> int:
    """Fait passer par un chemin ce qu'il porte, `au_plus` au plus, et rend combien."""
    passe = min(au_plus, *(residu[arc] for arc in chemin))
    for arc in chemin:
        residu[arc] -= passe
        residu[arc ^ 1] += passe
    return passe


def est_sans_limite(flot: int) -> bool:
    """Dit si un flot poussé sans mesure n'a rencontré que des arcs sans limite."""
    # Un peu moins que l'infini : les arcs en portaient déjà une part.
    return flot >= INFINI // 2
