"""La loi d'un scénario : partager une somme entre des demandes, selon une règle que l'on peut dire.

Les comptes sont exacts (des fractions), puis arrondis vers le bas ; ce que l'arrondi laisse va aux
premiers dans l'ordre de priorité. Nul ne reçoit plus qu'il ne demande, ni que le plafond ; nul ne reçoit
moins que le plancher, sinon rien. Ces règles sont les nôtres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from parvis.instruction.enums import SensDAvis
from parvis.instruction.rules.avis import SANS_ARGENT
from parvis.programmation.enums import Partage, Priorite

ZERO = Decimal("0.00")
ARRONDIS = (1, 10, 50, 100, 500)
SCENARIOS_AU_PLUS = 20
COMPARES_AU_PLUS = 4
CHANGEMENTS_AU_PLUS = 500
# Du plus favorable au moins ; sans avis encore, on ne sait pas.
_RANGS = {
    SensDAvis.FAVORABLE: 0,
    SensDAvis.SOUS_RESERVE: 1,
    "": 2,
    SensDAvis.RESERVE: 3,
}


@dataclass(frozen=True)
class Regle:
    """Une règle de partage : comment, combien, entre quelles bornes, et qui passe d'abord."""

    partage: str
    priorite: str = Priorite.AVIS
    taux: int | None = None
    total: Decimal | None = None
    plafond: Decimal | None = None
    plancher: Decimal | None = None
    arrondi: int = 100


@dataclass(frozen=True)
class AServir:
    """Une demande à servir : ce qu'elle demande, et ce qui la range parmi les autres."""

    pk: int
    numero: int
    demande: Decimal
    sens: str = ""
    score: Fraction | None = None
    vote_avant: Decimal | None = None


def motifs_empechant_le_scenario(*, nom: str, regle: Regle, deja: int) -> list[str]:
    """Rend pourquoi un scénario ne se fait pas ainsi : tous les motifs à la fois."""
    motifs = []
    if not any(signe.isalnum() for signe in nom):
        motifs.append("Donnez un nom au scénario.")
    if regle.partage not in Partage.values:
        motifs.append("Choisissez comment partager.")
    elif regle.partage == Partage.TAUX:
        if regle.taux is None or not 1 <= regle.taux <= 100:
            motifs.append("Écrivez un pourcentage, de 1 à 100.")
    elif regle.total is None or regle.total <= 0:
        motifs.append("Écrivez la somme à partager.")
    if regle.priorite not in Priorite.values:
        motifs.append("Choisissez qui passe d’abord.")
    if regle.arrondi not in ARRONDIS:
        motifs.append("Choisissez un arrondi.")
    if regle.plafond is not None and regle.plafond <= 0:
        motifs.append("Un plafond est plus grand que zéro.")
    if regle.plancher is not None and regle.plancher < 0:
        motifs.append("Un plancher n’est pas négatif.")
    if regle.plafond and regle.plancher and regle.plancher > regle.plafond:
        motifs.append("Le plancher dépasse le plafond.")
    if deja >= SCENARIOS_AU_PLUS:
        motifs.append(f"Votre service a déjà {deja} scénarios : jetez-en un.")
    return motifs


def partager(regle: Regle, demandes: Sequence[AServir]) -> dict[int, Decimal]:
    """Rend ce que la règle donne à chaque demande ; un avis sans argent ne reçoit rien."""
    rendus = {une.pk: ZERO for une in demandes}
    plancher = Fraction(regle.plancher or 0)
    servies = [
        une
        for une in ranger(regle.priorite, demandes)
        if une.sens not in SANS_ARGENT
        and _maximum(regle, une) >= max(plancher, Fraction(regle.arrondi))
    ]
    if regle.partage == Partage.TAUX:
        parts = [
            min(_maximum(regle, une), Fraction(une.demande) * (regle.taux or 0) / 100)
            for une in servies
        ]
        arrondies = [_arrondir(part, regle.arrondi) for part in parts]
        dits = zip(servies, (p if p >= plancher else Fraction(0) for p in arrondies), strict=True)
    else:
        dits = zip(*_partager_une_somme(regle, servies, plancher), strict=True)
    return rendus | {une.pk: _en_euros(part) for une, part in dits}


