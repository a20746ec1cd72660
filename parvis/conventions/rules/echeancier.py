"""Quand et comment un acte se paie : en une fois, ou un acompte puis un solde."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.conventions.enums import SorteDEcheance
from parvis.socle.montants import ecrire_montant, repartir

# Loi n° 2000-321, article 10, telle que changée par la loi n° 2021-875 : soixante jours après la
# notification, sauf si l'acte en dispose autrement.
JOURS_POUR_PAYER = 60
A_LA_NOTIFICATION = "la notification de l’acte"
AU_BILAN = "l’acceptation du compte rendu financier"


@dataclass(frozen=True)
class EcheancePrevue:
    """Un versement à venir : sa sorte, son montant, sa date ou ce qu'il attend."""

    sorte: str
    montant: Decimal
    prevue_le: date | None = None
    condition: str = ""


def echeancier(montant: Decimal, acompte: int) -> list[EcheancePrevue]:
    """Rend comment un montant se verse, l'acompte étant en pour cent ; rien pour un acte sans argent."""
    if montant <= 0:
        return []
    premier, reste = repartir(montant, [acompte, 100 - acompte])
    # Trop petit pour se partager, le montant se verse en une fois.
    if not reste or not premier:
        return [EcheancePrevue(SorteDEcheance.UNIQUE, montant, None, A_LA_NOTIFICATION)]
    return [
        EcheancePrevue(SorteDEcheance.ACOMPTE, premier, None, A_LA_NOTIFICATION),
        EcheancePrevue(SorteDEcheance.SOLDE, reste, None, AU_BILAN),
    ]


def condition_ecrite(texte: str) -> str:
    """Rend une condition avec nos apostrophes : tapée au clavier, elle reste celle que l'on reconnaît."""
    return texte.strip().replace("'", "’")


def motifs_empechant_l_echeancier(
    echeances: Sequence[EcheancePrevue], montant: Decimal
) -> list[str]:
    """Rend pourquoi cet échéancier ne convient pas : une somme qui n'est pas celle de l'acte."""
    total = sum((e.montant for e in echeances), Decimal(0))
    motifs = [
        "Une échéance dit quand elle se verse, ou ce qu’elle attend."
        for e in echeances
        if e.prevue_le is None and not e.condition.strip()
    ][:1]
    if any(e.prevue_le is not None and e.condition.strip() for e in echeances):
        motifs.append("Une échéance a une date, ou attend quelque chose : pas les deux.")
    if any(e.montant <= 0 for e in echeances):
        motifs.append("Une échéance est d’un montant positif.")
    if total != montant:
        motifs.append(
            f"Les échéances font {ecrire_montant(total)} ; l’acte engage {ecrire_montant(montant)}."
        )
    return motifs
