"""Orienter : d'une question aux fiches avec leurs raisons, ou à un non et à sa sortie."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from parvis.orientation.moteur import decision
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.lecture import Correction
from parvis.orientation.moteur.questions import (
    Departage,
    Precision,
    ajuster,
    departager,
    en_lice,
)
from parvis.orientation.moteur.raisons import Raison, projets_qui_repondent, raisons

FICHES_MONTREES = 5
# Une fiche loin derrière la première n'est pas une piste.
PART_MONTREE = 0.3


@dataclass(frozen=True)
class Piste:
    """Une fiche qui répond : ce qu'elle vaut par rapport à la première, et pourquoi."""

    numero: str
    titre: str
    part: float
    raisons: list[Raison]
    # Les projets attendus qui répondent, tels qu'ils sont imprimés.
    projets: list[str]


@dataclass(frozen=True)
class Non:
    """Pourquoi rien ne répond, et à qui s'adresser."""

    motif: str
    sujet: str = ""
    issue: str = ""


@dataclass(frozen=True)
class Orientation:
    """Ce que le contrat répond à une question."""

    question: str
    pistes: list[Piste]
    confiance: float
    corrections: list[Correction]
    departage: Departage | None = None
    non: Non | None = None


def orienter(moteur: Moteur, texte: str, precisions: Iterable[Precision] = ()) -> Orientation:
    """Rend jusqu'à cinq fiches, chacune avec ses raisons, ou un non et son motif.

    `precisions` : ce que la personne a choisi ou répondu ; chacune change l'ordre, jamais le non.
    """
    precisions = list(precisions)
    question = moteur.lire(texte)
    bruts = moteur.scores(question)
    confiance = decision.confiance(decision.indices(moteur, question, bruts))
    if motif := decision.motif_d_un_non(question, bruts, confiance):
        non = _sortie(moteur, question.hors, motif)
        return Orientation(texte, [], confiance, question.corrections, non=non)
    scores = ajuster(moteur, bruts, precisions)
    ordre = ordonner(scores)
    pistes = []
    for fiche in ordre:
        if scores[fiche] < PART_MONTREE * scores[ordre[0]]:
            break
        une = moteur.fiches[fiche]
        part = float(scores[fiche] / scores[ordre[0]])
        pourquoi = raisons(moteur, question, fiche)
        projets = projets_qui_repondent(moteur, question, fiche)
        pistes.append(Piste(une.numero, une.titre, part, pourquoi, projets))
    departage = departager(moteur, en_lice(scores), precisions)
    return Orientation(texte, pistes, confiance, question.corrections, departage)


def ordonner(scores: np.ndarray) -> list[int]:
    """Rend les cinq meilleures fiches de score non nul ; à égalité, l'ordre du contrat."""
    repondent = np.flatnonzero(scores > 0)
    if len(repondent) > FICHES_MONTREES:
        # À égalité avec la dernière retenue, toutes restent : le tri qui suit tranche.
        seuil = np.partition(scores[repondent], -FICHES_MONTREES)[-FICHES_MONTREES]
        repondent = repondent[scores[repondent] >= seuil]
    return [int(f) for f in sorted(repondent, key=lambda f: (-scores[f], f))[:FICHES_MONTREES]]


def _sortie(moteur: Moteur, hors: dict[str, float], motif: str) -> Non:
    """Rend le non, avec la notion hors du contrat la plus forte et où elle se traite."""
    if motif != decision.HORS_DU_CONTRAT:
        return Non(motif)
    code = max(hors, key=lambda code: (hors[code], code))
    # Ce que le contrat dit d'un sujet vaut pour ceux qui en font partie (« vers »).
    parents = (code, *moteur.thesaurus.notions[code].vers)
    dite = next((moteur.issues[parent] for parent in parents if parent in moteur.issues), code)
    notion = moteur.thesaurus.notions[dite]
    return Non(motif, notion.nom, notion.issue)
