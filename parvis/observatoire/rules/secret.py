"""Le secret statistique : ce qu'on cache d'un tableau pour qu'aucun petit nombre de personnes ne s'en tire.

Un nombre sous le seuil est caché (primaire) ; d'autres le sont avec lui, sans quoi les totaux le
rendraient (secondaire). Deux niveaux de protection, tenus pour qui lit le tableau publié et sait
compter :

- toute cellule cachée garde au moins `seuil` nombres possibles : moins, ce serait la publier à peu
  près, et ce qu'on sait d'une secondaire sert à resserrer les autres ;
- une cellule sûrement petite peut en plus valoir tout ce que la règle cache, de 1 à seuil - 1 : le
  lecteur sait que la règle existe, il n'apprend rien de plus.

Quand une source arrondit et que ses totaux ne sont plus des sommes, ces niveaux sont tenus deux
fois : pour qui croit les égalités exactes (`bornes`), et pour qui connaîtrait l'écart de chacune, le
mieux renseigné des lecteurs justes (là, quand l'écart interdit le second niveau, le premier suffit).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from parvis.observatoire.rules.attaque import BAISSE, HAUSSE, Systeme, bornes
from parvis.observatoire.rules.flots import INFINI
from parvis.observatoire.rules.tableau import Cellule, Motif, Tableau

__all__ = ["SEUIL", "Motif", "Tableau", "bornes", "proteger", "proteger_ensemble"]

SEUIL = 11

# Ce qu'il en coûte de cacher une cellule : le nombre de cellules d'abord, leur taille ensuite. Un
# total vaut plusieurs parts : il se lit plus, et souvent ailleurs. Un zéro ne protège qu'à moitié
# (il ne peut que monter) et dit beaucoup : en dernier.
COUT = 100
COUTS_PAR_RANG = (COUT, 6 * COUT, 20 * COUT)  # une part, le total d'une ligne, le total général
COUT_D_UN_ZERO = 40 * COUT


def proteger(
    tableau: Tableau, seuil: int = SEUIL, zeros_sensibles: bool = False
) -> dict[Cellule, Motif]:
    """Rend chaque cellule à cacher et pourquoi, celles que cache la source comprises.

    Un zéro se publie : il ne décrit personne. `zeros_sensibles` le cache comme les autres petits
    nombres, quand savoir que nul n'est dans une case dit déjà quelque chose de quelqu'un. Lève
    ValueError si le seuil est plus petit que 1.
    """
    return _Protection(tableau, seuil, zeros_sensibles, {}, frozenset()).calculer()


def proteger_ensemble(
    tableaux: Sequence[tuple[Tableau, Sequence[Sequence[Hashable]]]],
    seuil: int = SEUIL,
    zeros_sensibles: bool = False,
) -> list[dict[Cellule, Motif]]:
    """Rend ce qu'il faut cacher de chaque tableau quand ils publient des nombres en commun.

    Chaque cellule a une clé : même clé, même nombre publié ; None, une cellule à part. Ce qui est
    caché dans un tableau l'est dans tous. Lève ValueError si une clé a deux nombres, ou si les clés
    n'ont pas la taille du tableau.
    """
    places = _places(tableaux)
    tableaux_complets = _completer(tableaux, places)
    communes: list[dict[Cellule, Hashable]] = [{} for _ in tableaux]
    for cle, cellules in places.items():
        for rang, cellule in cellules if len(cellules) > 1 else ():
            communes[rang][cellule] = cle
    cachees: dict[Hashable, Motif] = {}
    while True:
        avant = len(cachees)
        resultats = []
        for tableau, cles in zip(tableaux_complets, communes, strict=True):
            imposees = {c: cachees[cle] for c, cle in cles.items() if cle in cachees}
            protection = _Protection(tableau, seuil, zeros_sensibles, imposees, frozenset(cles))
            resultats.append(protection.calculer())
            for cellule, motif in resultats[-1].items():
                if cellule in cles:
                    cachees.setdefault(cles[cellule], motif)
        # Ce qu'un tableau cache de commun n'est jamais repris : la liste grandit, puis s'arrête.
        if len(cachees) == avant:
            return resultats


def _places(
    tableaux: Sequence[tuple[Tableau, Sequence[Sequence[Hashable]]]],
) -> dict[Hashable, list[tuple[int, Cellule]]]:
    places: dict[Hashable, list[tuple[int, Cellule]]] = {}
    for rang, (tableau, cles) in enumerate(tableaux):
        if [len(ligne) for ligne in cles] != [tableau.colonnes] * tableau.lignes:
            raise ValueError(f"Les clés du tableau {rang} n'ont pas sa taille.")
        for i, j in tableau.cellules():
            if cles[i][j] is not None:
                places.setdefault(cles[i][j], []).append((rang, (i, j)))
    return places


def _completer(
    tableaux: Sequence[tuple[Tableau, Sequence[Sequence[Hashable]]]],
    places: Mapping[Hashable, list[tuple[int, Cellule]]],
) -> list[Tableau]:
    """Rend les tableaux, un nombre qui manque à l'un étant pris à l'autre : le lecteur a les deux."""
    valeurs = [[list(ligne) for ligne in tableau.valeurs] for tableau, _ in tableaux]
    sources = [set(tableau.cachees_par_la_source) for tableau, _ in tableaux]
    for cle, cellules in places.items():
        lues = {valeurs[rang][i][j] for rang, (i, j) in cellules} - {None}
        if len(lues) > 1:
            raise ValueError(f"La clé {cle!r} a plusieurs nombres : {sorted(map(str, lues))}.")
        est_cachee = any(cellule in sources[rang] for rang, cellule in cellules)
        for rang, (i, j) in cellules:
            valeurs[rang][i][j] = next(iter(lues), None)
            if est_cachee:
                sources[rang].add((i, j))
    return [
        replace(tableau, valeurs=tuple(map(tuple, v)), cachees_par_la_source=frozenset(s))
        for (tableau, _), v, s in zip(tableaux, valeurs, sources, strict=True)
    ]


class _Protection:
    """Le calcul de ce qu'il faut cacher d'un tableau.

    `imposees` sont déjà cachées ailleurs. `communes` se lisent aussi ailleurs : les cellules propres
    au tableau sont protégées sans compter sur elles, pour que les autres tableaux n'y puissent rien.
    """

    def __init__(
        self,
        tableau: Tableau,
        seuil: int,
        zeros_sensibles: bool,
        imposees: Mapping[Cellule, Motif],
        communes: frozenset[Cellule],
    ) -> None:
        if seuil < 1:
            raise ValueError(f"Un seuil de {seuil} n'a pas de sens.")
        self.tableau = tableau
        self.seuil = seuil
        self.plancher = 0 if zeros_sensibles else 1
        self.communes = communes
        # Celles qui ne se protègent qu'en comptant sur les communes : les communes elles-mêmes d'abord.
        self.dependantes = set(communes)
        self.desaccordees: set[Cellule] = set()
        self.imposees = imposees
        self.couts = _couts(tableau)
        self.temoins: dict[Cellule, frozenset[int]] = {}
        self.motifs: dict[Cellule, Motif] = dict(imposees)
        for cellule in tableau.cellules():
            if cellule in tableau.cachees_par_la_source:
                self.motifs[cellule] = Motif.SOURCE
            elif self._est_petite(tableau.valeur(cellule)):
                self.motifs[cellule] = Motif.PRIMAIRE
        self.inconnues = tableau.manquantes()
        self.systeme = Systeme(tableau, self.inconnues, self.couts)
        # D'abord classer : ce qui manque se juge par ce qu'en tirerait un lecteur, écarts compris.
        self.petites, self.sans_danger = self._classer()
        self.est_exact = self.systeme.figer_les_ecarts()

    def calculer(self) -> dict[Cellule, Motif]:
        """Rend les cellules cachées, dans l'ordre du tableau."""
        for cellule in sorted(self.motifs.keys() - set(self.inconnues)):
            self.systeme.ouvrir(cellule)
        if not self._assurer(self.systeme):
            return self._tout_cacher()
        self._rendre_l_inutile()
        while not self.est_exact:
            avant = len(self.motifs)
            cachees = self.motifs.keys() | set(self.inconnues)
            if not self._assurer(Systeme(self.tableau, cachees, self.couts)):
                return self._tout_cacher()
            if len(self.motifs) == avant:
                break
        return dict(sorted(self.motifs.items()))

    def _est_petite(self, valeur: int | None) -> bool:
        return valeur is not None and self.plancher <= valeur < self.seuil

    def _classer(self) -> tuple[set[Cellule], set[Cellule]]:
        """Rend les cellules sûrement petites, et celles qui manquent mais n'ont rien à cacher.

        Se juge tout étant publié : une cellule qui manque et dont les autres disent qu'elle vaut 0,
        ou `seuil` et plus, pourrait se publier.
        """
        petites = {c for c in self.tableau.cellules() if self._est_petite(self.tableau.valeur(c))}
        sans_danger = set()
        for cellule in self.inconnues:
            valeur = self.systeme.valeur(cellule)
            bas = valeur - self.systeme.bouger(cellule, BAISSE, INFINI).combien
            haut = valeur + self.systeme.bouger(cellule, HAUSSE, INFINI).combien
            if self.plancher <= haut < self.seuil:
                petites.add(cellule)
            elif haut < self.plancher or bas >= self.seuil:
                sans_danger.add(cellule)
        return petites, sans_danger - self.motifs.keys()

    def _assurer(self, systeme: Systeme) -> bool:
        """Cache ce qu'il faut pour que chaque cellule cachée soit protégée ; faux si rien n'y fait."""
        cachees = (self.motifs.keys() | set(self.inconnues)) - self.sans_danger
        # Les plus petites d'abord : ce sont elles qui demandent le plus, les autres en profitent.
        file = sorted(cachees, key=lambda c: (c not in self.petites, systeme.valeur(c), c))
        for cellule in file:
            while not self._proteger(systeme, cellule, file):
                if self.communes and cellule not in self.dependantes:
                    # Les cellules propres n'y suffisent pas : mieux vaut compter sur les communes.
                    self.dependantes.add(cellule)
                elif systeme is self.systeme and cellule in self.petites - self.desaccordees:
                    # Un total plus grand que ses parts ne descend pas, pour qui connaît l'écart.
                    self.desaccordees.add(cellule)
                else:
                    return False
        return True

    def _fixes(self, cellule: Cellule) -> frozenset[Cellule]:
        return frozenset() if cellule in self.dependantes else self.communes

    def _proteger(self, systeme: Systeme, cellule: Cellule, file: list[Cellule]) -> bool:
        while manque := self._manque(systeme, cellule):
            for sens, combien in manque:
                fixes = self._fixes(cellule)
                nouvelles, est_fait = systeme.elargir(cellule, sens, combien, fixes)
                self.motifs.update(dict.fromkeys(nouvelles, Motif.SECONDAIRE))
                file += nouvelles
                if est_fait:
                    break
            else:
                return False
        return True

    def _manque(self, systeme: Systeme, cellule: Cellule) -> list[tuple[int, int]]:
        """Rend ce qui manque à une cellule, en élargissements possibles ; rien si elle est protégée.

        Retient au passage les arcs dont dépend sa protection.
        """
        valeur, largeur, fixes = systeme.valeur(cellule), self.seuil - 1, self._fixes(cellule)
        est_petite = cellule in self.petites and not (
            systeme is self.systeme and cellule in self.desaccordees
        )
        monter = max(0, self.seuil - 1 - valeur) if est_petite else 0
        descendre = max(0, valeur - self.plancher) if est_petite else 0
        hausse = systeme.bouger(cellule, HAUSSE, max(monter, largeur), fixes)
        if hausse.combien < monter:
            return [(HAUSSE, monter)]
        utile = max(descendre, largeur - hausse.combien)
        baisse = systeme.bouger(cellule, BAISSE, utile, fixes)
        if baisse.combien < descendre:
            return [(BAISSE, descendre)]
        if hausse.combien + baisse.combien < largeur:
            plus_bas = min(valeur, largeur - hausse.combien)
            choix = [(HAUSSE, largeur - baisse.combien)]
            return choix + [(BAISSE, plus_bas)] * (hausse.combien + plus_bas >= largeur)
        self.temoins[cellule] = hausse.arcs | baisse.arcs
        return []

    def _rendre_l_inutile(self) -> None:
        """Publie de nouveau les secondaires dont nulle autre ne dépend plus, les plus chères d'abord."""
        secondaires = [
            c for c, m in self.motifs.items() if m is Motif.SECONDAIRE and c not in self.imposees
        ]
        for cellule in sorted(secondaires, key=lambda c: (-self.couts[c], c)):
            arc = self.systeme.arc(cellule)
            dependent = [c for c, arcs in self.temoins.items() if arc in arcs and c != cellule]
            anciens = self.temoins.copy()
            self.systeme.fermer(cellule)
            if any(self._manque(self.systeme, autre) for autre in dependent):
                self.systeme.ouvrir(cellule)
                self.temoins = anciens
            else:
                del self.motifs[cellule]
                self.temoins.pop(cellule, None)

    def _tout_cacher(self) -> dict[Cellule, Motif]:
        # Un fichier trop faux, ou trop petit pour qu'une partie s'en publie.
        reste = [c for c in self.tableau.cellules() if c not in self.inconnues]
        return {c: self.motifs.get(c, Motif.SECONDAIRE) for c in reste} | {
            c: m for c, m in self.motifs.items() if c in self.inconnues
        }


def _couts(tableau: Tableau) -> dict[Cellule, int]:
    plus_grand = max((tableau.valeur(c) or 0 for c in tableau.cellules()), default=0) or 1
    couts = {}
    for cellule in tableau.cellules():
        valeur = tableau.valeur(cellule) or 0
        base = COUTS_PAR_RANG[tableau.totaux_de(cellule)]
        couts[cellule] = base + COUT * valeur // plus_grand if valeur else COUT_D_UN_ZERO
    return couts
