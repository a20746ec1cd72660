"""Rangées d'un tableau sans filets : quelles lignes de droite vont avec quelle étiquette de gauche.

Les étiquettes sont posées en haut ou au milieu de leur rangée : on cherche le partage qui les y
place le mieux, et qui passe par les blancs les plus larges.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from .filets import Filet
from .lignes import Ligne
from .regions import Contenu, Rangee, Region, Tableau

_SANS_ETIQUETTE = 0.6  # coût, en cadratins, d'un début de page qui continue la rangée précédente
_SANS_CONTENU = 2.0  # coût d'une étiquette dont la cellule est vide
_ETIQUETTES_MAX = 40
_LIGNES_MAX = 160
_INTERLIGNE_MAX = 1.5  # en cadratins
_REPETE = 3


@dataclass(slots=True)
class _Essai:
    """Les deux partages possibles d'une bande, étiquettes en haut ou au milieu, et leur coût."""

    etiquettes: list[list[Ligne]]
    haut: tuple[float, list[int]]
    milieu: tuple[float, list[int]]
    corps: float


def partager(contenus: list[Contenu]) -> None:
    """Donne leurs rangées aux tableaux sans filets ; un document pose ses étiquettes d'une seule façon."""
    tableaux = [
        element
        for contenu in contenus
        for element in contenu.elements
        if isinstance(element, Tableau) and element.bandes
    ]
    interligne = _interligne([bande[1].lignes for t in tableaux for bande in t.bandes])
    essais = {id(bande[0]): _essayer(*bande, interligne) for t in tableaux for bande in t.bandes}
    faits = [essai for essai in essais.values() if essai is not None]
    ecart = sum(e.haut[0] - e.milieu[0] for e in faits)
    # le milieu s'accommode de tout : il ne l'emporte que nettement
    au_milieu = ecart > sum(0.6 * e.corps * len(e.etiquettes) for e in faits)
    for tableau in tableaux:
        for etiquette, contenu, _ in tableau.bandes:
            essai = essais[id(etiquette)]
            tableau.rangees += _rangees(etiquette, contenu, essai, au_milieu)
        tableau.bandes = []


def _interligne(contenus: list[list[Ligne]]) -> float:
    """Rend le plus petit interligne que les contenus du document répètent, en cadratins."""
    rapports = Counter(
        round((avant.base - apres.base) / avant.corps, 1)
        for lignes in contenus
        for avant, apres in pairwise(lignes)
        if avant.base - apres.base > 0.95 * avant.corps
    )
    return min((r for r, fois in rapports.items() if fois >= _REPETE), default=_INTERLIGNE_MAX)


def _essayer(etiquette: Region, contenu: Region, suite: bool, interligne: float) -> _Essai | None:
    groupes, droites = _etiquettes(etiquette.lignes, interligne), contenu.lignes
    if not 0 < len(groupes) <= min(_ETIQUETTES_MAX, len(droites)) or len(droites) > _LIGNES_MAX:
        return None
    haut, milieu = (_partage(groupes, droites, en_haut, suite) for en_haut in (True, False))
    return _Essai(groupes, haut, milieu, droites[0].corps)


def _rangees(
    etiquette: Region, contenu: Region, essai: _Essai | None, au_milieu: bool
) -> list[Rangee]:
    if essai is None:
        return [_rangee(etiquette, contenu, etiquette.lignes, contenu.lignes)]
    _, debuts = essai.milieu if au_milieu else essai.haut
    rangees = []
    if debuts[0]:
        rangees.append(_rangee(etiquette, contenu, [], contenu.lignes[: debuts[0]]))
    for rang, (debut, fin) in enumerate(pairwise([*debuts, len(contenu.lignes)])):
        rangees.append(
            _rangee(etiquette, contenu, essai.etiquettes[rang], contenu.lignes[debut:fin])
        )
    return rangees


def _rangee(etiquette: Region, contenu: Region, gauche: list[Ligne], droite: list[Ligne]) -> Rangee:
    cellules: list[Region | None] = [
        replace(etiquette, lignes=gauche),
        replace(contenu, lignes=droite),
    ]
    haut = max((ligne.base for ligne in [*gauche, *droite]), default=0.0)
    return Rangee(cellules, haut, tracee=False)


