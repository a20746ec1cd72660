"""Titres du document : mots de niveau, numéros, dièses, gras et capitales, quelle que soit la page."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from .blocs import Rangee, Titre
from .fragments import blocs_de, texte_de
from .lexique import charger_lexique
from .numeros import NumeroImprime, numero_apres_un_mot
from .texte import cle, plier

_DIESES = re.compile(r"^\s*(#{1,6})\s*")
_FLECHES = " \t*_→➔➜►▶⇒>»-–—•"
_CITE = re.compile(r"\s*«\s*(?P<cite>[^«»]+?)\s*»\s*")
_SANS_NUMERO = re.compile(rf"\s*[:–—]\s*(?P<texte>\S.*)$|{_CITE.pattern}$", re.DOTALL)
LONGUEUR_MAX = 1000
_DIESES_D_ANNEXE = 2  # plus bas, « Notes » est une partie d'une fiche
_COURT = 250


@cache
def _motifs() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Rend (niveau habituel, clé du mot, motif) pour chaque mot de niveau, les plus longs d'abord."""
    niveaux = charger_lexique("rubriques")["niveaux"]
    mots = [(niveau, mot) for niveau, formes in niveaux.items() for mot in formes]
    mots.sort(key=lambda paire: -len(paire[1]))
    return tuple(
        (niveau, cle(mot), re.compile(rf"{re.escape(plier(mot))}s?(?!\w)")) for niveau, mot in mots
    )


def mot_imprime(clef: str) -> str:
    """Rend le mot de niveau du vocabulaire dont c'est la clé."""
    niveaux = charger_lexique("rubriques")["niveaux"]
    return next(mot for formes in niveaux.values() for mot in formes if cle(mot) == clef)


@cache
def _cles(nom: str) -> frozenset[str]:
    return frozenset(cle(mot) for mot in charger_lexique("rubriques")[nom])


def titre_de(rangee: Rangee) -> Titre | None:
    """Rend le titre que porte une ligne seule (les autres cellules vides), sinon rien."""
    if not rangee.titre_lu:
        rangee.titre_lu.append(_lire(rangee))
    return rangee.titre_lu[0]


def _lire(rangee: Rangee) -> Titre | None:
    if rangee.titre is not None:
        return rangee.titre
    if rangee.est_suite or rangee.tableau is not None:
        return None
    autres = [cellule for cellule in rangee.cellules[1:] if cellule.strip()]
    if not autres:
        return titre_du_texte(rangee.cellules[0])
    if len(autres) == 1 and len(rangee.cellules[0]) < _COURT and len(autres[0]) < _COURT:
        return _en_deux_cellules(rangee.cellules[0], texte_de(autres[0]))
    return None


def _en_deux_cellules(tete: str, suite: str) -> Titre | None:
    """Rend le titre dont le mot est dans une cellule : « Fiche n°3 | Le bus », ou « Fiche | n°3 »."""
    numerote = titre_du_texte(tete)
    if numerote is not None and numerote.mot and numerote.numero and not numerote.texte:
        return replace(numerote, texte=suite)
    nu = texte_de(tete).rstrip(" :")
    niveau, mot, fin = mot_de_niveau(nu)
    # « Fiches » est la colonne d'un index, et non le titre de l'une d'elles
    seul = niveau == "fiche" and fin == len(nu) and not nu.endswith(("s", "S"))
    lu = numero_apres_un_mot(suite) if seul else None
    if lu is not None and not lu.texte and not lu.est_lettre:
        return Titre(niveau, lu.numero, "", mot=mot)
    return None


