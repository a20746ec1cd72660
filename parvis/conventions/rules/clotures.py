"""Ne pas verser le reste d'un acte : ce qui l'empêche."""

from collections.abc import Sequence
from decimal import Decimal


def motifs_empechant_de_clore(
    *,
    est_notifie: bool,
    est_clos: bool,
    a_un_retrait: bool,
    reste: Decimal,
    bilans_attendus: Sequence[str],
    motif: str,
) -> list[str]:
    """Rend tout ce qui empêche de ne pas verser le reste d'un acte.

    `bilans_attendus` : les projets de l'acte dont le bilan est dû, et n'est ni accepté ni dispensé.
    """
    if not est_notifie:
        return ["Cet acte n’est pas notifié : il s’annule, son reste ne s’abandonne pas."]
    if est_clos:
        return ["Le reste de cet acte ne se verse déjà plus."]
    if a_un_retrait:
        return [
            "Un retrait de cette subvention est ouvert ou décidé : il dit ce qui ne se verse plus."
        ]
    if reste <= 0:
        return ["Tout est versé : il n’y a pas de reste."]
    motifs = [
        f"« {projet} » n’a pas encore de bilan accepté : attendez-le, ou faites-le dispenser."
        for projet in bilans_attendus
    ]
    if not motif.strip():
        motifs.append("Dites pourquoi le reste ne se verse pas : l’organisme le lit.")
    return motifs
