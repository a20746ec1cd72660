"""L'index en mémoire d'un cadre : mots, racines, fautes de frappe, sigles. Sans base ni requête."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from parvis.socle.texte import MOTS_VIDES, mots, racine, sans_accents

MOT_ACCENTUE = re.compile(r"\w+")
# BM25, avec ses constantes usuelles.
K1, B = 1.2, 0.6
# Une correction de frappe, ou un début de mot, vaut moins que le mot exact.
POIDS_DE_LA_FAUTE, POIDS_DU_DEBUT = 0.6, 0.8


@dataclass(frozen=True)
class Document:
    """Une chose à trouver : sa sorte, son identifiant, son titre et ses champs pesés."""

    sorte: str
    identifiant: str
    titre: str
    champs: tuple[tuple[float, str], ...]
    # Où montrer la réponse : (rubrique, texte), dans l'ordre de préférence.
    passages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trouvaille:
    """Un document trouvé, les mots du document qui répondent, et si tous les mots y sont."""

    document: Document
    score: float
    mots: frozenset[str]
    est_complete: bool


@dataclass(frozen=True)
class Correction:
    """Un mot de la question que le cadre ne connaît pas, et celui qui a été cherché à la place."""

    ecrit: str
    lu: str


@dataclass
class Index:
    """Le vocabulaire d'un cadre et les documents de chaque racine."""

    documents: list[Document]
    poids: dict[str, dict[int, float]] = field(default_factory=dict)
    longueurs: list[float] = field(default_factory=list)
    racines_des_mots: dict[str, str] = field(default_factory=dict)
    frequences: Counter[str] = field(default_factory=Counter)
    graphies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def construire(
        cls, documents: Iterable[Document], sigles: Mapping[str, str] | None = None
    ) -> "Index":
        """Bâtit l'index ; `sigles` donne le nom complet que chaque sigle abrège."""
        index = cls(list(documents))
        abreges = [(mots(sigle), " ".join(mots(nom))) for sigle, nom in (sigles or {}).items()]
        for numero, document in enumerate(index.documents):
            index._ajouter(numero, document, abreges)
        return index

    def _ajouter(
        self, numero: int, document: Document, abreges: list[tuple[list[str], str]]
    ) -> None:
        longueur = 0.0
        for poids, texte in document.champs:
            for graphie in MOT_ACCENTUE.findall(texte.lower()):
                self.graphies.setdefault(sans_accents(graphie), graphie)
            lus = mots(texte)
            plat = f" {' '.join(lus)} "
            # Qui cherche « CAF » trouve aussi la fiche qui écrit le nom en entier.
            lus += [m for sigle, nom in abreges if nom and f" {nom} " in plat for m in sigle]
            for mot in lus:
                if mot in MOTS_VIDES:
                    continue
                r = self.racines_des_mots.setdefault(mot, racine(mot))
                self.frequences[mot] += 1
                self.poids.setdefault(r, defaultdict(float))[numero] += poids
                longueur += poids
        self.longueurs.append(longueur)

    def chercher(
        self, question: str, sortes: frozenset[str] | None = None
    ) -> tuple[list[Trouvaille], list[Correction]]:
        """Rend les documents qui répondent, meilleurs d'abord, et les corrections de frappe faites."""
        termes, corrections = self._termes(question)
        if not termes:
            return [], corrections
        scores: dict[int, float] = defaultdict(float)
        touches: dict[int, set[int]] = defaultdict(set)
        repondants: dict[int, set[str]] = defaultdict(set)
        for rang, variantes in enumerate(termes):
            meilleurs: dict[int, float] = {}
            for r, confiance in variantes.items():
                for numero, score in self._scores(r).items():
                    meilleurs[numero] = max(meilleurs.get(numero, 0.0), confiance * score)
                    repondants[numero].add(r)
            for numero, score in meilleurs.items():
                scores[numero] += score
                touches[numero].add(rang)
        trouvailles = [
            Trouvaille(
                self.documents[numero],
                score * (len(touches[numero]) / len(termes)) ** 2,
                frozenset(repondants[numero]),
                len(touches[numero]) == len(termes),
            )
            for numero, score in scores.items()
            if sortes is None or self.documents[numero].sorte in sortes
        ]
        trouvailles.sort(key=lambda t: (-t.score, t.document.sorte, t.document.identifiant))
        return trouvailles, corrections

    def _scores(self, r: str) -> dict[int, float]:
        poids = self.poids.get(r, {})
        total = len(self.documents)
        moyenne = sum(self.longueurs) / total if total else 1.0
        rarete = math.log(1 + (total - len(poids) + 0.5) / (len(poids) + 0.5))
        return {
            numero: rarete
            * p
            * (K1 + 1)
            / (p + K1 * (1 - B + B * self.longueurs[numero] / (moyenne or 1.0)))
            for numero, p in poids.items()
        }

    def _termes(self, question: str) -> tuple[list[dict[str, float]], list[Correction]]:
        """Rend, pour chaque mot plein de la question, les racines à chercher et leur confiance."""
        ecrits = [mot for mot in mots(question) if mot not in MOTS_VIDES][:30]
        termes, corrections = [], []
        for rang, mot in enumerate(ecrits):
            variantes = {racine(mot): 1.0} if racine(mot) in self.poids else {}
            # Le dernier mot, s'il n'existe pas, est peut-être en train de s'écrire.
            if not variantes and rang == len(ecrits) - 1 and len(mot) >= 3:
                for connu, r in self.racines_des_mots.items():
                    if connu.startswith(mot):
                        variantes.setdefault(r, POIDS_DU_DEBUT)
            if not variantes and (proche := self._plus_proche(mot)):
                variantes[self.racines_des_mots[proche]] = POIDS_DE_LA_FAUTE
                corrections.append(Correction(mot, self.graphies.get(proche, proche)))
            termes.append(variantes)
        return termes, corrections

    def _plus_proche(self, mot: str) -> str:
        """Rend le mot connu le plus proche d'un mot inconnu, ou une chaîne vide.

        Une faute à partir de 4 lettres, deux à partir de 7 si l'initiale est la même ; à distance
        égale, la même initiale puis le mot le plus fréquent.
        """
        permises = 0 if len(mot) < 4 else 1 if len(mot) < 7 else 2
        if not permises:
            return ""
        candidats = process.extract(
            mot,
            list(self.racines_des_mots),
            scorer=OSA.distance,
            score_cutoff=permises,
            limit=12,
        )
        candidats = [c for c in candidats if c[1] == 1 or c[0][0] == mot[0]]
        if not candidats:
            return ""
        return min(
            candidats, key=lambda c: (c[1], c[0][0] != mot[0], -self.frequences[c[0]], c[0])
        )[0]
