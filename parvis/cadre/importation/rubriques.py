"""Libellés de rubriques : synonymes, libellés raccourcis ou mal imprimés."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from .lexique import charger_lexique
from .texte import cle, plier

LONGUEUR_MAX = 110
AMBIGU = "ambigu"
_PLURIEL = re.compile(r"\((?:e?s|x)\)", re.IGNORECASE)  # « Porteur(s) de projet »
_MOTS_D_UN_LIBELLE = 8
_DEBUT_MIN = 6
_MOTS_SANS_CONTENU = 6


@dataclass(frozen=True, slots=True)
class Libelle:
    """Rubrique reconnue ; `ecart` dit en quoi le libellé imprimé diffère du libellé attendu."""

    code: str
    ecart: str | None = None
    nature: str | None = None  # libelle_mal_imprime | libelle_raccourci


@dataclass(frozen=True, slots=True)
class LibelleImprime:
    """Rubrique qu'ouvre une ligne, son libellé tel qu'imprimé, et ce que la ligne en dit déjà."""

    libelle: Libelle
    imprime: str
    contenu: str = ""


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


@cache
def descriptives() -> tuple[str, ...]:
    """Rend les codes des rubriques dont le texte fait le descriptif d'une fiche."""
    return tuple(charger_lexique("rubriques")["descriptives"])


@cache
def _de_contenu() -> frozenset[str]:
    return frozenset(cle(mot) for mot in charger_lexique("rubriques")["libelles_de_contenu"])


def dit_le_contenu(imprime: str) -> bool:
    """Dit si un libellé n'annonce que ce que fait l'action, sans contexte ni objectifs."""
    return cle(imprime) in _de_contenu()


@cache
def _sans_contenu() -> frozenset[str]:
    return frozenset(cle(mot) for mot in charger_lexique("rubriques")["sans_contenu"])


def dit_sans_contenu(texte: str) -> bool:
    """Dit si un texte ne fait qu'annoncer qu'il n'y a rien (« Néant », « À définir »)."""
    debut = cle(texte)
    return len(texte.split()) <= _MOTS_SANS_CONTENU and any(
        debut == mot or debut.startswith(f"{mot} ") for mot in _sans_contenu()
    )


def attendu(code: str) -> str:
    """Rend le libellé complet d'une rubrique."""
    return charger_lexique("rubriques")["rubriques"][code][0]


@lru_cache(maxsize=4096)
def reconnaitre(imprime: str, seuil: float = 78) -> Libelle | None:
    """Rend la rubrique d'un libellé, même raccourci ou mal imprimé, sinon rien.

    Un libellé ambigu (« Partenaires ») a pour code « ambigu » : sa place dans la fiche tranche.
    """
    imprime = _PLURIEL.sub("", imprime).strip().rstrip(":").strip()
    cherche = cle(imprime)
    if not cherche or len(imprime) > LONGUEUR_MAX:
        return None
    for connue, code, libelle in _formes():
        if cherche == connue:
            if code == "titre" and imprime.endswith("s"):
                return Libelle(
                    "types_d_action"
                )  # « Action » nomme la fiche, « Actions » les siennes
            return _exacte(code, libelle, cherche)
    if est_ambigu(imprime):
        return Libelle(AMBIGU)
    return _debut(imprime, cherche) or _approchee(imprime, cherche, seuil)


def deviner(imprime: str) -> Libelle | None:
    """Rend la rubrique dont un libellé inconnu porte un mot (« Moyens de droit commun »), sinon rien."""
    plie = plier(_PLURIEL.sub("", imprime)).replace("œ", "oe")
    if not 0 < len(plie.split()) <= _MOTS_D_UN_LIBELLE:
        return None
    for code, motif in _mots_de_rubrique():
        if motif.search(plie):
            return Libelle(code, f"« {imprime} » lu comme « {attendu(code)} »", "libelle_devine")
    return None


@cache
def _mots_de_rubrique() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lignes = charger_lexique("rubriques")["mots_de_rubrique"]
    return tuple((ligne["code"], re.compile(rf"\b(?:{ligne['mots']})\b")) for ligne in lignes)


def _debut(imprime: str, cherche: str) -> Libelle | None:
    """Rend la seule rubrique dont un libellé commence par ces mots (« Leviers »), sinon rien."""
    codes = {code for connue, code, _ in _formes() if connue.startswith(f"{cherche} ")}
    if len(codes) != 1 or len(cherche) < _DEBUT_MIN:
        return None
    (code,) = codes
    return Libelle(code, f"« {imprime} » lu comme « {attendu(code)} »", "libelle_raccourci")


def est_ambigu(imprime: str) -> bool:
    """Dit si un libellé nomme des partenaires sans dire s'ils financent ou s'ils portent."""
    return cle(imprime) in _ambigus()


@cache
def _ambigus() -> frozenset[str]:
    return frozenset(map(cle, charger_lexique("rubriques")["libelles_ambigus"]))


@cache
def de_financement() -> frozenset[str]:
    """Rend les codes des rubriques qui disent d'où vient l'argent."""
    return frozenset(charger_lexique("rubriques")["de_financement"])


def trancher(imprime: str, code: str) -> Libelle:
    """Rend la rubrique que sa place donne à un libellé ambigu."""
    texte = f"« {imprime} » lu comme « {attendu(code)} » par sa place"
    return Libelle(code, texte, "libelle_raccourci")


def _exacte(code: str, libelle: str, cherche: str) -> Libelle:
    complet = attendu(code)
    if cherche == cle(complet) or code not in principales():
        return Libelle(code)
    if len(cherche) < len(cle(complet)):
        return Libelle(code, f"« {libelle} » lu comme « {complet} »", "libelle_raccourci")
    return Libelle(code)


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
