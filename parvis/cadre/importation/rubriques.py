"""Libellés de rubriques : synonymes, libellés raccourcis ou mal imprimés."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from .lexique import charger_lexique
from .texte import cle

LONGUEUR_MAX = 110


@dataclass(frozen=True, slots=True)
class Libelle:
    """Rubrique reconnue ; `ecart` dit en quoi le libellé imprimé diffère du libellé attendu."""

    code: str
    ecart: str | None = None
    nature: str | None = None  # libelle_mal_imprime | libelle_raccourci


@cache
def _formes() -> tuple[tuple[str, str, str], ...]:
    """Rend (clé, code, libellé imprimé) pour chaque synonyme."""
    rubriques = charger_lexique("rubriques")["rubriques"]
    return tuple(
        (cle(libelle), code, libelle)
        for code, libelles in rubriques.items()
        for libelle in libelles
    )


@cache
def principales() -> tuple[str, ...]:
    """Rend les codes des rubriques attendues dans toute fiche, dans l'ordre."""
    return tuple(charger_lexique("rubriques")["principales"])


def attendu(code: str) -> str:
    """Rend le libellé complet d'une rubrique."""
    return charger_lexique("rubriques")["rubriques"][code][0]


def reconnaitre(imprime: str, deja: tuple[str, ...] = (), seuil: float = 78) -> Libelle | None:
    """Rend la rubrique d'un libellé, même raccourci ou mal imprimé, sinon rien.

    `deja` : rubriques déjà ouvertes dans la fiche, pour trancher un libellé ambigu par sa place.
    """
    imprime = imprime.strip().rstrip(":").strip()
    cherche = cle(imprime)
    if not cherche or len(imprime) > LONGUEUR_MAX:
        return None
    for connue, code, libelle in _formes():
        if cherche == connue:
            return _exacte(code, libelle, cherche)
    ambigu = _ambigu(imprime, cherche, deja)
    if ambigu is not None:
        return ambigu
    return _approchee(imprime, cherche, seuil)


def _exacte(code: str, libelle: str, cherche: str) -> Libelle:
    complet = attendu(code)
    if cherche == cle(complet) or code not in principales():
        return Libelle(code)
    if len(cherche) < len(cle(complet)):
        return Libelle(code, f"« {libelle} » lu comme « {complet} »", "libelle_raccourci")
    return Libelle(code)


def _ambigu(imprime: str, cherche: str, deja: tuple[str, ...]) -> Libelle | None:
    for libelle, codes in charger_lexique("rubriques")["libelles_ambigus"].items():
        if cle(libelle) == cherche:
            code = next((code for code in codes if code not in deja), codes[-1])
            return Libelle(
                code,
                f"« {imprime} » lu comme « {attendu(code)} » par sa place",
                "libelle_raccourci",
            )
    return None


def _approchee(imprime: str, cherche: str, seuil: float) -> Libelle | None:
    notes: dict[str, float] = {}
    for connue, code, _ in _formes():
        if len(connue) > 5:
            notes[code] = max(notes.get(code, 0.0), _ressemblance(cherche, connue))
    ordre = sorted(notes.items(), key=lambda paire: -paire[1])
    (code, note), (_, second) = ordre[0], ordre[1]
    if note < seuil or note - second < 4:
        return None
    return Libelle(code, f"« {imprime} » lu comme « {attendu(code)} »", "libelle_mal_imprime")


def _ressemblance(cherche: str, connue: str) -> float:
    mots = connue.split()
    if (
        len(mots) > 2 and cherche.split()[0] == mots[0]
    ):  # même premier mot : la fin peut avoir été coupée
        return max(
            fuzz.ratio(cherche, connue),
            fuzz.partial_ratio(cherche, connue) - 5 if len(cherche) > 12 else 0,
        )
    return fuzz.ratio(cherche, connue)
