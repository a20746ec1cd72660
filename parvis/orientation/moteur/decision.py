"""Répondre, ou dire non honnêtement : la confiance d'une réponse, et le motif d'un non."""

from math import exp, log1p

import numpy as np

from parvis.orientation.moteur.classement import FICHES_D_UN_CONTRAT, Moteur
from parvis.orientation.moteur.lecture import NOTION, Question

# Un non se dit sous cette confiance.
SEUIL = 0.5
# La confiance : une régression logistique sur ce que dit `indices`, apprise par
# tests/charge/calibrer.py sur la première moitié des questions étiquetées.
ORDONNEE = 1.228
POIDS = {
    "meilleur": -0.807,
    "par_mot": 1.010,
    "plus_fort": -0.953,
    "ecart": -2.325,
    "mots": 1.510,
    "hors": -3.119,
    "part_hors": 0.678,
    "hors_devant": -3.049,
}
# Ce que vaudrait une notion hors du contrat si une fiche la portait en plein.
FORCE_DU_HORS = 5.0
# Une notion hors du contrat s'entend à partir de ce poids : un mot entier, pas un indice.
HORS_ENTENDU = 0.5

# Jusque-là, ce n'est pas une phrase, c'est une recherche.
MOTS_D_UNE_RECHERCHE = 2
FORCE_D_UNE_RECHERCHE = 0.8
DOUTE_D_UNE_RECHERCHE = 0.05

HORS_DU_CONTRAT = "hors_du_contrat"
TROP_PEU_DE_MOTS = "trop_peu_de_mots"
RIEN_NE_REPOND = "rien_ne_repond"
# Ce que chaque motif dit à la personne.
PHRASES = {
    HORS_DU_CONTRAT: "Ce contrat n’a pas de fiche pour cela.",
    TROP_PEU_DE_MOTS: "Il manque quelques mots pour vous répondre.",
    RIEN_NE_REPOND: "Aucune fiche du contrat ne parle de ce que vous écrivez.",
}


def indices(moteur: Moteur, question: Question, scores: np.ndarray) -> dict[str, float]:
    """Rend ce qui dit si la première réponse est fondée.

    La rareté d'un mot croît avec le nombre de fiches : les scores s'y rapportent, pour que les
    contrats de toute taille se comparent.
    """
    echelle = log1p(max(len(scores), FICHES_D_UN_CONTRAT))
    ordre = np.sort(scores)[::-1] / echelle
    meilleur = float(ordre[0]) if len(ordre) else 0.0
    cinquieme = float(ordre[4]) if len(ordre) > 4 else 0.0
    apports = moteur.apports(question, int(scores.argmax())) if meilleur else []
    notions = sum(poids for unite, poids in question.poids.items() if unite.startswith(NOTION))
    hors = sum(question.hors.values())
    return {
        "meilleur": log1p(meilleur),
        "par_mot": log1p(meilleur / (question.mots_pleins or 1)),
        "plus_fort": log1p(apports[0][0] / echelle) if apports else 0.0,
        "ecart": (meilleur - cinquieme) / meilleur if meilleur else 0.0,
        "mots": log1p(question.mots_pleins),
        "hors": log1p(hors),
        "part_hors": hors / (hors + notions) if hors else 0.0,
        "hors_devant": log1p(FORCE_DU_HORS * hors) - log1p(meilleur),
    }


def confiance(moteur: Moteur, question: Question, scores: np.ndarray) -> float:
    """Rend la probabilité que la première réponse soit fondée, de 0 à 1.

    Un ou deux mots ne font pas une phrase : c'est une recherche, et ce que le contrat dit fort suffit.
    """
    if question.mots_de_sujet == 0 or not scores.any():
        return 0.0
    valeurs = indices(moteur, question, scores)
    apprise = 1 / (1 + exp(-ORDONNEE - sum(POIDS[nom] * v for nom, v in valeurs.items())))
    est_une_recherche = question.mots_pleins <= MOTS_D_UNE_RECHERCHE and not question.hors
    est_dite = apprise >= DOUTE_D_UNE_RECHERCHE and valeurs["plus_fort"] >= FORCE_D_UNE_RECHERCHE
    if question.est_d_ici or (est_une_recherche and est_dite):
        return max(apprise, SEUIL)
    return apprise


def motif_d_un_non(question: Question, confiance: float) -> str:
    """Rend pourquoi dire non, ou une chaîne vide quand la confiance suffit."""
    if confiance >= SEUIL:
        return ""
    if question.mots_de_sujet == 0:
        return TROP_PEU_DE_MOTS
    est_hors = max(question.hors.values(), default=0.0) >= HORS_ENTENDU
    return HORS_DU_CONTRAT if est_hors else RIEN_NE_REPOND
