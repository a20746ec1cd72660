"""Mesurer l'orientation sur des questions étiquetées."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

SORTES = ("titre", "courant", "sms", "cerfa", "hors")
HORS = "hors"


@dataclass(frozen=True)
class QuestionEtiquetee:
    """Une question, sa sorte, et les fiches qui y répondent ; aucune si elle est hors du contrat."""

    identifiant: str
    sorte: str
    texte: str
    fiches: tuple[str, ...]


@dataclass
class Mesure:
    """Ce que valent les réponses à une sorte de questions."""

    sorte: str
    nombre: int = 0
    premieres: int = 0
    dans_les_trois: int = 0
    inverses: float = 0.0
    vides: int = 0
    ratees: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def part(self, compte: float) -> float:
        """Rend une part du nombre de questions, 0 s'il n'y en a pas."""
        return compte / self.nombre if self.nombre else 0.0

    @property
    def hit1(self) -> float:
        return self.part(self.premieres)

    @property
    def hit3(self) -> float:
        return self.part(self.dans_les_trois)

    @property
    def mrr(self) -> float:
        return self.part(self.inverses)

    @property
    def non(self) -> float:
        """Rend la part des questions auxquelles il est répondu non."""
        return self.part(self.vides)


def lire_les_questions(fichier: Path) -> list[QuestionEtiquetee]:
    """Rend les questions d'un fichier JSONL ; lève ValueError, la ligne nommée, s'il est mal formé."""
    questions = []
    for rang, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1):
        if not ligne.strip():
            continue
        try:
            lu = json.loads(ligne)
            fiches = tuple(str(numero) for numero in lu.get("fiches", ()))
            sorte = str(lu.get("sorte") or lu.get("kind") or ("question" if fiches else HORS))
            questions.append(QuestionEtiquetee(str(lu["id"]), sorte, str(lu["query"]), fiches))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(
                f"Ligne {rang} : attendu {{'id', 'query', 'fiches', 'sorte'}} en JSON."
            ) from None
    return questions


def mesurer(
    questions: Iterable[QuestionEtiquetee], repondre: Callable[[str], list[str]]
) -> list[Mesure]:
    """Rend les mesures de chaque sorte, puis de toutes celles que le contrat traite.

    `repondre` rend les numéros des fiches, la meilleure d'abord ; une liste vide est un non.
    """
    par_sorte: dict[str, Mesure] = {}
    toutes = Mesure("toutes, hors du contrat exclues")
    for question in questions:
        mesure = par_sorte.setdefault(question.sorte, Mesure(question.sorte))
        rendues = repondre(question.texte)
        for une in (mesure, toutes) if question.fiches else (mesure,):
            _compter(une, question, rendues)
    ordre = {sorte: rang for rang, sorte in enumerate(SORTES)}
    sortes = sorted(par_sorte.values(), key=lambda m: (ordre.get(m.sorte, len(ordre)), m.sorte))
    return [*sortes, toutes]


def _compter(mesure: Mesure, question: QuestionEtiquetee, rendues: list[str]) -> None:
    mesure.nombre += 1
    mesure.vides += not rendues
    rang = next((r for r, numero in enumerate(rendues, 1) if numero in question.fiches), 0)
    mesure.premieres += rang == 1
    mesure.dans_les_trois += 0 < rang <= 3
    mesure.inverses += 1 / rang if rang else 0.0
    if rang != 1 and (question.fiches or rendues):
        mesure.ratees.append((question.identifiant, question.texte, rendues[:3]))