def titre_du_texte(brut: str) -> Titre | None:
    """Rend le titre contenu dans un texte imprimé, au niveau habituel de son mot, sinon rien."""
    if len(brut) > LONGUEUR_MAX:
        return None
    dieses = _DIESES.match(brut)
    nu = _sans_fleches(texte_de(_sans_ancre(brut[dieses.end() :] if dieses else brut)))
    if not nu:
        return None
    rang = len(dieses.group(1)) if dieses else 0
    capitales, gras = _forme(nu, brut[rang:] if dieses else brut)
    apparent = bool(rang or capitales or gras)
    niveau, mot, fin = mot_de_niveau(nu)
    trouve = _apres_le_mot(nu[fin:], apparent) if mot else None
    if mot and trouve is None and niveau == "pilier" and apparent and nu[fin:].strip():
        trouve = "", nu[fin:].strip()  # « PILIER COHÉSION SOCIALE »
    if trouve is not None:
        return Titre(niveau, *trouve, rang, capitales, gras, mot)
    return _titre_sans_mot(nu, rang, capitales, gras)


def mot_de_niveau(nu: str) -> tuple[str, str, int]:
    """Rend (niveau habituel, clé, fin) du mot de niveau qui ouvre un texte, ou des vides."""
    plie = plier(nu)
    for niveau, mot, motif in _motifs():
        if trouve := motif.match(plie):
            return niveau, mot, trouve.end()
    return "", "", 0


def _apres_le_mot(suite: str, apparent: bool) -> tuple[str, str] | None:
    """Rend (numéro, texte) de ce qui suit un mot de niveau, ou rien si ce n'est qu'une phrase."""
    lu = numero_apres_un_mot(suite)
    if lu is not None and (lu.separe or not lu.est_lettre or (apparent and _est_romain(lu))):
        # « L'action 1 du programme vise… » : une phrase, pas un titre
        phrase = not lu.separe and lu.texte[:1].islower()
        if not phrase and (apparent or len(lu.texte) <= _COURT or not lu.texte.endswith(".")):
            return lu.numero, lu.texte
    nomme = _SANS_NUMERO.match(suite) if apparent else None
    if nomme is not None and len(suite) <= _COURT:
        return "", _sans_guillemets((nomme["texte"] or nomme["cite"]).strip())
    return None


def _est_romain(lu: NumeroImprime) -> bool:
    """Dit si « AXE II EMPLOI » porte un numéro : les chiffres romains n'y sont pas un mot du titre."""
    return set(lu.numero) <= set("IVX") and bool(lu.texte)


def _sans_fleches(nu: str) -> str:
    """Retire les flèches autour d'un titre ; « » » y ferme une citation s'il y a de quoi la fermer."""
    nu = nu.lstrip(_FLECHES)
    citation = nu.count("«") >= nu.count("»") > 0
    return nu.rstrip(_FLECHES.replace("»", "") if citation else _FLECHES)


def _sans_guillemets(texte: str) -> str:
    """Retire les guillemets qui entourent tout un titre (« Thématique : « Santé » »)."""
    cite = _CITE.fullmatch(texte)
    return cite["cite"] if cite else texte


def _sans_ancre(brut: str) -> str:
    """Retire la marque de puce qui précéderait un titre."""
    return brut.lstrip(" →➔➜►▶⇒")


def _forme(nu: str, brut: str) -> tuple[bool, bool]:
    """Dit si un texte est tout en capitales, et tout en gras."""
    lettres = [c for c in nu if c.isalpha()]
    blocs = blocs_de(brut, 0)
    # une puce en capitales ou en gras reste une puce (« • PEDT – PRE. »)
    seul = len(blocs) == 1 and blocs[0].genre != "puce"
    return (
        seul and len(lettres) > 3 and all(c.isupper() for c in lettres),
        seul and blocs[0].tout_gras,
    )


def _titre_sans_mot(nu: str, dieses: int, capitales: bool, gras: bool) -> Titre | None:
    clef = cle(nu)
    for niveau in ("sommaire", "preambule"):
        if clef in _cles(niveau):
            return Titre(niveau, "", nu, dieses)
    if 0 < dieses <= _DIESES_D_ANNEXE and clef in _cles("annexes"):
        return Titre("annexe", "", nu, dieses)
    if len(nu) < _COURT and (dieses or capitales or gras):
        return Titre("libre", "", nu, dieses, capitales, gras)
    return None
