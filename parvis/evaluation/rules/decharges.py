"""Un bilan reçu autrement, ou dispensé : ce qui l'empêche, et comment cela se dit."""

from datetime import date

from parvis.dossiers.enums import SorteDeDecharge
from parvis.evaluation.enums import EtatDeBilan
from parvis.evaluation.rules.bilans import CLOS

MOTIF_AU_PLUS = 1000


def motifs_empechant_la_decharge(
    *,
    sorte: str,
    recu_le: date | None,
    motif: str,
    exercice: int,
    etat_du_bilan: str,
    jour: date,
) -> list[str]:
    """Rend pourquoi un bilan ne se note ni reçu autrement ni dispensé ; `etat_du_bilan` vide, pas ouvert."""
    if etat_du_bilan in CLOS:
        return ["Ce bilan est déjà accepté."]
    if etat_du_bilan == EtatDeBilan.RENDU:
        return ["Ce bilan est rendu ici : acceptez-le, ou faites-le compléter."]
    motifs = []
    if sorte not in SorteDeDecharge.values:
        motifs.append("Dites si le bilan est reçu autrement, ou si vous n’en attendez pas.")
    if sorte == SorteDeDecharge.RECU_AUTREMENT:
        if recu_le is None:
            motifs.append("Dites quel jour vous l’avez reçu.")
        elif recu_le > jour:
            motifs.append("Le jour où vous l’avez reçu est à venir.")
        elif recu_le.year < exercice:
            motifs.append(f"Ce jour vient avant l’exercice {exercice}.")
    if not motif:
        motifs.append("Dites pourquoi, en une phrase : tous la liront.")
    return motifs


def motifs_si_decharge(sorte: str) -> list[str]:
    """Rend pourquoi un bilan déchargé ne s'ouvre, ne s'écrit ni ne se rend ; vide s'il ne l'est pas."""
    if not sorte:
        return []
    dit = SorteDeDecharge(sorte).label.lower()
    return [f"Ce bilan est noté « {dit} » : il n’est plus à rendre ici."]


def dire_la_decharge(*, sorte: str, recu: str, motif: str) -> str:
    """Rend une décharge en une phrase, la même pour tous ; `recu` est le jour, en clair."""
    point = "" if motif.endswith((".", "!", "?", "…")) else "."
    if sorte == SorteDeDecharge.RECU_AUTREMENT:
        return f"Reçu autrement le {recu} : {motif}{point}"
    return f"Dispensé : {motif}{point}"
