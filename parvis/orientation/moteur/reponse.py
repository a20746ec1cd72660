"""Orienter : d'une question aux fiches avec leurs raisons, ou à un non et à sa sortie."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from parvis.cadre.importation.publics import publics_d_une_rubrique
from parvis.orientation.moteur import decision
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.lecture import LONGUEUR_LUE, Correction
from parvis.orientation.moteur.questions import (
    PUBLIC,
    Departage,
    Precision,
    ajuster,
    departager,
    en_lice,
)
from parvis.orientation.moteur.raisons import Raison, projets_qui_repondent, raisons

FICHES_MONTREES = 5
FICHES_PROCHES = 3
# Une longue demande qui nomme un sujet traité ailleurs en dit souvent un autre aussi.
MOTS_D_UNE_LONGUE_DEMANDE = 6
# Le numéro d'une fiche : « fiche 13-2 » dans une phrase, ou « 13-2 » tout seul. « 2-3 ans » n'en est pas un.
_NUMERO = r"([A-Za-z]{0,4}[-.]?\d+(?:[-.]\w+)+)(?![\w-])"
NOMMEE = re.compile(
    rf"\b(?:fiches?|actions?)\s+(?:n°\s*)?{_NUMERO}|^\W*{_NUMERO}\W*$", re.IGNORECASE
)
# Une fiche loin derrière la première n'est pas une piste.
PART_MONTREE = 0.4


@dataclass(frozen=True)
class Piste:
    """Une fiche qui répond, et pourquoi."""

    numero: str
    titre: str
    raisons: list[Raison]
    # Les projets attendus qui répondent, tels qu'ils sont imprimés.
    projets: list[str]


@dataclass(frozen=True)
class Non:
    """Pourquoi rien ne répond, et à qui s'adresser."""

    motif: str
    sujet: str = ""
    issue: str = ""
    # Les fiches les moins éloignées : la demande dit peut-être aussi autre chose.
    proches: list[tuple[str, str]] = field(default_factory=list)


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
    nommees = _nommees(moteur, texte)
    confiance = 1.0 if nommees else decision.confiance(moteur, question, bruts)
    if motif := decision.motif_d_un_non(question, confiance):
        est_longue = question.mots_pleins >= MOTS_D_UNE_LONGUE_DEMANDE
        non = _sortie(moteur, question.hors, motif, ordonner(bruts) if est_longue else [])
        return Orientation(texte, [], confiance, question.corrections, non=non)
    scores = ajuster(moteur, bruts, precisions)
    ordre = ordonner(scores)
    pistes = [_nommee(moteur, fiche, ecrit) for fiche, ecrit in nommees.items()]
    for fiche in ordre if not nommees else ():
        if scores[fiche] < PART_MONTREE * scores[ordre[0]]:
            break
        une = moteur.fiches[fiche]
        pourquoi = raisons(moteur, question, fiche)
        projets = projets_qui_repondent(moteur, question, fiche)
        pistes.append(Piste(une.numero, une.titre, pourquoi, projets))
    # Un public écrit en toutes lettres ne se redemande pas.
    dits = [Precision(PUBLIC, code) for code in publics_d_une_rubrique(texte)]
    departage = departager(moteur, en_lice(scores), [*precisions, *dits]) if not nommees else None
    return Orientation(texte, pistes, confiance, question.corrections, departage)


def _nommees(moteur: Moteur, texte: str) -> dict[int, str]:
    """Rend les fiches dont la question écrit le numéro (« fiche 13-2 »), et comment elle l'écrit."""
    ecrits = {a or b for a, b in NOMMEE.findall(texte[:LONGUEUR_LUE])}
    trouvees = [f for f, fiche in enumerate(moteur.fiches) if fiche.numero in ecrits]
    return {fiche: moteur.fiches[fiche].numero for fiche in trouvees[:FICHES_MONTREES]}


def _nommee(moteur: Moteur, fiche: int, ecrit: str) -> Piste:
    une = moteur.fiches[fiche]
    raison = Raison(ecrit, ecrit, "Numéro", f"{ecrit} {une.titre}", 0, len(ecrit))
    return Piste(une.numero, une.titre, [raison], [])


def ordonner(scores: np.ndarray) -> list[int]:
    """Rend les cinq meilleures fiches de score non nul ; à égalité, l'ordre du contrat."""
    repondent = np.flatnonzero(scores > 0)
    if len(repondent) > FICHES_MONTREES:
        # À égalité avec la dernière retenue, toutes restent : le tri qui suit tranche.
        seuil = np.partition(scores[repondent], -FICHES_MONTREES)[-FICHES_MONTREES]
        repondent = repondent[scores[repondent] >= seuil]
    return [int(f) for f in sorted(repondent, key=lambda f: (-scores[f], f))[:FICHES_MONTREES]]


def _sortie(moteur: Moteur, hors: dict[str, float], motif: str, ordre: list[int]) -> Non:
    """Rend le non, avec la notion hors du contrat la plus forte, où elle se traite, et le plus proche."""
    if motif != decision.HORS_DU_CONTRAT:
        return Non(motif)
    proches = [(moteur.fiches[f].numero, moteur.fiches[f].titre) for f in ordre[:FICHES_PROCHES]]
    code = max(hors, key=lambda code: (hors[code], code))
    # Ce que le contrat dit d'un sujet vaut pour ceux qui en font partie (« vers »).
    parents = (code, *moteur.thesaurus.notions[code].vers)
    dite = next((moteur.issues[parent] for parent in parents if parent in moteur.issues), code)
    notion = moteur.thesaurus.notions[dite]
    return Non(motif, notion.nom, notion.issue, proches)
