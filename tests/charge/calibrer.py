"""Apprendre la confiance du moteur sur la première moitié des questions ; à lancer à la main.

Une régression logistique (Newton, peu régularisée) distingue ce que le contrat traite de ce qu'il
ne traite pas. Elle imprime ce que `parvis/orientation/moteur/decision.py` retient.
"""

from pathlib import Path

import numpy as np

from tests.charge import preparer_django

DONNEES = Path(__file__).parents[1] / "orientation" / "donnees"
# Une question hors du contrat compte pour cinq : il y en a peu, et un faux oui égare.
POIDS_DU_HORS = 5.0
# La part des questions de la première moitié à qui l'on accepte de dire non à tort.
PERTE = 0.012


def main() -> None:
    preparer_django()
    from parvis.orientation.moteur import decision
    from parvis.orientation.moteur.evaluation import lire_les_questions
    from parvis.orientation.queries.orientation import moteur_livre

    moteur = moteur_livre()

    def lire(texte: str) -> list[float]:
        question = moteur.lire(texte)
        valeurs = decision.indices(moteur, question, moteur.scores(question))
        return [valeurs[nom] for nom in decision.POIDS]

    def charger(nom: str) -> tuple[np.ndarray, np.ndarray]:
        questions = lire_les_questions(DONNEES / nom)
        traitees = np.array([bool(q.fiches) for q in questions])
        return np.array([lire(q.texte) for q in questions]), traitees

    x, traitees = charger("premiere-moitie.jsonl")
    phrases = (DONNEES / "phrases.txt").read_text(encoding="utf-8").splitlines()
    toutes = np.vstack([x, np.array([lire(phrase) for phrase in phrases])])
    reponses = np.r_[traitees, np.ones(len(phrases), bool)]
    poids = apprendre(toutes, reponses)
    # L'ordonnée se décale pour que le non se dise sous une chance sur deux.
    seuil = float(np.quantile(prevoir(poids, x)[traitees], PERTE))
    poids[0] -= np.log(seuil / (1 - seuil))
    print(f"ORDONNEE = {poids[0]:.3f}")
    for nom, valeur in zip(decision.POIDS, poids[1:], strict=True):
        print(f'    "{nom}": {valeur:.3f},')
    for nom in ("premiere-moitie.jsonl", "seconde-moitie.jsonl"):
        x, traitees = charger(nom)
        refusees = prevoir(poids, x) < decision.SEUIL
        print(
            f"{nom} : non à {refusees[~traitees].mean():.3f} des questions hors du contrat, "
            f"à {refusees[traitees].mean():.4f} des autres"
        )


def apprendre(x: np.ndarray, reponses: np.ndarray) -> np.ndarray:
    """Rend l'ordonnée et les poids de la régression, par la méthode de Newton."""
    x = np.c_[np.ones(len(x)), x]
    importance = np.where(reponses, 1.0, POIDS_DU_HORS)
    retenue = np.r_[0.0, np.ones(x.shape[1] - 1)]
    poids = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ poids))
        pente = x.T @ (importance * (reponses - p)) - retenue * poids
        courbure = (x * (importance * p * (1 - p))[:, None]).T @ x + np.diag(retenue)
        poids = poids + np.linalg.solve(courbure, pente)
    return poids


def prevoir(poids: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Rend la confiance de chaque ligne."""
    return 1 / (1 + np.exp(-poids[0] - x @ poids[1:]))


if __name__ == "__main__":
    main()
