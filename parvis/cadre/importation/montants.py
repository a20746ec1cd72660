"""Montants et parts écrits à côté d'un nom : « CAF : 60 % », « État 5 000 €, Commune 3 000 € »."""

from __future__ import annotations

import re

from .enumerations import enumerer
from .lexique import mots_imprimes, repertoire
from .segments import segmenter
from .texte import collapser

_NOMBRE = r"\d{1,3}(?:[   .]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNITE = (
    r"(?:%|pour\s?cents?\b|(?:k|M|m)?€|(?:k?euros?|k?eur)\b"
    r"|(?:millions?|milliards?|milliers?)\s+d['’]euros?\b)"
)
_NUANCE = (
    r"(?:environ|près de|jusqu['’]à|à hauteur de|au plus|au maximum|maximum|max\.?|minimum|soit)"
)
_DUREE = (
    r"(?:\s*(?:/|par)\s*an(?:née)?s?\b|\s+(?:maximum|max\.?|minimum|environ|du\s+coût\b[^,;()]*))*"
)
_MONTANT = re.compile(
    rf"(?:\b{_NUANCE}\s*)*(?<![\w.,])(?:{_NOMBRE})\s*(?:(?:à|-|–)\s*(?:{_NOMBRE})\s*)?{_UNITE}(?!\w)"
    rf"(?:\s*(?:HT|TTC)\b)?{_DUREE}",
    re.IGNORECASE,
)
_PARENTHESE = re.compile(r"\([^()]*\)?")
_BORDS = " \t,;:/+=-–—•."
_LIAISON = re.compile(r"^(?:et|puis|dont)\s+", re.IGNORECASE)
_DE = re.compile(r"^(?:de la |de l['’]|du |de |des |d['’]|par |pour )\s*", re.IGNORECASE)
_FIN_DE_LIEN = re.compile(r"\s+(?:pour|à hauteur de|de)$", re.IGNORECASE)


def parts_de(texte: str) -> list[tuple[str, str]]:
    """Rend (nom, montant ou part) de chaque nom d'un texte qui en écrit, sinon le texte seul."""
    montants = _montants(texte)
    if not montants:
        return [(texte, "")]
    finit_par_un_nom = bool(texte[montants[-1].end() :].strip(_BORDS))
    if finit_par_un_nom and not texte[: montants[0].start()].strip(_BORDS):
        return _apres_leur_montant(texte, montants)
    parts: list[tuple[str, str]] = []
    debut = 0
    for montant in montants:
        brut = texte[debut : montant.start()]
        nom = _nom(brut)
        if nom:
            parts.append((nom, "" if _pour_plusieurs(brut, nom) else collapser(montant.group())))
        elif parts:  # « État : 20 %, 5 000 € » : deux façons de dire la même part
            parts[-1] = (parts[-1][0], f"{parts[-1][1]}, {collapser(montant.group())}")
        debut = montant.end()
    return _avec_la_suite(parts, texte[debut:])


def sans_montant(texte: str) -> str:
    """Rend un texte sans les montants et les parts qu'il porte."""
    return collapser(_MONTANT.sub(" ", texte)).strip(" ,;:")


def est_un_montant(texte: str) -> bool:
    """Dit si un texte n'est qu'un montant ou une part."""
    return bool(_montants(texte)) and not sans_montant(texte).strip(_BORDS)


def _montants(texte: str) -> list[re.Match[str]]:
    """Rend les montants hors des parenthèses, qui précisent déjà le nom qu'elles suivent."""
    masque = _PARENTHESE.sub(lambda m: " " * len(m.group()), texte)
    return [m for m in _MONTANT.finditer(masque) if not _commence_un_nom(texte[m.start() :])]


def _commence_un_nom(texte: str) -> bool:
    """« 1 % logement » est un nom du lexique, pas une part."""
    suite = mots_imprimes(texte[:60])
    return bool(suite) and repertoire().au_debut(suite, 0) is not None


def _nom(brut: str) -> str:
    nom = _LIAISON.sub("", brut.strip(_BORDS))
    return _FIN_DE_LIEN.sub("", nom).strip(_BORDS)


def _avec_la_suite(parts: list[tuple[str, str]], reste: str) -> list[tuple[str, str]]:
    """Ce qui suit le dernier montant le précise (« (à confirmer) »), ou nomme encore quelqu'un."""
    nu = reste.strip(_BORDS)
    if not nu:
        return parts
    if parts and nu.startswith("(") and nu.endswith(")"):
        nom, montant = parts[-1]
        return [*parts[:-1], (nom, f"{montant} {nu}")]
    return [*parts, (_nom(reste), "")]


def _apres_leur_montant(texte: str, montants: list[re.Match[str]]) -> list[tuple[str, str]]:
    """« 5 000 € de la CAF, 60 % (État) » : chaque montant précède le nom qui le verse."""
    parts = []
    for rang, montant in enumerate(montants):
        fin = montants[rang + 1].start() if rang + 1 < len(montants) else len(texte)
        nom = texte[montant.end() : fin].strip(_BORDS)
        if nom.startswith("(") and nom.endswith(")") and nom.count("(") == 1:
            nom = nom[1:-1]
        nom = re.sub(r"\s+et$", "", _DE.sub("", nom)).strip(_BORDS)
        if nom:
            parts.append((nom, "" if _plusieurs(nom) else collapser(montant.group())))
    return parts


def _pour_plusieurs(brut: str, nom: str) -> bool:
    """« État, CAF : 30 000 € » : le montant est commun, on ne sait pas le partager."""
    return brut.rstrip().endswith((":", "=")) and _plusieurs(nom)


def _plusieurs(nom: str) -> bool:
    connus = [segment for segment in segmenter(nom) if segment.trouve is not None]
    return len(connus) > 1 or len(enumerer(nom)) > 1
