"""Mesures du document entier : corps du texte, niveaux de titre, interlignes, bords des colonnes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .lignes import Ligne
from .regions import (
    Contenu,
    Region,
    commence_par_une_suite,
    largeur_d_espace,
    premier_bloc,
)

TITRE = 1.09  # rapport au corps du texte au-delà duquel une ligne est un titre
_MOT = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_PREFIXES = frozenset(
    "anti après arrière auto avant bien co contre demi ex extra grand haut in inter mal mi micro mini "
    "multi non outre peri pluri post pré quasi ré semi sous sur trans ultra vice celui celle ceux".split()
)
_TIRETS = ("-", "\u2010", "\u00ad")
_LIANTS = frozenset("à au aux d de des du en et l la le les lès sous sur".split())
_SUFFIXES = frozenset(
    "ci là même mêmes il ils elle elles on je tu nous vous ce y en le la les".split()
)


def corps_du_texte(lignes: list[Ligne]) -> float:
    """Rend le corps dans lequel sont imprimées le plus de lettres."""
    poids: Counter[float] = Counter()
    for ligne in lignes:
        poids[round(ligne.corps * 4) / 4] += sum(len(mot.texte) for mot in ligne.mots)
    return poids.most_common(1)[0][0] if poids else 10.0


@dataclass
class Mesures:
    """Ce que toutes les pages ont en commun."""

    corps: float
    niveaux: dict[float, int] = field(default_factory=dict)
    limites: dict[tuple, float] = field(default_factory=dict)
    interlignes: dict[tuple[bool, float], float] = field(default_factory=dict)
    aeres: dict[bool, bool] = field(default_factory=dict)  # les paragraphes sont espacés
    mots: Counter[str] = field(default_factory=Counter)
    paires: Counter[tuple[str, str]] = field(default_factory=Counter)  # mots voisins
    coupe_les_mots: bool = False  # beaucoup de lignes finissent par un tiret

    def niveau(self, corps: float) -> int:
        """Rend le niveau du titre imprimé dans ce corps, 0 pour du texte."""
        if corps < TITRE * self.corps or not self.niveaux:
            return 0
        return self.niveaux[min(self.niveaux, key=lambda connu: abs(connu - corps))]

    def limite(self, region: Region) -> float:
        """Rend l'abscisse où les lignes d'une région finissent quand elles sont pleines."""
        return max(self.limites.get(region.cle, region.droite), region.gauche + 1)

    def reste(self, avant: Ligne, suivante: Ligne, region: Region) -> float:
        """Rend la place qui serait restée si le premier mot de la ligne suivante était monté."""
        place = self.limite(region) - avant.x1
        if abs(avant.x0 - suivante.x0) > 1 and all(
            self._centree(ligne, region) for ligne in (avant, suivante)
        ):
            place += avant.x0 - region.gauche
        return place - premier_bloc(suivante) - largeur_d_espace(avant)

    def _centree(self, ligne: Ligne, region: Region) -> bool:
        retrait, place = ligne.x0 - region.gauche, self.limite(region) - ligne.x1
        return retrait > 0.5 * ligne.corps and abs(retrait - place) < max(4.0, 0.1 * retrait)

    def saute(self, avant: Ligne, suivante: Ligne, region: Region) -> bool:
        """Dit si un blanc sépare deux lignes plus que ne le fait l'interligne."""
        corps = max(avant.corps, suivante.corps)
        normal = self._interligne(corps, region.cellule)
        # un exposant écarte parfois les lignes d'une même phrase
        exposants = any(m.exposant for ligne in (avant, suivante) for m in ligne.mots)
        large = exposants and commence_par_une_suite(suivante)
        return avant.base - suivante.base > normal * (1.4 if large else 1.15) + 0.3

    def _interligne(self, corps: float, cellule: bool) -> float:
        cle = (cellule, round(corps * 2) / 2)
        if cle in self.interlignes:
            return self.interlignes[cle]
        connus = [valeur / taille for (_, taille), valeur in self.interlignes.items()]
        return corps * (median(connus) if connus else 1.45)

    def se_suivent(self, avant: Ligne, suivante: Ligne, region: Region) -> bool:
        """Dit si, ailleurs, le mot qui finit une ligne étroite vient juste avant celui qui suit."""
        if not region.etroite or avant.mots[-1].texte.endswith((",", ";")):
            return False
        return self.paires[_paire(avant.mots[-1].texte, suivante.mots[0].texte)] > 0

    def recoller(self, gauche: str, droite: str) -> bool:
        """Dit si un tiret en fin de ligne coupe un mot (« accom- pagnement »)."""
        debut, fin = _dernier_mot(gauche), _premier_mot(droite)
        if not debut or not fin:
            return False
        dernier = debut.rpartition("-")[2]
        colle, lie = (debut + fin).casefold(), f"{debut}-{fin}".casefold()
        if self.mots[colle] or self.mots[lie]:
            if not self.coupe_les_mots and self.mots[lie]:
                return False
            return self.mots[colle] >= self.mots[lie]
        if not (fin[:1].islower() or (self.coupe_les_mots and debut.isupper() and fin.isupper())):
            return False
        if dernier.casefold() in _PREFIXES or fin.casefold() in _SUFFIXES or "-" in fin:
            return False
        if "-" in debut and (dernier.casefold() in _LIANTS or not self.coupe_les_mots):
            return False
        pluriels = len(debut) > 6 and debut.endswith("s") and fin.endswith("s")
        if pluriels and not fin.startswith("s"):
            return False  # deux noms au pluriel
        entiers = self.mots[dernier.casefold()] and self.mots[fin.casefold()]
        return self.coupe_les_mots and not entiers


