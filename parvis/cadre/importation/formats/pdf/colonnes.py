"""Texte sans filets verticaux : étiquettes et contenus alignés, pages en deux colonnes."""

from __future__ import annotations

from collections import Counter

from .etiquettes import GOUTTIERE, cotes_de, est_etiquette
from .filets import Filet
from .lignes import PUCES, Ligne, assembler
from .partage import entre_filets
from .regions import Region, Tableau
from .tableaux_larges import (
    Familiers,
    chercher_un_tableau_large,
    suite_du_tableau,
    tableau_large,
)

CANDIDATS = 8
_ETIQUETTE_MAX = 0.45  # part de la largeur au-delà de laquelle la gauche n'est plus une étiquette
_ETIQUETTE_LARGE = 0.58
_TITRE = 1.09


def en_colonnes(
    lignes: list[Ligne],
    gauche: float,
    droite: float,
    page: int,
    filets: list[Filet],
    corps: float,
    connus: Familiers,
) -> list[Region | Tableau]:
    """Rend le texte hors tableaux tracés, ses colonnes reconnues quand elles sont évidentes.

    `connus` compte les lignes déjà lues à chaque bord : un bord familier demande moins de preuves.
    """
    elements: list[Region | Tableau] = []
    reste = lignes
    large = chercher_un_tableau_large(reste)
    # un en-tête répété en haut de page vaut mieux que ce que l'on sait de la page d'avant
    if connus.colonnes is not None and (large is None or large[0]):
        suite = suite_du_tableau(reste[: large[0] if large else None], connus.colonnes)
        if suite:
            elements.append(tableau_large(reste[:suite], connus.colonnes, droite, page))
        reste = reste[suite:]
    while (large := chercher_un_tableau_large(reste)) is not None:
        debut, fin, connus.colonnes = large
        elements += _colonnes_simples(
            reste[:debut], gauche, droite, page, filets, corps, connus.bords
        )
        entete = connus.colonnes.entete
        elements.append(tableau_large(reste[debut:fin], connus.colonnes, droite, page, entete))
        reste = reste[fin:]
    if reste or not lignes:
        connus.colonnes = None  # le tableau ne finit pas la page
    return elements + _colonnes_simples(reste, gauche, droite, page, filets, corps, connus.bords)


def _colonnes_simples(
    lignes: list[Ligne],
    gauche: float,
    droite: float,
    page: int,
    filets: list[Filet],
    corps: float,
    connus: Counter[int],
) -> list[Region | Tableau]:
    elements: list[Region | Tableau] = []
    reste = lignes
    while reste:
        trouve = _chercher(reste, gauche, droite, corps, connus)
        if trouve is None:
            break
        debut, fin, bord = trouve
        if debut:
            elements.append(_courant(reste[:debut], gauche, droite, page))
        elements += _deux_colonnes(reste[debut:fin], gauche, droite, bord, page, filets)
        reste = reste[fin:]
    if reste:
        elements.append(_courant(reste, gauche, droite, page))
    return elements


def _courant(lignes: list[Ligne], gauche: float, droite: float, page: int) -> Region:
    return Region(lignes, gauche, droite, ("courant",), page=page)


def _chercher(
    lignes: list[Ligne], gauche: float, droite: float, corps: float, connus: Counter[int]
) -> tuple[int, int, float] | None:
    """Rend la première suite de lignes en deux colonnes, et le bord de la colonne de droite."""
    meilleure: tuple[int, list[tuple[int, int]], float] | None = None
    familiers = [bord + 0.5 for bord, vues in connus.items() if vues > 12]
    for bord in [*familiers, *_bords(lignes, gauche)]:
        suites = [
            (debut, fin)
            for debut, fin in _suites(lignes, bord, corps)
            if _est_en_colonnes(lignes[debut:fin], gauche, droite, bord, bord in familiers)
            or (debut == 0 and bord in familiers and _continue_la_page(lignes[:fin], bord))
        ]
        couvertes = sum(
            1 for debut, fin in suites for ligne in lignes[debut:fin] if ligne.mots[-1].x0 >= bord
        )
        if suites and (meilleure is None or couvertes > meilleure[0]):
            meilleure = (couvertes, suites, bord)
    if meilleure is None:
        return None
    _, suites, bord = meilleure
    debut, fin = suites[0]
    if bord - gauche <= _ETIQUETTE_LARGE * (droite - gauche):
        connus[int(bord)] += fin - debut
    return debut, fin, bord


def _bords(lignes: list[Ligne], gauche: float) -> list[float]:
    """Rend les abscisses où commencent le plus de lignes ou de morceaux de ligne, loin de la marge."""
    comptes: Counter[int] = Counter()
    for ligne in lignes:
        seuil = GOUTTIERE * ligne.corps
        for rang, mot in enumerate(ligne.mots):
            if mot.x0 > gauche + 4 * ligne.corps and (
                rang == 0 or mot.x0 - ligne.mots[rang - 1].x1 > seuil
            ):
                comptes[round(mot.x0)] += 1
    frequents = [
        (comptes[x] + comptes[x + 1], x) for x in comptes if comptes[x] + comptes[x + 1] > 1
    ]
    return [x - 1.5 for _, x in sorted(frequents, reverse=True)[:CANDIDATS]]