def entre_filets(
    gauches: list[Ligne], droites: list[Ligne], filets: list[Filet]
) -> list[tuple[list[Ligne], list[Ligne], bool]]:
    """Rend les lignes de gauche et de droite entre les filets horizontaux qui passent sous elles.

    Le booléen dit si rien ne ferme la bande en haut : elle peut continuer une rangée d'avant.
    """
    if not gauches or not droites:
        return [(gauches, droites, True)]
    debut, fin = min(ligne.x0 for ligne in gauches), min(ligne.x0 for ligne in droites)
    places = sorted(
        (f.place for f in filets if f.debut < debut + 5 and f.fin > fin + 20), reverse=True
    )
    bornes = [float("inf"), *places, float("-inf")]
    bandes = []
    for haut, bas in pairwise(bornes):
        gauche = [ligne for ligne in gauches if bas < ligne.base <= haut]
        droite = [ligne for ligne in droites if bas < ligne.base <= haut]
        if gauche or droite:
            bandes.append((gauche, droite, haut == float("inf")))
    return bandes


def _etiquettes(lignes: list[Ligne], interligne: float) -> list[list[Ligne]]:
    ecarts = [
        avant.base - apres.base
        for avant, apres in pairwise(lignes)
        if avant.base - apres.base > 0.95 * avant.corps
    ]
    corps = lignes[0].corps if lignes else 10.0
    # des rangées d'une ligne sont plus écartées que les lignes d'une même étiquette
    normal = min(min(ecarts, default=1.35 * corps), min(interligne, _INTERLIGNE_MAX) * corps)
    groupes: list[list[Ligne]] = []
    for ligne in lignes:
        if groupes and groupes[-1][-1].base - ligne.base <= 1.18 * normal + 0.3:
            groupes[-1].append(ligne)
        else:
            groupes.append([ligne])
    return groupes


def _partage(
    etiquettes: list[list[Ligne]], droites: list[Ligne], en_haut: bool, suite: bool
) -> tuple[float, list[int]]:
    """Rend le coût du meilleur partage et la première ligne de droite de chaque étiquette."""
    nombre = len(droites)
    primes = _primes(droites)
    # couts[j] : meilleur coût quand les étiquettes déjà vues prennent les j premières lignes
    couts: dict[int, tuple[float, list[int]]] = {
        debut: (0.0 if debut == 0 else _SANS_ETIQUETTE * droites[0].corps - primes[debut], [])
        for debut in range(nombre if suite else 1)
    }
    for rang, etiquette in enumerate(etiquettes):
        derniere = rang == len(etiquettes) - 1
        suivants: dict[int, tuple[float, list[int]]] = {}
        for debut, (cout, debuts) in couts.items():
            for fin in (nombre,) if derniere else range(debut, nombre):
                if fin > debut:
                    ecart = _ecart(etiquette, droites[debut], droites[fin - 1], en_haut)
                else:
                    ecart = _SANS_CONTENU * droites[0].corps
                total = cout + ecart
                total -= primes[fin] if fin < nombre else 0.0
                if fin not in suivants or total < suivants[fin][0]:
                    suivants[fin] = (total, [*debuts, debut])
        couts = suivants
    return min(couts.values(), key=lambda essai: essai[0])


def _primes(droites: list[Ligne]) -> list[float]:
    """Rend, pour chaque ligne, ce que vaut le blanc qui la précède."""
    primes = [0.0]
    for avant, apres in pairwise(droites):
        primes.append(0.35 * max(0.0, avant.base - apres.base - 1.2 * avant.corps))
    return primes


def _ecart(etiquette: list[Ligne], premiere: Ligne, derniere: Ligne, en_haut: bool) -> float:
    if en_haut:
        return abs(etiquette[0].base - premiere.base)
    milieu = (etiquette[0].base + etiquette[-1].base) / 2
    return abs(milieu - (premiere.base + derniere.base) / 2)
