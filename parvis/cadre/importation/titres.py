"""Titres du document : pilier, enjeu, fiche, sommaire, préambule, quelle que soit leur mise en forme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .blocs import Rangee
from .fragments import blocs_de, texte_de
from .lexique import charger_lexique
from .texte import cle, plier

_DIESES = re.compile(r"^\s*(#{1,6})\s*")
_FLECHES = " \t*_→➔➜►▶⇒>»-–—•"
_SUITE = (
    r"\s*(?:n\s*[°ºo.]*\s*|°\s*)?(\d{1,3})(?:\s*[-–—.]\s*(\d{1,3}))?\s*(?:[:.–—-]\s*|\s+|$)(.*)$"
)


@dataclass(frozen=True, slots=True)
class Titre:
    """Titre reconnu ; `numero` vaut « 3 » pour un enjeu, « 3-1 » pour une fiche."""

    niveau: str  # pilier | enjeu | fiche | sommaire | preambule | libre
    numero: str
    texte: str
    dieses: int = 0
    majuscules: bool = False
    gras: bool = False


@cache
def _motifs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    niveaux = charger_lexique("rubriques")["niveaux"]
    resultat = []
    for niveau, formes in niveaux.items():
        choix = "|".join(re.escape(plier(forme)) for forme in sorted(formes, key=len, reverse=True))
        resultat.append((niveau, re.compile(rf"(?:{choix}){_SUITE}", re.DOTALL)))
    return tuple(resultat)


@cache
def _cles(nom: str) -> frozenset[str]:
    return frozenset(cle(mot) for mot in charger_lexique("rubriques")[nom])


def titre_de(rangee: Rangee) -> Titre | None:
    """Rend le titre que porte une ligne seule (les autres cellules vides), sinon rien."""
    if any(cellule.strip() for cellule in rangee.cellules[1:]) or rangee.est_suite:
        return None
    return titre_du_texte(rangee.cellules[0])


def titre_du_texte(brut: str) -> Titre | None:
    """Rend le titre contenu dans un texte imprimé, sinon rien."""
    if len(brut) > 1000:
        return None
    dieses = _DIESES.match(brut)
    nu = texte_de(_sans_ancre(brut[dieses.end() :] if dieses else brut)).strip(_FLECHES).strip()
    if not nu:
        return None
    rang = len(dieses.group(1)) if dieses else 0
    plie = plier(nu)
    for niveau, motif in _motifs():
        trouve = motif.match(plie)
        if trouve is None or (niveau == "fiche" and not trouve.group(3)):
            continue
        if niveau != "fiche" and trouve.group(2):
            continue
        numero = trouve.group(1).lstrip("0") or "0"
        if trouve.group(2):
            numero += "-" + (trouve.group(2).lstrip("0") or "0")
        return Titre(niveau, numero, nu[trouve.start(3) :].strip(), rang)
    return _titre_sans_numero(nu, rang, brut)


def _sans_ancre(brut: str) -> str:
    """Retire la marque de puce qui précéderait un titre."""
    return brut.lstrip(" →➔➜►▶⇒")


def _titre_sans_numero(nu: str, dieses: int, brut: str) -> Titre | None:
    clef = cle(nu)
    if clef in _cles("sommaire"):
        return Titre("sommaire", "", nu, dieses)
    if clef in _cles("preambule"):
        return Titre("preambule", "", nu, dieses)
    lettres = [c for c in nu if c.isalpha()]
    capitales = len(lettres) > 3 and all(c.isupper() for c in lettres)
    blocs = blocs_de(brut[dieses:] if dieses else brut, 0)
    gras = len(blocs) == 1 and blocs[0].tout_gras
    if len(nu) < 250 and (dieses or capitales or gras):
        return Titre("libre", "", nu, dieses, capitales, gras)
    return None
