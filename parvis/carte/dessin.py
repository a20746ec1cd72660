"""Une carte dessinée sans script : des contours en SVG, à l'échelle, le nord en haut. Sans base."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from parvis.carte.couches import Element
from parvis.territoires.geometrie import contours

LARGEUR, HAUTEUR_MAX, MARGE = 800, 900, 12


@dataclass(frozen=True)
class Forme:
    """Ce qui se dessine : un contour, son nom, où il mène, sa classe d'affichage."""

    geometrie: BaseGeometry
    nom: str
    adresse: str = ""
    classe: str = "quartier"
    etiquette: str = ""


@dataclass(frozen=True)
class Trace:
    """Une forme posée sur la feuille : son chemin SVG, et où écrire son étiquette."""

    forme: Forme
    chemin: str
    x: float
    y: float


@dataclass(frozen=True)
class Point:
    """Un point posé sur la feuille."""

    x: float
    y: float


@dataclass(frozen=True)
class Dessin:
    """Une feuille : ses dimensions, ses tracés, un point s'il y en a un, et combien de pixels font 500 m."""

    largeur: int
    hauteur: int
    traces: list[Trace]
    point: Point | None
    cinq_cents_metres: float


def dessiner(formes: Sequence[Forme], point: tuple[float, float] | None = None) -> Dessin | None:
    """Rend le dessin de ces formes, cadré sur elles et sur le point ; rien s'il n'y a rien à montrer."""
    cadres = [f.geometrie.bounds for f in formes]
    if point:
        cadres.append((*point, *point))
    if not formes:
        return None
    ouest, sud = min(c[0] for c in cadres), min(c[1] for c in cadres)
    est, nord = max(c[2] for c in cadres), max(c[3] for c in cadres)
    # Un degré de longitude est plus court qu'un degré de latitude : de tant, ici.
    tassement = math.cos(math.radians((sud + nord) / 2))
    etendue_x, etendue_y = max((est - ouest) * tassement, 1e-6), max(nord - sud, 1e-6)
    echelle = min((LARGEUR - 2 * MARGE) / etendue_x, (HAUTEUR_MAX - 2 * MARGE) / etendue_y)
    decalage = (LARGEUR - etendue_x * echelle) / 2

    def poser(lon: float, lat: float) -> tuple[float, float]:
        x = decalage + (lon - ouest) * tassement * echelle
        return round(x, 1), round(MARGE + (nord - lat) * echelle, 1)

    traces = []
    for forme in formes:
        anneaux = [
            " L".join("{:g},{:g}".format(*poser(*xy)) for xy in a)
            for a in contours(forme.geometrie)
        ]
        milieu = forme.geometrie.representative_point()
        chemin = " ".join(f"M{anneau}Z" for anneau in anneaux)
        traces.append(Trace(forme, chemin, *poser(milieu.x, milieu.y)))
    metres = 500 / 111_320 * echelle
    hauteur = math.ceil(etendue_y * echelle + 2 * MARGE)
    return Dessin(
        LARGEUR, hauteur, traces, Point(*poser(*point)) if point else None, round(metres, 1)
    )


def formes_de(elements: Sequence[Element]) -> list[Forme]:
    """Rend ce qui se dessine d'une couche : les contours, les communes dessous."""
    dessinables = [e for e in elements if e.geometrie is not None and e.geometrie.area > 0]
    return [
        Forme(e.geometrie, e.nom, e.adresse, e.classe, e.nom)
        for e in sorted(dessinables, key=lambda e: e.classe != "commune")
    ]
