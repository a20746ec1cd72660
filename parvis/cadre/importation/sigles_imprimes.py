"""Sigles douteux : lettres échangées, développé d'un autre sigle, mot perdu, sigle connu en minuscules."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein

from .lexique import charger_lexique, sigles_connus
from .structure import Anomalie
from .texte import cle_souple, plier
from .texte_nu import Passage

_SIGLE = re.compile(r"(?<![\w'’-])[A-Z][A-Z0-9]{2,8}(?![\w-])")
_MINUSCULES = re.compile(r"(?<![\w'’.@/-])[a-z]{4,8}(?![\w@/-])")
_ENTRE_PARENTHESES = re.compile(r"\(([A-Z][A-Z0-9]{2,8})\)")
LONGUEUR_D_UN_DEVELOPPE = 160
VOISINS_MAX = 300  # sigles du document auxquels un sigle rare est comparé
_AVANT = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]{2,8})\s*\(([^()]{12,160})\)?")


@cache
def _lexique() -> dict[str, str]:
    """Rend les sigles connus et la clé de leur développé ; ceux qui sont des fautes n'y sont pas."""
    return {
        entree["sigle"].upper(): cle_souple(entree["developpe"])
        for entree in sigles_connus()
        if not entree["explication"].startswith("Faute d'impression")
    }


@cache
def _developpes() -> dict[str, str]:
    """Rend le sigle de chaque développé d'au moins trois mots."""
    return {dev: sigle for sigle, dev in _lexique().items() if len(dev.split()) > 2}


def relire_les_sigles(textes: list[Passage]) -> list[Anomalie]:
    """Rend les sigles que leur développé, le lexique ou le reste du document contredisent."""
    emplois = Counter(sigle for p in textes for sigle in set(_SIGLE.findall(p.texte)))
    usuels = tuple(sigle for sigle, nombre in emplois.most_common(VOISINS_MAX) if nombre > 2)
    resultat: list[Anomalie] = []
    for passage in textes:
        expliques = set()
        for sigle, developpe, fin in _paires(passage.texte):
            expliques |= {sigle} if _initiales(developpe, sigle) else set()
            if ecart := _contredit(sigle, developpe, fin):
                resultat.append(_anomalie(passage, sigle, ecart))
                expliques.add(sigle)
        for sigle in dict.fromkeys(_SIGLE.findall(passage.texte)):
            voisin = None if sigle in expliques else _voisin(sigle, emplois[sigle], usuels)
            if voisin is not None:
                resultat.append(_anomalie(passage, sigle, f"peut-être « {voisin} »"))
        resultat += _en_minuscules(passage)
    return list(dict.fromkeys(resultat))


def _anomalie(passage: Passage, sigle: str, ecart: str) -> Anomalie:
    return Anomalie(passage.ligne, "sigle_douteux", f"« {sigle} » : {ecart}")


def _paires(texte: str) -> list[tuple[str, str, bool]]:
    """Rend (sigle, développé, le développé précède) de « X (SIGLE) » et de « SIGLE (x) »."""
    apres = []
    for trouve in _ENTRE_PARENTHESES.finditer(texte):
        avant = texte[max(0, trouve.start() - LONGUEUR_D_UN_DEVELOPPE) : trouve.start()]
        apres.append((trouve.group(1), re.split(r"[()]", avant)[-1], True))
    return apres + [(m.group(1), m.group(2), False) for m in _AVANT.finditer(texte)]


def _contredit(sigle: str, developpe: str, precede: bool) -> str | None:
    """Dit ce que le développé imprimé a contre le sigle : celui d'un autre, ou un mot perdu."""
    imprime = cle_souple(developpe)
    attendu = _lexique().get(sigle)
    if attendu and (imprime.endswith(attendu) if precede else attendu in imprime):
        return None
    for connu, autre in _developpes().items():
        trouve = imprime.endswith(connu) if precede else connu in imprime
        if trouve and autre != sigle and DamerauLevenshtein.distance(sigle, autre) == 1:
            return f"le développé imprimé est celui de « {autre} »"
    if attendu and precede and not _initiales(imprime, sigle):
        return _mot_perdu(imprime.split(), attendu)
    return None


def _mot_perdu(imprimes: list[str], attendu: str) -> str | None:
    """Le développé imprimé est celui du lexique, à un mot du milieu près."""
    mots = attendu.split()
    queue = imprimes[-(len(mots) - 1) :]
    for rang in range(1, len(mots) - 1):
        if len(mots) > 2 and queue == mots[:rang] + mots[rang + 1 :]:
            return f"il manque « {mots[rang]} » au développé"
    return None


def _initiales(developpe: str, sigle: str) -> bool:
    """Le sigle reprend, dans l'ordre, des initiales du texte : le document l'explique lui-même."""
    lettres = iter(mot[0] for mot in re.findall(r"[a-z0-9œ]+", plier(developpe)))
    return all(lettre in lettres for lettre in sigle.lower())


def _voisin(sigle: str, emplois: int, usuels: tuple[str, ...]) -> str | None:
    """Rend le sigle connu dont un sigle inconnu et rare échange deux lettres, ou perd ou gagne une lettre."""
    if sigle in _lexique() or emplois > 2:
        return None
    for connu in (*usuels, *_lexique()):
        if connu == sigle or abs(len(connu) - len(sigle)) > 1 or min(len(connu), len(sigle)) < 4:
            continue
        echange = len(connu) == len(sigle) and sorted(connu) == sorted(sigle)
        if DamerauLevenshtein.distance(sigle, connu, score_cutoff=1) > 1:
            continue
        if echange or len(connu) != len(sigle):
            return connu
    return None


@cache
def _jamais_des_mots() -> frozenset[str]:
    mots = charger_lexique("tournures")["sigles_qui_sont_des_mots"]
    return frozenset(sigle.lower() for sigle in _lexique()) - frozenset(mots)


def _en_minuscules(passage: Passage) -> list[Anomalie]:
    mots = [mot for mot in _MINUSCULES.findall(passage.texte) if mot in _jamais_des_mots()]
    return [
        _anomalie(passage, mot, f"sigle connu, imprimé « {mot.upper()} » d'habitude")
        for mot in dict.fromkeys(mots)
    ]
