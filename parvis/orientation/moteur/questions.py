"""La question qui départage : quand des fiches se disputent la tête, demander ce qui les distingue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.lecture import NOTION

# Des fiches se disputent la tête quand elles ont au moins cette part du score de la première.
PART_DE_LA_PREMIERE = 0.72
REPONSES = 3
# Une fiche porte une notion en plein à partir de cette part de celle qui la porte le plus.
PART_PLEINE = 0.4
# Une notion distingue une fiche quand les autres en lice la portent moins que cette part du plein.
PART_DES_AUTRES = 0.25
# Ce que devient le score d'une fiche qui ne porte pas une réponse.
RECUL = 0.6
PUBLIC, LIEU, ACTIVITE, STRUCTURE = "public", "lieu", "activite", "structure"
# Ce que la personne est ne dit pas ce qu'elle veut faire : un opérateur cité monte à peine.
_GAINS = {PUBLIC: 0.6, LIEU: 0.6, ACTIVITE: 0.6, STRUCTURE: 0.2}
# Ce qui se répond à une question, dans l'ordre où elles se posent.
PRECISABLES = (PUBLIC, ACTIVITE, LIEU)
_DEMANDES = {
    PUBLIC: "C’est surtout pour qui ?",
    LIEU: "C’est où ?",
    ACTIVITE: "Qu’allez-vous surtout faire ?",
}


@dataclass(frozen=True)
class Precision:
    """Ce que la personne précise, par un choix ou une réponse : une sorte et sa valeur."""

    sorte: str
    valeur: str
    # Répondue à une question, elle fait reculer les fiches qui ne la portent pas.
    est_une_reponse: bool = False


@dataclass(frozen=True)
class Departage:
    """La question qui sépare les fiches en lice ; chaque réponse en fait passer une devant."""

    sorte: str
    demande: str
    reponses: tuple[tuple[Precision, str], ...]


def ajuster(moteur: Moteur, scores: np.ndarray, precisions: Iterable[Precision]) -> np.ndarray:
    """Rend les scores où ce que la personne précise fait monter les fiches qui le portent."""
    for precision in dict.fromkeys(precisions):
        portees = _portees(moteur, precision)
        if plus_forte := portees.max(initial=0.0):
            part = np.minimum(1.0, portees / (PART_PLEINE * plus_forte))
            recul = RECUL if precision.est_une_reponse else 1.0
            scores = (
                scores * np.maximum(recul, 1.0 * (part > 0)) * (1 + _GAINS[precision.sorte] * part)
            )
    return scores


def _portees(moteur: Moteur, precision: Precision) -> np.ndarray:
    """Rend combien chaque fiche porte une précision."""
    if precision.sorte == ACTIVITE:
        return moteur.poste(NOTION + precision.valeur)
    traits = [_traits(moteur, fiche, precision.sorte) for fiche in range(len(moteur.fiches))]
    # Une fiche qui ne nomme aucun lieu vaut pour tous.
    vaut_partout = precision.sorte == LIEU and not precision.est_une_reponse
    return np.array([precision.valeur in t or (vaut_partout and not t) for t in traits], float)


def _traits(moteur: Moteur, fiche: int, sorte: str) -> tuple[str, ...]:
    une = moteur.fiches[fiche]
    return {PUBLIC: une.publics, LIEU: une.lieux, STRUCTURE: une.structures}[sorte]


def en_lice(scores: np.ndarray) -> list[int]:
    """Rend les fiches qui se disputent la première place, dans l'ordre ; une seule si elle se détache."""
    seuil = PART_DE_LA_PREMIERE * scores.max(initial=0.0)
    lice = np.flatnonzero((scores >= seuil) & (scores > 0))
    return sorted(map(int, lice), key=lambda fiche: (-scores[fiche], fiche))


def departager(
    moteur: Moteur, lice: Sequence[int], deja: Iterable[Precision] = ()
) -> Departage | None:
    """Rend la seule question qui sépare les fiches de tête, d'après ce qui diffère entre elles, ou rien.

    Chaque réponse fait passer une autre fiche devant ; une sorte de question ne se pose qu'une fois.
    """
    posees = {precision.sorte for precision in deja}
    possibles = []
    for sorte in (s for s in PRECISABLES if s not in posees):
        propres = {
            f: propre for f in lice[:REPONSES] if (propre := _propre(moteur, f, lice, sorte))
        }
        if len(propres) > 1 and lice[0] in propres:
            possibles.append((sorte, propres))
    if not possibles:
        return None
    # Celle qui en sépare le plus ; à égalité, pour qui passe avant quoi, et quoi avant où.
    sorte, propres = max(possibles, key=lambda possible: len(possible[1]))
    reponses = tuple(
        (Precision(sorte, propre, est_une_reponse=True), moteur.fiches[fiche].numero)
        for fiche, propre in propres.items()
    )
    return Departage(sorte, _DEMANDES[sorte], reponses)


def _propre(moteur: Moteur, fiche: int, lice: Sequence[int], sorte: str) -> str:
    """Rend ce qu'une fiche a, et qu'aucune autre en lice n'a ; rien si tout se partage."""
    autres = [autre for autre in lice if autre != fiche]
    if sorte != ACTIVITE:
        partages = {trait for autre in autres for trait in _traits(moteur, autre, sorte)}
        return next((t for t in _traits(moteur, fiche, sorte) if t not in partages), "")
    notions = (
        (poids[fiche], unite)
        for unite in moteur.endroits(fiche)
        if unite.startswith(NOTION)
        and _se_choisit(moteur, unite.removeprefix(NOTION))
        and (plein := PART_PLEINE * (poids := moteur.poste(unite)).max()) <= poids[fiche]
        and poids[autres].max(initial=0.0) <= PART_DES_AUTRES * plein
    )
    return max(notions, default=(0.0, NOTION))[1].removeprefix(NOTION)


def _se_choisit(moteur: Moteur, code: str) -> bool:
    """Dit si une notion se choisit comme une chose à faire : ni public, ni structure, ni sigle."""
    notion = moteur.thesaurus.notions[code]
    return notion.est_une_activite and not notion.est_hors
