"""Un bilan tel qu'il reste une fois rendu : ce qu'il dit, ce qu'il laisse, ce qu'on y a joint."""

from typing import Any

from parvis.evaluation.models import Bilan, PieceDeBilan
from parvis.evaluation.queries.bilans import BilanLu, reliquat


def contenu_a_rendre(lu: BilanLu) -> dict[str, Any]:
    """Rend tout ce que dit un bilan au moment de le rendre ; un montant s'y écrit en texte."""
    bilan, dossier = lu.bilan, lu.bilan.dossier
    laisse = reliquat(lu)
    return {
        "titre": dossier.projet.titre,
        "porteur": dossier.projet.porteur.retenu.nom,
        "contrat": dossier.appel.contrat.titre,
        "reference": dossier.reference,
        "exercice": bilan.exercice,
        "sorte": bilan.sorte,
        "issue": lu.contexte.issue,
        "prevu": bilan.prevu,
        # Un objet de PostgreSQL ne garde pas l'ordre de ses clés : chaque section porte son rang.
        "sections": {
            code: {"rang": rang, "titre": lue.section.titre, "valeur": dict(lue.valeur)}
            for rang, (code, lue) in enumerate(lu.sections.items())
        },
        "reliquat": None
        if laisse is None
        else {
            "prevu": str(laisse.prevu),
            "reel": str(laisse.reel),
            "parts": [
                {
                    "financeur": part.financeur,
                    "vote": str(part.vote),
                    "verse": str(part.verse),
                    "part": str(part.part),
                    "non_depense": str(part.non_depense),
                    "est_declare": part.est_declare,
                }
                for part in laisse.parts
            ],
        },
        "pieces": [_piece(piece) for piece in pieces_du_bilan(bilan)] if "pieces" in lu.sections else [],
    }  # fmt: skip


def _piece(piece: PieceDeBilan) -> dict[str, Any]:
    return {
        "sorte": piece.sorte,
        "legende": piece.legende,
        "nom": piece.fichier.nom,
        "poids": piece.fichier.poids,
        "fichier": str(piece.fichier.identifiant),
    }


def pieces_du_bilan(bilan: Bilan) -> list[PieceDeBilan]:
    """Rend les photos et les documents joints à un bilan, dans l'ordre où on les a joints."""
    return list(bilan.pieces.select_related("fichier"))


def piece_du_bilan(bilan: Bilan, pk: int) -> PieceDeBilan:
    """Rend une pièce jointe à un bilan que l'on lit déjà ; lève PieceDeBilan.DoesNotExist."""
    return bilan.pieces.select_related("fichier").get(pk=pk)
