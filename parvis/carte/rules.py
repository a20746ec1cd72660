"""Combien de temps un lot d'adresses se garde, et ce qui empêche de le déposer."""

from datetime import timedelta

# La sorte de travail qui situe un lot.
NATURE = "carte.situer"
# Le temps de finir sa soirée et d'y revenir le lendemain.
DUREE_DE_GARDE = timedelta(hours=24)
# Le décompte, sans nom ni adresse, sert jusqu'au bilan du mois.
DUREE_DU_DECOMPTE = timedelta(days=30)
LIGNES_MAX = 100_000
LOTS_OUVERTS_MAX = 5


def motifs_empechant_le_depot(*, lignes: int, ouverts: int) -> list[str]:
    """Rend pourquoi un lot ne peut pas être déposé."""
    motifs = []
    if lignes == 0:
        motifs.append("Ce tableau n’a aucune ligne sous son en-tête.")
    if lignes > LIGNES_MAX:
        motifs.append(
            f"Ce tableau a {lignes} lignes ; le site en situe {LIGNES_MAX} à la fois. Coupez-le, ou "
            "demandez à qui tient le site de lancer « parvis situer »."
        )
    if ouverts >= LOTS_OUVERTS_MAX:
        motifs.append(
            f"Vous avez déjà {ouverts} tableaux en attente : téléchargez-les ou effacez-les d’abord."
        )
    return motifs