def _paire(gauche: str, droite: str) -> tuple[str, str]:
    return gauche.strip("«(").casefold(), droite.strip(".,;:»)").casefold()


def _dernier_mot(texte: str) -> str:
    trouves = _MOT.findall(texte)
    return trouves[-1] if trouves else ""


def _premier_mot(texte: str) -> str:
    trouve = _MOT.match(texte)
    return trouve.group() if trouve else ""


def mesurer(contenus: list[Contenu], corps: float) -> Mesures:
    """Rend les mesures d'un document découpé en régions."""
    mesures = Mesures(corps)
    regions = [region for contenu in contenus for region in contenu.regions()]
    mesures.niveaux = _niveaux(contenus, corps)
    mesures.limites = _limites(regions)
    _mesurer_les_interlignes(mesures, regions)
    _compter_les_mots(mesures, regions)
    return mesures


def _compter_les_mots(mesures: Mesures, regions: list[Region]) -> None:
    """Compte les mots entiers, et dit si le document coupe les siens en fin de ligne."""
    coupes: list[tuple[str, str]] = []
    total = 0
    for region in regions:
        debut = ""
        for ligne in region.lignes:
            mots = [mot.casefold().replace("\u2010", "-") for mot in _MOT.findall(ligne.texte)]
            total += 1
            mesures.paires.update(_paire(g.texte, d.texte) for g, d in pairwise(ligne.mots))
            if debut and mots:
                coupes.append((debut, mots.pop(0)))
            debut = mots.pop() if mots and ligne.texte.rstrip().endswith(_TIRETS) else ""
            mesures.mots.update(mots)
    prouvees = sum(1 for d, f in coupes if mesures.mots[d + f] and not mesures.mots[f"{d}-{f}"])
    mesures.coupe_les_mots = len(coupes) > 0.03 * total or prouvees > 1


def _niveaux(contenus: list[Contenu], corps: float) -> dict[float, int]:
    """Rend le niveau de chaque corps de titre ; la couverture ne repousse pas les autres."""
    pages: dict[float, set[int]] = defaultdict(set)
    for contenu in contenus:
        for element in contenu.elements:
            if isinstance(element, Region):
                for ligne in element.lignes:
                    if ligne.corps >= TITRE * corps:
                        pages[round(ligne.corps * 2) / 2].add(contenu.numero)
    tailles = sorted(pages, reverse=True)
    couverture = [t for t in tailles if pages[t] == {1} and len(contenus) > 3]
    while couverture and any(t > couverture[-1] for t in tailles if t not in couverture):
        couverture.pop()
    niveaux = dict.fromkeys(couverture, 1)
    rang, precedente = 0, float("inf")
    for taille in tailles:
        if taille in niveaux:
            continue
        if precedente - taille > 0.6:
            rang += 1
            precedente = taille
        niveaux[taille] = rang
    return niveaux


def _limites(regions: list[Region]) -> dict[tuple, float]:
    fins: dict[tuple, list[float]] = defaultdict(list)
    bords: dict[tuple, tuple[float, float]] = {}
    for region in regions:
        fins[region.cle] += [ligne.x1 for ligne in region.lignes]
        bords.setdefault(region.cle, (region.gauche, region.droite))
    limites = {}
    for cle, valeurs in fins.items():
        gauche, droite = bords[cle]
        valeurs.sort(reverse=True)
        observee = valeurs[min(len(valeurs) - 1, len(valeurs) // 100)] if valeurs else droite
        pleines = [v for v in valeurs if abs(v - observee) < 0.12 * (droite - gauche)]
        sure = len(pleines) >= 8 and observee > droite - 0.2 * (droite - gauche)
        limites[cle] = observee if sure else droite
    return limites


def _mesurer_les_interlignes(mesures: Mesures, regions: list[Region]) -> None:
    """Mesure l'interligne là où une phrase passe à la ligne : elle commence en minuscule."""
    releves: dict[tuple[bool, float], list[float]] = defaultdict(list)
    for region in regions:
        for avant, suivante in pairwise(region.lignes):
            if (
                abs(avant.corps - suivante.corps) < 0.3
                and commence_par_une_suite(suivante)
                and not avant.texte.endswith((".", ":", ";"))
                and mesures.reste(avant, suivante, region) < 0
            ):
                ecart = avant.base - suivante.base
                if ecart < 2.5 * avant.corps:
                    releves[region.cellule, round(avant.corps * 2) / 2].append(ecart)
    mesures.interlignes = {cle: median(v) for cle, v in releves.items() if len(v) > 1}
    blancs: dict[bool, list[bool]] = {True: [], False: []}
    for region in regions:
        for avant, suivante in pairwise(region.lignes):
            voulu = mesures.reste(avant, suivante, region) > 0
            if voulu and suivante.mots[0].texte[:1].isupper():
                blancs[region.cellule].append(mesures.saute(avant, suivante, region))
    mesures.aeres = {c: len(v) >= 4 and sum(v) >= 0.7 * len(v) for c, v in blancs.items()}
