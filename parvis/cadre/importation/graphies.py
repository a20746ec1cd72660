"""Noms de partenaires mal imprimés, où qu'ils soient : accord, accent, lettre, mot manquant, nombre isolé."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein

from .lexique import Forme, MotImprime, charger_lexique, mots_imprimes, repertoire, suivre
from .structure import Anomalie
from .texte import cle_souple, est_mot_vide, plier
from .texte_nu import Passage

_ARTICLES = frozenset("de des du d l le la les".split())
# Un nom isolé se juge contre une habitude : trois emplois au moins, trois fois plus nombreux.
HABITUDE = 3
_ACCENTUEE = re.compile(r"[à-öù-ÿ]")


@dataclass(frozen=True, slots=True)
class Emploi:
    """Nom du lexique bien imprimé, et sa ligne."""

    forme: Forme
    imprime: str
    ligne: int


@dataclass(frozen=True, slots=True)
class _Mot:
    brut: str
    plie: str
    vide: bool


@cache
def _adjectif() -> re.Pattern[str]:
    return re.compile(charger_lexique("tournures")["fins_d_adjectif"])


@cache
def _decouper(graphie: str) -> tuple[_Mot, ...]:
    mots = re.findall(r"[^\W_]+", graphie)
    return tuple(_Mot(mot, plier(mot), est_mot_vide(plier(mot))) for mot in mots)


def relire_les_noms(textes: list[Passage], lignes_de_noms: frozenset[int]) -> list[Anomalie]:
    """Rend les fautes des noms connus et, dans les listes de partenaires, les graphies isolées."""
    emplois: list[Emploi] = []
    resultat: list[Anomalie] = []
    tolere = () if _est_accentue(textes) else ("accent",)
    for passage in textes:
        for forme, imprime in _noms(passage.texte):
            ecart = juger(forme, imprime)
            if ecart is None or ecart.startswith(tolere):
                emplois.append(Emploi(forme, imprime, passage.ligne))
            elif imprime[:1].isupper():
                texte = f"« {imprime} » : {ecart}"
                resultat.append(Anomalie(passage.ligne, "faute_probable", texte))
    return [*dict.fromkeys(resultat), *_isolees(emplois, lignes_de_noms)]


def _est_accentue(textes: list[Passage]) -> bool:
    """Un document écrit tout entier sans accents n'en a oublié aucun."""
    texte = "".join(passage.texte for passage in textes)
    return len(_ACCENTUEE.findall(texte)) * 100 > len(texte)


def _noms(texte: str) -> Iterator[tuple[Forme, str]]:
    """Rend les noms de plusieurs mots, exacts à un accord près, ou à une ou deux lettres près."""
    suite = mots_imprimes(texte)
    par_premier_mot = repertoire().par_premier_mot
    rang = 0
    while rang < len(suite):
        formes = par_premier_mot.get(suite[rang].comparable, ())
        trouve = _plus_long(formes, suite, rang)
        if trouve is None:
            rang += 1
            continue
        forme, fin = trouve
        yield forme, texte[suite[rang].debut : suite[fin - 1].fin]
        rang = fin


def _plus_long(formes, suite: list[MotImprime], rang: int) -> tuple[Forme, int] | None:
    longues = [f for f in formes if len(f.mots) > 1 and not f.adjectif and not f.faute]
    for approcher in (False, True):
        for forme in longues:
            fin = (_approcher if approcher else suivre)(suite, rang, forme.mots)
            if fin is not None:
                return forme, fin
    return None


def _approcher(suite: list[MotImprime], depart: int, attendus: tuple[str, ...]) -> int | None:
    """Suit un nom dont un ou deux mots ont une lettre de trop, de moins ou échangée."""
    rang, ecarts = depart + 1, 0
    for attendu in attendus[1:]:
        while rang < len(suite) and est_mot_vide(suite[rang].comparable):
            rang += 1
        if rang >= len(suite):
            return None
        lu = suite[rang].comparable
        if lu != attendu:
            pluriel = lu[-2:] in ("au", "al") and lu[:-1] == attendu[:-1]
            if pluriel or len(attendu) < 5 or lu[:1] != attendu[:1]:
                return None
            if DamerauLevenshtein.distance(lu, attendu, score_cutoff=1) > 1:
                return None
            ecarts += 1
        rang += 1
    return rang if 0 < ecarts <= 2 else None


def juger(forme: Forme, imprime: str) -> str | None:
    """Dit ce qui cloche dans un nom imprimé, d'après les graphies du lexique, sinon rien."""
    if cle_souple(imprime) != " ".join(forme.mots):
        return f"une lettre diffère de « {forme.graphie} »"
    graphies = repertoire().graphies[" ".join(forme.mots)]
    organisme = forme.entree.nature == "organisme"
    ecarts = [comparer(imprime, graphie, organisme) for graphie in graphies]
    if None in ecarts:
        return None
    return f"{ecarts[0]}, le lexique écrit « {graphies[0]} »"


