"""Classer les fiches d'un contrat d'après une question.

Une question et une fiche se comparent par leurs unités : des mots, et des notions du thésaurus. Ce
que pèse chaque unité dans chaque fiche est calculé une fois (BM25 sur des rubriques pesées) ; une
question ne fait plus qu'additionner.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from parvis.orientation.moteur.langue import lire_les_mots
from parvis.orientation.moteur.lecture import NOTION, Lecteur, Question
from parvis.orientation.moteur.passages import FicheAOrienter
from parvis.orientation.moteur.reglages import REGLAGES, Reglages
from parvis.orientation.moteur.thesaurus import Thesaurus

# Fiches dont on retient où elles disent quoi : un contrat y tient en entier.
FICHES_RETENUES = 512
# Un mot que disent les trois fiches d'un petit contrat n'est pas banal pour autant : la rareté se
# compte comme dans un contrat de taille ordinaire.
FICHES_D_UN_CONTRAT = 40
# Un titre le dit, et un projet attendu avec lui.
PORTE_PAR_UNE_FICHE = 8.0


@dataclass(frozen=True, slots=True)
class Endroit:
    """Où une fiche dit une unité : le rang du passage, et la place dans son texte."""

    passage: int
    debut: int
    fin: int
    # Un mot qui ne dit qu'à moitié la notion.
    est_un_indice: bool = False


Poids = dict[str, dict[int, float]]


class Moteur:
    """Les fiches d'un ou de plusieurs contrats, prêtes à répondre."""

    def __init__(
        self,
        fiches: Iterable[FicheAOrienter],
        thesaurus: Thesaurus,
        reglages: Reglages = REGLAGES,
        issues: Mapping[str, str] | None = None,
        finis: Mapping[str, str] | None = None,
        mots_d_ici: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.fiches = list(fiches)
        self.thesaurus = thesaurus
        # La notion qui dit, pour ce contrat, où se traite une notion hors du contrat.
        self.issues = dict(issues or {})
        # Ce qui a pris fin ou changé, par nom de dispositif ou de partenaire, en une phrase.
        self.finis = dict(finis or {})
        self.reglages = reglages
        vocabulaire: dict[str, str] = {}
        graphies: dict[str, str] = {}
        frequences: Counter[str] = Counter()
        mots, notions = _Comptes(len(self.fiches)), _Comptes(len(self.fiches))
        for rang, fiche in enumerate(self.fiches):
            for passage in fiche.passages:
                lus = lire_les_mots(passage.texte)
                for mot in (m for m in lus if not m.est_outil):
                    vocabulaire[mot.plat] = mot.cle
                    ecrit = passage.texte[mot.debut : mot.fin]
                    if not ecrit.isupper():
                        graphies.setdefault(mot.plat, ecrit.lower())
                    frequences[mot.plat] += 1
                    mots.ajouter(mot.cle, rang, passage.poids)
                for une in thesaurus.reconnaitre(lus):
                    notions.ajouter(NOTION + une.notion, rang, passage.poids * une.poids)
        self._postes = {
            **mots.peser(reglages.k_mots, reglages.b_mots, 1.0),
            **notions.peser(reglages.k_notions, reglages.b_notions, reglages.notion),
        }
        # Ce que d'autres contrats traitent ailleurs, une fiche de celui-ci le porte peut-être.
        portees = {
            notion.code
            for notion in thesaurus.notions.values()
            if notion.est_hors
            and notion.code not in self.issues
            and notions.plus_fort(NOTION + notion.code) >= PORTE_PAR_UNE_FICHE
        }
        self.lecteur = Lecteur(thesaurus, vocabulaire, graphies, frequences, portees, mots_d_ici)
        self._situees: dict[int, _Situees] = {}

    def lire(self, texte: str) -> Question:
        """Rend la question lue avec le vocabulaire de ces fiches."""
        return self.lecteur.lire(texte, self.reglages)

    def comprend(self, sens: str) -> bool:
        """Dit si les fiches portent ce que veut dire un mot, lu sans corriger de faute."""
        question = self.lecteur.lire(sens, self.reglages, est_un_sens=True)
        return bool(self.scores(question).any())

    def scores(self, question: Question) -> np.ndarray:
        """Rend le score de chaque fiche, dans leur ordre."""
        scores = np.zeros(len(self.fiches))
        for unite, poids in question.poids.items():
            if poste := self._postes.get(unite):
                scores[poste[0]] += poids * poste[1]
        return scores

    def apports(self, question: Question, fiche: int) -> list[tuple[float, str]]:
        """Rend ce que chaque unité de la question apporte à une fiche, le plus fort d'abord."""
        apports = [
            (poids * valeur, unite)
            for unite, poids in question.poids.items()
            if (valeur := self.valeur(unite, fiche))
        ]
        return sorted(apports, key=lambda a: (-a[0], a[1]))

    def valeur(self, unite: str, fiche: int) -> float:
        """Rend ce que pèse une unité dans une fiche ; 0 si elle ne la dit pas."""
        if not (poste := self._postes.get(unite)):
            return 0.0
        rang = int(np.searchsorted(poste[0], fiche))
        return float(poste[1][rang]) if rang < len(poste[0]) and poste[0][rang] == fiche else 0.0

    def poste(self, unite: str) -> np.ndarray:
        """Rend ce que pèse une unité dans chaque fiche, dans leur ordre."""
        tous = np.zeros(len(self.fiches))
        if poste := self._postes.get(unite):
            tous[poste[0]] = poste[1]
        return tous

    def endroits(self, fiche: int) -> dict[str, Endroit]:
        """Rend, pour chaque unité d'une fiche, le passage qui la dit le mieux."""
        return self._situer(fiche).endroits

    def unites_du_passage(self, fiche: int, passage: int) -> frozenset[str]:
        """Rend les unités que dit un passage d'une fiche."""
        return self._situer(fiche).unites[passage]

    def _situer(self, fiche: int) -> "_Situees":
        # Plusieurs fils lisent le même moteur : on rend ce que l'on a, pas ce que le dictionnaire garde.
        situees = self._situees.get(fiche)
        if situees is None:
            if len(self._situees) >= FICHES_RETENUES:
                self._situees.clear()
            situees = self._situees[fiche] = _situer(self.fiches[fiche], self.thesaurus)
        return situees


@dataclass(frozen=True)
class _Situees:
    """Où une fiche dit chaque unité, et ce que dit chacun de ses passages."""

    endroits: dict[str, Endroit]
    unites: list[frozenset[str]]


def _situer(fiche: FicheAOrienter, thesaurus: Thesaurus) -> _Situees:
    endroits: dict[str, Endroit] = {}
    forces: dict[str, float] = {}
    par_passage = []
    for rang, passage in enumerate(fiche.passages):
        dites = list(_unites(passage.texte, thesaurus))
        par_passage.append(frozenset(unite for unite, *_ in dites))
        for unite, poids, debut, fin in dites:
            if (force := passage.poids * poids) > forces.get(unite, 0.0):
                forces[unite] = force
                endroits[unite] = Endroit(rang, debut, fin, poids < 1)
    return _Situees(endroits, par_passage)


def _unites(texte: str, thesaurus: Thesaurus) -> Iterator[tuple[str, float, int, int]]:
    """Rend chaque unité d'un texte, son poids, et sa place."""
    mots = lire_les_mots(texte)
    yield from ((mot.cle, 1.0, mot.debut, mot.fin) for mot in mots if not mot.est_outil)
    for une in thesaurus.reconnaitre(mots):
        yield NOTION + une.notion, une.poids, une.debut, une.fin


class _Comptes:
    """Combien chaque fiche dit chaque unité."""

    def __init__(self, fiches: int) -> None:
        self._par_unite: Poids = defaultdict(lambda: defaultdict(float))
        self._longueurs = [0.0] * fiches

    def ajouter(self, unite: str, fiche: int, poids: float) -> None:
        self._par_unite[unite][fiche] += poids
        self._longueurs[fiche] += poids

    def plus_fort(self, unite: str) -> float:
        """Rend ce que dit d'une unité la fiche qui la dit le plus."""
        return max(self._par_unite.get(unite, {}).values(), default=0.0)

    def peser(
        self, k: float, b: float, multiple: float
    ) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Rend, pour chaque unité, les fiches qui la disent et ce qu'elle y pèse.

        Une fiche qui dit une chose en passant ne la rend pas commune : elle compte pour sa part.
        """
        total = len(self._longueurs)
        moyenne = (sum(self._longueurs) / total if total else 1.0) or 1.0
        normes = [k * (1 - b + b * longueur / moyenne) for longueur in self._longueurs]
        postes = {}
        for unite, par_fiche in self._par_unite.items():
            plus_fort = max(par_fiche.values())
            presence = sum(poids / plus_fort for poids in par_fiche.values())
            absence = max(total, FICHES_D_UN_CONTRAT) - presence
            rarete = multiple * log(1 + (absence + 0.5) / (presence + 0.5))
            fiches = sorted(par_fiche)
            postes[unite] = (
                np.array(fiches, dtype=np.int32),
                np.array(
                    [rarete * par_fiche[f] * (k + 1) / (par_fiche[f] + normes[f]) for f in fiches],
                    dtype=np.float32,
                ),
            )
        return postes