def ranger(priorite: str, demandes: Sequence[AServir]) -> list[AServir]:
    """Rend les demandes dans l'ordre où elles passent ; à égalité, la première arrivée."""
    cles = {
        Priorite.AVIS: lambda d: (_RANGS.get(d.sens, 4),),
        Priorite.NOTE: lambda d: (d.score is None, -(d.score or 0)),
        Priorite.RECONDUITS: lambda d: (not d.vote_avant,),
        Priorite.NOUVEAUX: lambda d: (bool(d.vote_avant),),
        Priorite.PETITES: lambda d: (d.demande,),
        Priorite.NUMERO: lambda d: (),
    }
    cle = cles[Priorite(priorite)]
    return sorted(demandes, key=lambda d: (*cle(d), d.numero, d.pk))


def _partager_une_somme(
    regle: Regle, servies: list[AServir], plancher: Fraction
) -> tuple[list[AServir], list[Fraction]]:
    """Rend les demandes servies et leurs parts : le plus grand nombre possible, aucune sous le plancher.

    S'il faut en laisser, ce sont les dernières ; au prorata, les plus petites, dont la part ne fait rien.
    Une demande de plus n'augmente la part d'aucune autre : le nombre se cherche par moitiés.
    """
    rangs = {une.pk: rang for rang, une in enumerate(servies)}
    gardees = servies
    if regle.partage == Partage.PRORATA:
        gardees = sorted(servies, key=lambda une: (-une.demande, rangs[une.pk]))
    bas, haut, tenues, tenu = 0, len(servies), list[AServir](), list[Fraction]()
    while bas < haut:
        essai = (bas + haut + 1) // 2
        essayees = sorted(gardees[:essai], key=lambda une: rangs[une.pk])
        parts = _parts(regle, essayees)
        if all(part >= plancher and part > 0 for part in parts):
            bas, tenues, tenu = essai, essayees, parts
        else:
            haut = essai - 1
    return tenues, tenu


def _parts(regle: Regle, servies: list[AServir]) -> list[Fraction]:
    total = Fraction(regle.total or 0)
    maxima = [_arrondir(_maximum(regle, une), regle.arrondi) for une in servies]
    if regle.partage == Partage.ORDRE:
        en_ordre, reste = [], total
        for maximum in maxima:
            en_ordre.append(_arrondir(min(maximum, reste), regle.arrondi))
            reste -= en_ordre[-1]
        return en_ordre
    poids = [Fraction(une.demande if regle.partage == Partage.PRORATA else 1) for une in servies]
    parts = [_arrondir(part, regle.arrondi) for part in _verser(total, poids, maxima)]
    reste = total - sum(parts)
    for rang, part in enumerate(parts):
        # Ce que l'arrondi laisse, un pas à chacun, aux premiers d'abord.
        if reste >= regle.arrondi and part + regle.arrondi <= maxima[rang]:
            parts[rang] += regle.arrondi
            reste -= regle.arrondi
    return parts


def _verser(
    total: Fraction, poids: Sequence[Fraction], maxima: Sequence[Fraction]
) -> list[Fraction]:
    """Verse un total selon des poids, sans dépasser un maximum : ce que l'un ne prend pas va aux autres."""
    parts = [Fraction(0)] * len(poids)
    reste, pesent = total, sum(poids, Fraction(0))
    for rang in sorted(range(len(poids)), key=lambda r: maxima[r] / poids[r]):
        parts[rang] = min(maxima[rang], reste * poids[rang] / pesent)
        reste, pesent = reste - parts[rang], pesent - poids[rang]
    return parts


def _maximum(regle: Regle, une: AServir) -> Fraction:
    voulu = une.demande if regle.plafond is None else min(une.demande, regle.plafond)
    return Fraction(voulu)


def _arrondir(part: Fraction, pas: int) -> Fraction:
    return part // pas * Fraction(pas)


def _en_euros(part: Fraction) -> Decimal:
    return (Decimal(part.numerator) / Decimal(part.denominator)).quantize(ZERO)