def comparer(imprime: str, attendu: str, organisme: bool) -> str | None:
    """Dit en quoi un nom imprimé s'écarte d'un nom de mêmes mots : accent, liaison, accord, sinon rien.

    Un organisme n'a qu'un nom : seul son début peut prendre le pluriel.
    """
    lus, attendus = _decouper(imprime), _decouper(attendu)
    pleins_lus = [mot for mot in lus if not mot.vide]
    pleins = [mot for mot in attendus if not mot.vide]
    if any(_accent_different(lu, mot) for lu, mot in zip(pleins_lus, pleins, strict=False)):
        return "accent"
    if manque := _mots_de_liaison(lus, attendus):
        return manque
    for rang, groupe in enumerate(_groupes(lus, attendus)):
        change = any(lu.plie != mot.plie for lu, mot in groupe)
        if change and (not _accorde(groupe) or (organisme and rang)):
            return "singulier ou pluriel"
    return None


def _groupes(lus, attendus) -> list[list[tuple[_Mot, _Mot]]]:
    """Rend les mots pleins deux à deux, groupés entre les mots de liaison du nom attendu."""
    pleins = iter(mot for mot in lus if not mot.vide)
    groupes: list[list[tuple[_Mot, _Mot]]] = [[]]
    for mot in attendus:
        if mot.vide:
            groupes.append([])
        else:
            groupes[-1].append((next(pleins, mot), mot))
    return [groupe for groupe in groupes if groupe]


def _accorde(groupe: list[tuple[_Mot, _Mot]]) -> bool:
    """Les mots qui s'accordent changent de nombre ensemble, avec le premier ; un mot apposé est libre."""
    unite = [(lu, mot) for lu, mot in groupe if mot.plie[-1] in "sx"]
    if not unite:
        unite = groupe[:1] + [(lu, mot) for lu, mot in groupe[1:] if _adjectif().search(mot.plie)]
    elif groupe[0] not in unite:
        unite = [groupe[0], *unite]
    changes = {lu.plie != mot.plie for lu, mot in unite if not _invariable(mot.plie)}
    seuls = any(lu.plie != mot.plie for lu, mot in groupe if (lu, mot) not in unite)
    return len(changes) < 2 and not (seuls and False in changes)


@cache
def _invariable(mot: str) -> bool:
    return bool(re.search(charger_lexique("tournures")["mots_invariables"], mot))


def _accent_different(lu: _Mot, attendu: _Mot) -> bool:
    """Un accent manque ou change ; une capitale sans accent est d'usage."""
    return any(
        a != b and plier(a) == plier(b) and not a.isupper() and not b.isupper()
        for a, b in zip(lu.brut, attendu.brut, strict=False)
        if a.isalpha() and b.isalpha()
    )


def _mots_de_liaison(lus, attendus) -> str | None:
    lies, declares = _liaisons(lus), _liaisons(attendus)
    if len(lies) != len(declares):
        return None
    for lu, declare in zip(lies, declares, strict=True):
        forts = [tuple(mot for mot in mots if mot not in _ARTICLES) for mots in (lu, declare)]
        if forts[0] != forts[1]:
            return "mot de liaison"
        if declare and not lu:
            return "mot manquant"
    return None


def _liaisons(mots) -> list[tuple[str, ...]]:
    resultat: list[tuple[str, ...]] = [()]
    for mot in mots:
        if mot.vide:
            resultat[-1] += ("a" if mot.plie in ("au", "aux") else mot.plie,)
        else:
            resultat.append(())
    return resultat


def _isolees(emplois: list[Emploi], lignes_de_noms: frozenset[int]) -> list[Anomalie]:
    """Rend les noms d'une liste dont le nombre ou les capitales ne sont pas ceux du reste du document."""
    par_nom: dict[str, list[Emploi]] = {}
    for emploi in emplois:
        par_nom.setdefault(" ".join(emploi.forme.mots), []).append(emploi)
    resultat: dict[tuple[int, str], Anomalie] = {}
    for memes in par_nom.values():
        en_liste = [e for e in memes if e.ligne in lignes_de_noms and e.imprime[:1].isupper()]
        for base, trait, habitude, maximum in (
            (en_liste, _nombre, HABITUDE, len(memes)),
            (memes, _nombre, HABITUDE, len(memes)),
            (en_liste, _casse, 2 * HABITUDE, 1),  # deux capitales pareilles sont un choix
        ):
            for anomalie in _minoritaires(base, en_liste, trait, habitude, maximum):
                resultat.setdefault((anomalie.ligne or 0, trait.__name__), anomalie)
    return list(resultat.values())


def _nombre(emploi: Emploi) -> str:
    return "".join("x" if mot.plie[-1] in "sx" else "-" for mot in _decouper(emploi.imprime))


def _casse(emploi: Emploi) -> str:
    return "".join("M" if mot.brut[0].isupper() else "m" for mot in _decouper(emploi.imprime))


def _minoritaires(
    base: list[Emploi],
    candidats: list[Emploi],
    trait: Callable[[Emploi], str],
    habitude: int,
    maximum: int,
) -> list[Anomalie]:
    comptes = Counter(trait(emploi) for emploi in base)
    usuel, nombre = comptes.most_common(1)[0] if base else ("", 0)
    modele = next((emploi.imprime for emploi in base if trait(emploi) == usuel), "")
    return [
        Anomalie(
            e.ligne, "graphie_isolee", f"« {e.imprime} » : ailleurs « {modele} », {nombre} fois"
        )
        for e in candidats
        if nombre >= habitude
        and comptes[trait(e)] <= maximum
        and comptes[trait(e)] * HABITUDE <= nombre
    ]
