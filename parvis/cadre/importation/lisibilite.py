"""La tenue de nos textes : assez longs pour dire, assez courts pour être lus."""

from __future__ import annotations

import re

from .structure import ContratLu, Fiche

MOTS_MIN, MOTS_MAX = 60, 200
MOTS_PAR_PHRASE = 20
MOTS_DE_L_ACCROCHE = 28

_MOT = re.compile(r"[\w’'-]+")
_FIN_DE_PHRASE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Þ«\d])|\n+")


def phrases(texte: str) -> list[str]:
    """Rend les phrases d'un texte."""
    return [p for p in _FIN_DE_PHRASE.split(texte.strip()) if _MOT.search(p)]


def compter_mots(texte: str) -> int:
    """Rend le nombre de mots d'un texte."""
    return len(_MOT.findall(texte))


def defauts(contrat: ContratLu) -> list[str]:
    """Rend une phrase par défaut de lisibilité : longueur, phrases trop longues, accroche."""
    return [f"fiche {f.numero} : {defaut}" for f in contrat.fiches for defaut in _defauts(f)]


def _defauts(fiche: Fiche) -> list[str]:
    trouves = []
    total = compter_mots(fiche.descriptif)
    suite = phrases(fiche.descriptif)
    if not MOTS_MIN <= total <= MOTS_MAX:
        trouves.append(f"{total} mots, il en faut de {MOTS_MIN} à {MOTS_MAX}.")
    if suite and total / len(suite) >= MOTS_PAR_PHRASE:
        trouves.append(f"{total / len(suite):.1f} mots par phrase, {MOTS_PAR_PHRASE} au plus.")
    premier = fiche.descriptif.strip().partition("\n\n")[0]
    if len(phrases(premier)) != 1 or compter_mots(premier) > MOTS_DE_L_ACCROCHE:
        trouves.append("le premier paragraphe n'est pas une seule phrase courte.")
    if not fiche.types_d_action:
        trouves.append("aucun type de projet.")
    return trouves
