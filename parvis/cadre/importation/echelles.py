"""Échelle d'intervention d'un pilier ou d'une fiche : ce que disent le préambule, le titre, le descriptif."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from .fragments import Bloc
from .texte import cle, cle_souple, phrases, plier


def echelle_du_pilier(titre: str, preambule: str) -> str | None:
    """Rend l'échelle que le préambule donne à un pilier cité : agglomération, partagée, ou rien."""
    clef = cle(titre)
    for cite, echelle in _piliers_cites(preambule):
        if fuzz.ratio(cite, clef) >= 85 or (len(cite) > 8 and clef.startswith(cite)):
            return echelle
    return None


@lru_cache(maxsize=8)
def _piliers_cites(preambule: str) -> tuple[tuple[str, str], ...]:
    """Rend les piliers que le préambule cite à propos de l'échelle intercommunale."""
    resultat = []
    for phrase in phrases(preambule.replace("\n", " ")):
        plie = plier(phrase)
        if "intercommuna" in plie and "pilier" in plie:
            echelle = "agglomeration" if "ensemble du pilier" in plie else "partagee"
            resultat += [
                (cle(cite), echelle) for cite in re.findall(r"«\s*([^«»]{3,200}?)\s*»", phrase)
            ]
    return tuple(resultat)


@lru_cache(maxsize=8)
def _sujets_intercommunaux(preambule: str) -> tuple[frozenset[str], ...]:
    """Rend les sujets que le préambule confie à l'agglomération, en radicaux de cinq lettres."""
    sujets: list[frozenset[str]] = []
    precedente = ""
    for phrase in phrases(preambule.replace("\n", " ")):
        plie = plier(phrase)
        if (
            re.match(r"il s'agit|notamment|c'est le cas", plie)
            and "intervention intercommunale" in precedente
        ):
            for morceau in re.split(r",| et ", phrase):
                sujets.append(_radicaux(morceau))
        precedente = plie
    return tuple(sujet for sujet in sujets if len(sujet) > 1)


def _radicaux(texte: str) -> frozenset[str]:
    return frozenset(mot[:5] for mot in cle_souple(texte).split() if len(mot) > 3)


def echelle_de_la_fiche(
    titre: str, descriptif: list[Bloc], du_pilier: str | None, preambule: str
) -> str | None:
    """Rend l'échelle d'une fiche : celle du préambule, puis la sienne ; rien si rien ne la dit.

    Ce qu'un préambule ne confie pas à l'agglomération, il le laisse aux communes.
    """
    radicaux, sujets = _radicaux(titre), _sujets_intercommunaux(preambule)
    if du_pilier == "agglomeration" or any(len(radicaux & s) >= 2 for s in sujets):
        return "agglomeration"
    dit = "intercommuna" in plier(titre) or any(
        "intercommuna" in plier(bloc.texte) for bloc in descriptif
    )
    if du_pilier == "partagee" or dit:
        return "partagee"
    return "communes" if sujets or _piliers_cites(preambule) else None
