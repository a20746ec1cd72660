"""Lire ce que l'on tape : un jour, un nombre, un courriel, comme on les écrit en français."""

import re
from datetime import date
from decimal import Decimal

_JOUR = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_NOMBRE = re.compile(r"-?\d{1,14}(\.\d{1,4})?")
_COURRIEL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def lire_un_jour(texte: str) -> date:
    """Rend le jour écrit « 31/12/2026 » ou « 2026-12-31 » ; lève ValueError."""
    if lu := _JOUR.fullmatch(texte.strip()):
        jour, mois, annee = map(int, lu.groups())
        return date(annee, mois, jour)
    return date.fromisoformat(texte.strip())


def jour_ou_rien(texte: object) -> date | None:
    """Rend le jour écrit, ou rien s'il n'y en a pas ou s'il ne se lit pas."""
    try:
        return lire_un_jour(str(texte or ""))
    except ValueError:
        return None


def lire_un_nombre(texte: str) -> Decimal:
    """Rend le nombre écrit « 2,5 » ou « 1 250 », quatre décimales au plus ; lève ValueError."""
    lisible = re.sub(r"[\s\u00a0\u202f]", "", texte).replace(",", ".")
    if not _NOMBRE.fullmatch(lisible):
        raise ValueError(f"« {texte} » n'est pas un nombre.")
    return Decimal(lisible)


def lire_un_courriel(texte: str) -> str:
    """Rend une adresse de courriel plausible ; lève ValueError."""
    if not _COURRIEL.fullmatch(texte.strip()):
        raise ValueError(f"« {texte} » n'est pas une adresse.")
    return texte.strip()
