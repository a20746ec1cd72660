"""Ce qu'on retrouve d'un tableau publié en partie : les nombres possibles de chaque cellule cachée.

Chaque égalité (une ligne et son total, une colonne et son total) est un nœud, chaque cellule un arc
entre ses deux égalités : les cellules cachées sont alors un flot, et les bornes de l'une se lisent
d'un flot maximum entre ses deux bouts. Tout est entier et exact.

Une source arrondit parfois, et ses totaux ne sont plus des sommes. Qui lit le suppose pourtant
d'abord : il prend les égalités au mot, et si elles se contredisent, leur laisse à toutes un même
écart, le plus petit qui les accorde. C'est la lecture la plus serrée qui tienne.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from parvis.observatoire.rules.flots import INFINI, Graphe, est_sans_limite, faire_passer
from parvis.observatoire.rules.tableau import Cellule, Tableau

# Le nœud de ce qu'aucune égalité ne tient.
LIBRE = 0
HAUSSE, BAISSE = 1, -1


@dataclass(frozen=True)
class Mouvement:
    """De combien une cellule peut monter ou descendre, et les arcs qui bougent avec elle."""

    combien: int
    arcs: frozenset[int]


class Systeme:
    """Les cellules cachées d'un tableau, et un jeu de nombres qui s'accorde avec les publiées."""

    def __init__(
        self,
        tableau: Tableau,
        cachees: Collection[Cellule],
        couts: Mapping[Cellule, int] | None = None,
    ) -> None:
        self.tableau = tableau
        self._egalites = 1 + tableau.lignes + tableau.colonnes
        self._graphe = Graphe(self._egalites + 2)
        self._arcs: dict[Cellule, int] = {}
        self._cellules: dict[int, Cellule] = {}
        self._ouverts: set[int] = set()
        for cellule in tableau.cellules():
            depart, arrivee = extremites(tableau, cellule)
            valeur = 0 if cellule in cachees else tableau.valeur(cellule) or 0
            arc = self._graphe.relier(
                depart, arrivee, INFINI, valeur, (couts or {}).get(cellule, 0)
            )
            self._arcs[cellule], self._cellules[arc] = arc, cellule
        for cellule in sorted(cachees):
            self.ouvrir(cellule)
        self._soldes = self._ce_qui_manque()
        self._jeu: list[int] = []
        self.tolerance = self._accorder()

    def ouvrir(self, cellule: Cellule) -> None:
        """Cache une cellule de plus ; son nombre actuel est celui du tableau."""
        self._ouverts.add(self._arcs[cellule])
        self._graphe.ouvrir(self._arcs[cellule])

    def fermer(self, cellule: Cellule) -> None:
        """Publie une cellule cachée."""
        self._ouverts.remove(self._arcs[cellule])
        self._graphe.fermer(self._arcs[cellule])

    def valeur(self, cellule: Cellule) -> int:
        """Rend le nombre que ce jeu donne à une cellule : le sien, ou un nombre possible."""
        return self._graphe.residu[self._arcs[cellule] + 1]

    def arc(self, cellule: Cellule) -> int:
        """Rend le numéro de l'arc d'une cellule, pour le chercher dans un mouvement."""
        return self._arcs[cellule]

    def figer_les_ecarts(self) -> bool:
        """Ne laisse plus bouger les écarts à la somme, et dit si toutes les égalités sont exactes."""
        for arc in self._jeu:
            self._graphe.residu[arc] = self._graphe.residu[arc + 1] = 0
        soldes = [0] * self._egalites
        for cellule in self.tableau.cellules():
            depart, arrivee = extremites(self.tableau, cellule)
            soldes[depart] += self.valeur(cellule)
            soldes[arrivee] -= self.valeur(cellule)
        return not any(soldes[1:])

    def bouger(
        self, cellule: Cellule, sens: int, au_plus: int, fixes: Collection[Cellule] = ()
    ) -> Mouvement:
        """Rend de combien une cellule cachée peut monter ou descendre, `fixes` ne bougeant pas."""
        depart, arrivee = self._bouts(cellule, sens)
        au_plus = max(0, au_plus if sens == HAUSSE else min(au_plus, self.valeur(cellule)))
        if depart == arrivee:
            return Mouvement(au_plus, frozenset())
        avant = self._sans((cellule, *fixes))
        apres = avant.copy()
        passe = self._graphe.pousser(apres, depart, arrivee, au_plus)
        arcs = frozenset(arc for arc in self._ouverts if avant[arc + 1] != apres[arc + 1])
        return Mouvement(passe, arcs)

    def elargir(
        self, cellule: Cellule, sens: int, combien: int, fixes: Collection[Cellule] = ()
    ) -> tuple[list[Cellule], bool]:
        """Cache au moindre coût de quoi bouger une cellule de `combien` ; dit lesquelles et si c'est fait.

        Un seul chemin qui porte tout d'abord : plusieurs petits cacheraient plus de cellules.
        """
        depart, arrivee = self._bouts(cellule, sens)
        residu = self._sans((cellule, *fixes))
        nouvelles: list[Cellule] = []
        reste = combien if depart != arrivee else 0
        while reste := reste - self._graphe.pousser(residu, depart, arrivee, reste):
            chemin: list[int] = []
            porte = reste
            while porte and not chemin:
                chemin = self._graphe.chemin_le_moins_cher(
                    residu, depart, arrivee, porte, self._ouverts
                )
                porte //= 2
            if not chemin:
                return nouvelles, False
            for arc in {arc & ~1 for arc in chemin} & self._cellules.keys() - self._ouverts:
                self.ouvrir(self._cellules[arc])
                nouvelles.append(self._cellules[arc])
            reste -= faire_passer(residu, chemin, reste)
        return sorted(nouvelles), True

    def _bouts(self, cellule: Cellule, sens: int) -> tuple[int, int]:
        # Ce qu'une cellule gagne, les autres le ramènent de son arrivée à son départ.
        depart, arrivee = extremites(self.tableau, cellule)
        return (arrivee, depart) if sens == HAUSSE else (depart, arrivee)

    def _sans(self, cellules: Sequence[Cellule]) -> list[int]:
        residu = self._graphe.residu.copy()
        for cellule in cellules:
            arc = self._arcs[cellule]
            residu[arc] = residu[arc + 1] = 0
        return residu

    def _ce_qui_manque(self) -> dict[int, int]:
        """Rend ce que les cellules cachées doivent apporter à chaque égalité où il y en a."""
        soldes = [0] * self._egalites
        for cellule, arc in self._arcs.items():
            if arc not in self._ouverts:
                depart, arrivee = extremites(self.tableau, cellule)
                soldes[depart] -= self.valeur(cellule)
                soldes[arrivee] += self.valeur(cellule)
        touches = {
            noeud
            for arc in self._ouverts
            for noeud in extremites(self.tableau, self._cellules[arc])
        } - {LIBRE}
        return {noeud: soldes[noeud] for noeud in sorted(touches)}

    def _accorder(self) -> int:
        """Donne aux cellules cachées des nombres possibles, et rend l'écart qu'il a fallu laisser."""
        source, puits = self._egalites, self._egalites + 1
        apports = {**self._soldes, LIBRE: -sum(self._soldes.values())}
        for noeud, solde in apports.items():
            bouts = (source, noeud) if solde > 0 else (noeud, puits)
            self._graphe.ouvrir(self._graphe.relier(*bouts, abs(solde), 0))
        demande = sum(solde for solde in apports.values() if solde > 0)
        for noeud in self._soldes:
            self._jeu.append(self._graphe.relier(noeud, LIBRE, 0, 0))
            self._graphe.ouvrir(self._jeu[-1])
        # Un écart égal au plus grand solde accorde tout : chaque égalité absorbe le sien.
        bas, haut = 0, max(map(abs, self._soldes.values()), default=0)
        milieu = 0
        while bas < haut:
            if self._passe(milieu, source, puits) < demande:
                bas = milieu + 1
            else:
                haut = milieu
            milieu = (bas + haut) // 2
        self._passe(bas, source, puits, garder=True)
        return bas

    def _passe(self, ecart: int, source: int, puits: int, garder: bool = False) -> int:
        residu = self._graphe.residu.copy()
        for arc in self._jeu:
            residu[arc] = residu[arc + 1] = ecart
        passe = self._graphe.pousser(residu, source, puits, INFINI)
        if garder:
            self._graphe.residu = residu
        return passe


def extremites(tableau: Tableau, cellule: Cellule) -> tuple[int, int]:
    """Rend les deux égalités d'une cellule, dans le sens où ses personnes vont de l'une à l'autre."""
    ligne, colonne = cellule
    de_la_ligne = 1 + ligne if tableau.a_total_de_ligne else LIBRE
    de_la_colonne = 1 + tableau.lignes + colonne if tableau.a_total_de_colonne else LIBRE
    if tableau.totaux_de(cellule) == 1:
        return de_la_colonne, de_la_ligne
    return de_la_ligne, de_la_colonne


def bornes(tableau: Tableau, cachees: Collection[Cellule]) -> dict[Cellule, tuple[int, int | None]]:
    """Rend, pour chaque cellule non publiée, le plus petit et le plus grand nombre possibles.

    Non publiées : `cachees`, celles que cache la source et celles qui manquent. None : sans limite.
    Ne lit aucun nombre caché : c'est le calcul d'un lecteur qui a le tableau publié et rien d'autre.
    """
    inconnues = {*cachees, *tableau.cachees_par_la_source, *tableau.manquantes()}
    systeme = Systeme(tableau, inconnues)
    resultat: dict[Cellule, tuple[int, int | None]] = {}
    for cellule in sorted(inconnues):
        valeur = systeme.valeur(cellule)
        monte = systeme.bouger(cellule, HAUSSE, INFINI).combien
        descend = systeme.bouger(cellule, BAISSE, INFINI).combien
        resultat[cellule] = (valeur - descend, None if est_sans_limite(monte) else valeur + monte)
    return resultat
