"""L'index en mémoire des noms d'organismes : accents, fautes, débuts de mots. Sans base."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from parvis.organismes.rules.noms import noyau
from parvis.socle.texte import MOTS_VIDES, mots, racine

MOTS_PAR_QUESTION = 10
EXACT, DEBUT, FAUTE = range(3)


@dataclass(frozen=True)
class Nomme:
    """Un organisme retenu et les clés de tous ses noms, la première étant la sienne."""

    pk: int
    cles: tuple[str, ...]


@dataclass
class Index:
    """Les organismes dans l'ordre français, et le rang de ceux qui portent chaque mot."""

    pks: list[int] = field(default_factory=list)
    rangs_des_racines: dict[str, list[int]] = field(default_factory=dict)
    rangs_des_cles: dict[str, set[int]] = field(default_factory=dict)
    racines_des_mots: dict[str, str] = field(default_factory=dict)
    vocabulaire: list[str] = field(default_factory=list)

    @classmethod
    def construire(cls, nommes: Iterable[Nomme]) -> "Index":
        """Bâtit l'index ; l'ordre des réponses à égalité est celui de la première clé."""
        index = cls()
        for rang, nomme in enumerate(sorted(nommes, key=lambda n: (n.cles[0], n.pk))):
            index.pks.append(nomme.pk)
            racines = set()
            for cle in nomme.cles:
                index.rangs_des_cles.setdefault(cle, set()).add(rang)
                index.rangs_des_cles.setdefault(noyau(cle), set()).add(rang)
                racines |= {index._apprendre(mot) for mot in cle.split() if mot not in MOTS_VIDES}
            for r in racines:
                index.rangs_des_racines.setdefault(r, []).append(rang)
        index.vocabulaire = sorted(index.racines_des_mots)
        return index

    def _apprendre(self, mot: str) -> str:
        return self.racines_des_mots.setdefault(mot, racine(mot))

    def chercher(self, question: str, limite: int) -> list[int]:
        """Rend les organismes qui répondent : le nom entier d'abord, puis tous les mots, puis presque."""
        lus = mots(question)
        termes = [m for m in lus if m not in MOTS_VIDES][:MOTS_PAR_QUESTION]
        if not termes:
            return []
        touches: dict[int, int] = {}
        pires: dict[int, int] = {}
        for place, mot in enumerate(termes, 1):
            for rang, qualite in self._repondants(mot, est_dernier=place == len(termes)).items():
                touches[rang] = touches.get(rang, 0) + 1
                pires[rang] = max(pires.get(rang, EXACT), qualite)
        # À partir de trois mots, on répond même si l'un d'eux manque.
        exiges = len(termes) - len(termes) // 3
        entiers = self.rangs_des_cles.get(" ".join(lus), set())
        entiers |= self.rangs_des_cles.get(noyau(" ".join(lus)), set())
        candidats = (
            (rang not in entiers, len(termes) - nombre, pires[rang], rang)
            for rang, nombre in touches.items()
            if nombre >= exiges
        )
        return [self.pks[rang] for *_, rang in nsmallest(limite, candidats)]

    def _repondants(self, mot: str, *, est_dernier: bool) -> dict[int, int]:
        """Rend les rangs que ce mot désigne, et s'il l'est exactement, commencé ou mal écrit."""
        variantes = {racine(mot): EXACT} if racine(mot) in self.rangs_des_racines else {}
        # Le dernier mot est peut-être en train de s'écrire.
        if est_dernier and len(mot) >= 2:
            for r in self._commences_par(mot):
                variantes.setdefault(r, DEBUT)
        variantes = variantes or dict.fromkeys(self._proches(mot), FAUTE)
        rangs: dict[int, int] = {}
        for r, qualite in variantes.items():
            for rang in self.rangs_des_racines[r]:
                rangs[rang] = min(rangs.get(rang, FAUTE), qualite)
        return rangs

    def _commences_par(self, debut: str) -> set[str]:
        premier = bisect_left(self.vocabulaire, debut)
        dernier = bisect_left(self.vocabulaire, debut + "\uffff", lo=premier)
        return {self.racines_des_mots[m] for m in self.vocabulaire[premier:dernier]}

    def _proches(self, mot: str) -> set[str]:
        """Rend les mots connus les plus proches : une faute dès 4 lettres, deux dès 7."""
        permises = 0 if len(mot) < 4 else 1 if len(mot) < 7 else 2
        if not permises:
            return set()
        trouves = process.extract(
            mot, self.vocabulaire, scorer=OSA.distance, score_cutoff=permises, limit=20
        )
        # Deux fautes et une autre initiale : c'est un autre mot.
        trouves = [t for t in trouves if t[1] == 1 or t[0][0] == mot[0]]
        moindre = min((distance for _, distance, _ in trouves), default=0)
        return {self.racines_des_mots[m] for m, distance, _ in trouves if distance == moindre}
