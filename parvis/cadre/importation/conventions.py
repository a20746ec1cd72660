"""Conventions entre ministères, citées en une phrase parmi les dispositifs."""

from __future__ import annotations

import re

from .porteurs import sans_ouverture
from .texte import collapser, majuscule, plier

_CONVENTION = re.compile(
    r"^(?:la |les |une )?(conventions?\b.{5,160}?)\s+entre\s+(?:le |la |l')?(minist\w+\b.{3,160}?)"
    r"(?=,| et (?:le |la |l')?minist|\s+(?:et|signee|prevoit|souligne))"
)


def nom_de_convention(texte: str) -> str | None:
    """Rend le nom d'une convention entre ministères, avec le premier ministère nommé, sinon rien."""
    nu = sans_ouverture(texte)
    trouve = _CONVENTION.match(plier(nu[:500]))
    if trouve is None:
        return None
    nom = collapser(re.sub(r"[()]", "", nu[trouve.start(1) : trouve.end(1)]))
    ministere = re.sub(r"^[Mm]inist\w+", "ministère", nu[trouve.start(2) : trouve.end(2)])
    ministere = re.sub(
        r"^(ministère (?:des? |du )?(?:l['’]|la )?)(\w)",
        lambda m: m.group(1) + m.group(2).upper(),
        ministere,
    )
    return f"{majuscule(nom)} ({ministere})"