def _suites(lignes: list[Ligne], bord: float, corps: float) -> list[tuple[int, int]]:
    """Rend les suites de lignes que le bord ne coupe pas ; un titre isolé à gauche n'en est pas."""
    suites: list[tuple[int, int]] = []
    debut: int | None = None
    for rang in range(len(lignes) + 1):
        ligne = lignes[min(rang, len(lignes) - 1)]
        cotes = cotes_de(ligne, bord) if rang < len(lignes) else None
        accord = cotes is not None and (
            cotes[1] or (ligne.corps < _TITRE * corps and est_etiquette(lignes, rang, bord))
        )
        if accord and debut is None:
            debut = rang
        elif not accord and debut is not None:
            suites.append((debut, rang))
            debut = None
    return suites


def _est_en_colonnes(
    lignes: list[Ligne], gauche: float, droite: float, bord: float, familier: bool
) -> bool:
    cotes = [cotes_de(ligne, bord) or (False, False) for ligne in lignes]
    a_gauche, a_droite = sum(c[0] for c in cotes), sum(c[1] for c in cotes)
    if a_gauche and all(m.texte in PUCES for ligne in lignes for m in ligne.mots if m.x0 < bord):
        return False  # une liste et ses puces
    if familier and any(all(c) for c in cotes):
        return not _numeros_a_droite(lignes, bord)
    if a_gauche < 1 or a_droite < 2 or _numeros_a_droite(lignes, bord):
        return False
    if _est_prose(lignes, cotes, gauche, droite, bord):
        return True
    part = (bord - gauche) / (droite - gauche or 1)
    if part > _ETIQUETTE_MAX:
        return part < _ETIQUETTE_LARGE and a_droite >= 4 and 1 <= a_gauche <= 0.7 * a_droite
    return a_gauche + a_droite >= 4 and a_gauche <= 1.2 * a_droite


def _continue_la_page(lignes: list[Ligne], bord: float) -> bool:
    """Dit si une page commence par la suite du contenu d'une rangée, sans étiquette."""
    en_place = all(bord <= ligne.x0 < bord + 4 * ligne.corps for ligne in lignes)
    return en_place and not _numeros_a_droite(lignes, bord)


def _numeros_a_droite(lignes: list[Ligne], bord: float) -> bool:
    """Une table des matières n'a que des numéros de page à droite."""
    droites = ["".join(m.texte for m in ligne.mots if m.x0 >= bord) for ligne in lignes]
    nombres = sum(1 for texte in droites if texte.strip(" .…").isdigit())
    return nombres >= 0.5 * sum(1 for texte in droites if texte)


def _est_prose(lignes: list[Ligne], cotes: list, gauche: float, droite: float, bord: float) -> bool:
    """Deux colonnes de texte suivi : à peu près autant de lignes pleines de chaque côté."""
    if len(lignes) < 8 or not 0.35 < (bord - gauche) / (droite - gauche or 1) < 0.65:
        return False
    a_gauche, a_droite = sum(c[0] for c in cotes), sum(c[1] for c in cotes)
    if a_gauche < 0.5 * a_droite:
        return False  # peu de lignes à gauche : des étiquettes
    fins = [
        max(m.x1 for m in ligne.mots if m.x0 < bord)
        for ligne, c in zip(lignes, cotes, strict=True)
        if c[0]
    ]
    pleines = sum(1 for fin in fins if fin > gauche + 0.75 * (bord - gauche))
    return pleines >= 0.5 * len(fins)


def _deux_colonnes(
    lignes: list[Ligne], gauche: float, droite: float, bord: float, page: int, filets: list[Filet]
) -> list[Region | Tableau]:
    cotes = [cotes_de(ligne, bord) or (False, False) for ligne in lignes]
    mots = [mot for ligne in lignes for mot in ligne.mots]
    a_gauche = assembler([m for m in mots if m.x0 < bord])
    a_droite = assembler([m for m in mots if m.x0 >= bord])
    if _est_prose(lignes, cotes, gauche, droite, bord):
        return [
            Region(a_gauche, gauche, bord - 8, ("gauche", round(bord)), page=page),
            Region(a_droite, bord, droite, ("droite", round(bord)), page=page),
        ]
    bandes = [
        (
            Region(etiquette, gauche, bord - 4, ("etiquette", round(bord)), True, page=page),
            Region(contenu, bord + 1.5, droite, ("contenu", round(bord)), True, page=page),
            suite,
        )
        for etiquette, contenu, suite in entre_filets(a_gauche, a_droite, filets)
    ]
    return [Tableau([], lignes[0].base, 2, bandes)]
