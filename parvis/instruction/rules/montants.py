"""La loi d'un montant que l'on propose sans rouvrir son avis : ce qui s'en garde, ce qui l'empêche."""

from decimal import Decimal

from parvis.instruction.enums import SensDAvis
from parvis.instruction.rules.avis import SANS_ARGENT


def motifs_empechant_de_proposer(
    *, sens: str, montant: Decimal | None, version_jugee: int | None, version: int
) -> list[str]:
    """Rend pourquoi un montant ne se propose pas ainsi ; vide s'il se propose.

    `sens` est celui du dernier avis du service, vide s'il n'en a pas, et `version_jugee` celle sur
    laquelle il l'a rendu. Changer d'avis se fait en relisant le dossier, pas dans une case.
    """
    if not sens and montant is None:
        return ["Écrivez un montant : votre service ne propose encore rien."]
    if sens in SANS_ARGENT:
        dit = SensDAvis(sens).label.lower()
        return [
            f"L’avis de votre service est « {dit} » : il ne propose pas d’argent. Changez d’avis sur "
            "la page du dossier."
        ]
    if version_jugee is not None and version_jugee < version:
        return [
            f"Le dossier a été complété depuis votre avis (version {version}) : lisez ce qui change "
            "sur la page du dossier, puis rendez votre avis."
        ]
    return []
