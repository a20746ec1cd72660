"""Mots rares à une lettre d'un mot attesté : une lettre doublée, perdue ou échangée à l'intérieur."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from .lexique import charger_lexique, sigles_connus
from .structure import Anomalie
from .texte import plier
from .texte_nu import Passage

_MOT = re.compile(r"(?<![\w'’@/.-])(?:[dlnsjmtcDLNSJMTC]['’])?([^\W\d_]{8,30})(?![\w@/-])")
# Un mot est attesté par nos lexiques, ou parce que le document l'imprime souvent.
SOUVENT, RARE = 4, 2


def relire_les_mots(textes: list[Passage]) -> list[Anomalie]:
    """Rend les mots imprimés une ou deux fois qui ressemblent trop à un mot attesté."""
    places: dict[str, list[Passage]] = {}
    for passage in textes:
        for mot in _MOT.findall(passage.texte):
            places.setdefault(mot.lower(), []).append(passage)
    comptes = Counter({mot: len(ou) for mot, ou in places.items()})
    souvent = {mot for mot, nombre in comptes.items() if nombre >= SOUVENT}
    attestes = {plier(mot): mot for mot in sorted(_attestes() | souvent)}
    formes: dict[str, set[str]] = {}
    for plie in attestes:
        for trou in _trous(plie):
            formes.setdefault(trou, set()).add(plie)
    resultat = []
    for mot, ou in places.items():
        modele = _modele(mot, attestes, formes) if len(ou) <= RARE else None
        if modele is not None:
            resultat += [
                Anomalie(p.ligne, "faute_probable", f"« {mot} » : peut-être « {modele} »")
                for p in ou
            ]
    return list(dict.fromkeys(resultat))


def _modele(mot: str, attestes: dict[str, str], formes: dict[str, set[str]]) -> str | None:
    plie = plier(mot)
    nus = {plie, plie.rstrip("s"), plie + "s"}
    if nus & attestes.keys():
        return None
    trous = _trous(plie)
    voisins = {voisin for trou in (plie, *trous) for voisin in formes.get(trou, ())}
    for voisin in sorted(voisins | (attestes.keys() & trous)):
        if _une_lettre(plie, voisin):
            return attestes[voisin]
    return None


def _trous(mot: str) -> list[str]:
    """Rend le mot privé d'une lettre intérieure, chacune à son tour."""
    return [mot[:rang] + mot[rang + 1 :] for rang in range(1, len(mot) - 3)]


def _une_lettre(mot: str, voisin: str) -> bool:
    """Lettre doublée ou dédoublée, consonne perdue, ou deux lettres voisines échangées."""
    if len(mot) == len(voisin):
        rangs = [rang for rang, (a, b) in enumerate(zip(mot, voisin, strict=True)) if a != b]
        return (
            len(rangs) == 2
            and rangs[1] == rangs[0] + 1
            and mot[rangs[0]] == voisin[rangs[1]]
            and mot[rangs[1]] == voisin[rangs[0]]
        )
    court, long = sorted((mot, voisin), key=len)
    if len(long) != len(court) + 1:
        return False
    rang = next(
        (i for i, (a, b) in enumerate(zip(court, long, strict=False)) if a != b), len(court)
    )
    return 0 < rang < len(long) - 3 and court == long[:rang] + long[rang + 1 :]


@cache
def _attestes() -> frozenset[str]:
    textes = [f"{e['developpe']} {e['explication']}" for e in sigles_connus()]
    textes += [p["nom"] for p in charger_lexique("partenaires")["partenaires"]]
    textes += charger_lexique("tournures")["relecture"]["mots_attestes"]
    return frozenset(mot for texte in textes for mot in _MOT.findall(texte.lower()))
