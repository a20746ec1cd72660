"""Ce qui change d'un texte à l'autre, mot par mot."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Nature = Literal["egal", "retire", "ajoute"]
_LIGNES = re.compile(r"[^\n]*\n|[^\n]+")
_MOTS = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
# Deux lignes qui n'ont presque rien en commun se lisent mieux l'une après l'autre.
_RESSEMBLANCE = 0.3
# Au-delà de ce produit de longueurs, un passage entier se lit retiré, puis ajouté.
_TROP = 4_000_000


@dataclass(frozen=True)
class Morceau:
    """Une suite de mots gardée, retirée ou ajoutée."""

    nature: Nature
    texte: str


def comparer_les_mots(avant: str, apres: str) -> list[Morceau]:
    """Rend les morceaux qui mènent d'un texte à l'autre ; gardés et retirés redonnent le premier.

    Les lignes s'apparient d'abord, puis les mots de celles qui changent.
    """
    morceaux: list[Morceau] = []
    for nature, texte in _par_lignes(_LIGNES.findall(avant), _LIGNES.findall(apres)):
        if not texte:
            continue
        if morceaux and morceaux[-1].nature == nature:
            morceaux[-1] = Morceau(nature, morceaux[-1].texte + texte)
        else:
            morceaux.append(Morceau(nature, texte))
    return morceaux


def _par_lignes(avant: list[str], apres: list[str]) -> Iterator[tuple[Nature, str]]:
    for geste, i, j, k, m in SequenceMatcher(None, avant, apres, autojunk=False).get_opcodes():
        if geste == "equal":
            yield "egal", "".join(avant[i:j])
        elif geste == "replace":
            yield from _par_mots("".join(avant[i:j]), "".join(apres[k:m]))
        else:
            yield "retire", "".join(avant[i:j])
            yield "ajoute", "".join(apres[k:m])


def _par_mots(avant: str, apres: str) -> Iterator[tuple[Nature, str]]:
    mots, autres = _MOTS.findall(avant), _MOTS.findall(apres)
    debut = _commun(mots, autres)
    fin = _commun(mots[debut:][::-1], autres[debut:][::-1])
    yield "egal", "".join(mots[:debut])
    milieux = mots[debut : len(mots) - fin], autres[debut : len(autres) - fin]
    yield from _au_milieu(*milieux, est_seul=not (debut or fin))
    yield "egal", "".join(mots[len(mots) - fin :])


def _commun(mots: list[str], autres: list[str]) -> int:
    """Rend combien de mots deux suites ont en commun depuis leur début."""
    paires = zip(mots, autres, strict=False)
    return next((rang for rang, (a, b) in enumerate(paires) if a != b), min(len(mots), len(autres)))


def _au_milieu(
    mots: list[str], autres: list[str], *, est_seul: bool
) -> Iterator[tuple[Nature, str]]:
    avant, apres = "".join(mots), "".join(autres)
    if len(mots) * len(autres) > _TROP:  # rapprocher prendrait des secondes
        yield "retire", avant
        yield "ajoute", apres
        return
    rapprochement = SequenceMatcher(None, mots, autres, autojunk=False)
    if est_seul and rapprochement.ratio() < _RESSEMBLANCE:
        yield "retire", avant
        yield "ajoute", apres
        return
    for geste, i, j, k, m in _sans_miettes(rapprochement.get_opcodes(), mots):
        if geste == "equal":
            yield "egal", "".join(mots[i:j])
        else:
            yield "retire", "".join(mots[i:j])
            yield "ajoute", "".join(autres[k:m])


def _sans_miettes(
    gestes: Sequence[tuple[str, int, int, int, int]], mots: list[str]
) -> list[tuple[str, int, int, int, int]]:
    """Réunit deux changements que ne sépare qu'une espace : « trois mots » plutôt que trois fois un."""
    reunis: list[tuple[str, int, int, int, int]] = []
    for rang, (geste, i, j, k, m) in enumerate(gestes):
        milieu = 0 < rang < len(gestes) - 1
        if milieu and geste == "equal" and not "".join(mots[i:j]).strip():
            geste = "replace"
        if reunis and geste != "equal" and reunis[-1][0] != "equal":
            debut = reunis.pop()
            reunis.append(("replace", debut[1], j, debut[3], m))
        else:
            reunis.append((geste, i, j, k, m))
    return reunis
