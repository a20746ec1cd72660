"""Une carte dessinée sans script : des contours en SVG, à l'échelle, le nord en haut. Sans base."""

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from parvis.carte.couches import COMMUNE, Couche, Element
from parvis.territoires.geometrie import contours

LARGEUR, HAUTEUR_MAX, MARGE, COTE_DES_NOMS = 800, 900, 12, 210
# Un nom plus long se coupe en lignes ; il se pose à côté de sa forme, de tant.
SIGNES_PAR_LIGNE, ECART = 20, 7


@dataclass(frozen=True)
class Forme:
    """Ce qui se dessine : un contour ou un point, son nom, où il mène, sa classe, son trait."""

    geometrie: BaseGeometry
    nom: str
    adresse: str = ""
    classe: str = "quartier"
    trait: str = ""
    est_nomme: bool = True


@dataclass(frozen=True)
class Trace:
    """Une forme posée sur la feuille : son chemin SVG, et où s'écrit son nom.

    `ancre` : le nom commence, finit ou est centré là (« start », « end », « middle »). Un point n'a
    pas de chemin.
    """

    forme: Forme
    chemin: str
    x: float
    y: float
    ancre: str
    lignes: list[str]


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


class _Feuille:
    """L'échelle qui fait tenir un cadre, en degrés, sur la feuille."""

    def __init__(self, cadres: Sequence[tuple[float, ...]], cote: int) -> None:
        self.ouest, sud = min(c[0] for c in cadres), min(c[1] for c in cadres)
        est, self.nord = max(c[2] for c in cadres), max(c[3] for c in cadres)
        # Un degré de longitude est plus court qu'un degré de latitude : de tant, ici.
        self.tassement = math.cos(math.radians((sud + self.nord) / 2))
        en_x, en_y = (
            max((est - self.ouest) * self.tassement, 1e-6),
            max(self.nord - sud, 1e-6),
        )
        self.echelle = min((LARGEUR - 2 * cote) / en_x, (HAUTEUR_MAX - 2 * MARGE) / en_y)
        self.decalage = (LARGEUR - en_x * self.echelle) / 2
        self.hauteur = math.ceil(en_y * self.echelle + 2 * MARGE)

    def poser(self, lon: float, lat: float) -> tuple[float, float]:
        """Rend où tombe un point, en pixels depuis le coin haut gauche."""
        x = self.decalage + (lon - self.ouest) * self.tassement * self.echelle
        return round(x, 1), round(MARGE + (self.nord - lat) * self.echelle, 1)

    def tracer(self, forme: Forme) -> Trace:
        """Rend une forme posée sur la feuille, son nom du côté où il reste de la place."""
        anneaux = [] if forme.geometrie.geom_type == "Point" else list(contours(forme.geometrie))
        chemin = " ".join(f"M{self._ligne(anneau)}Z" for anneau in anneaux)
        milieu = forme.geometrie.representative_point()
        x, y = self.poser(milieu.x, milieu.y)
        ancre = "middle"
        if forme.classe != COMMUNE and forme.est_nomme:
            ouest, _, est, _ = forme.geometrie.bounds
            ancre = "start" if x > LARGEUR / 2 else "end"
            bord = self.poser(est if ancre == "start" else ouest, milieu.y)[0]
            x = bord + (ECART if ancre == "start" else -ECART)
        lignes = textwrap.wrap(forme.nom, SIGNES_PAR_LIGNE) if forme.est_nomme else []
        return Trace(forme, chemin, x, y, ancre, lignes)

    def _ligne(self, anneau: Iterable[Sequence[float]]) -> str:
        return " L".join("{:g},{:g}".format(*self.poser(lon, lat)) for lon, lat in anneau)


def dessiner(formes: Sequence[Forme], point: tuple[float, float] | None = None) -> Dessin | None:
    """Rend le dessin de ces formes, cadré sur elles et sur le point ; rien s'il n'y a rien à montrer."""
    if not formes:
        return None
    cadres = [forme.geometrie.bounds for forme in formes]
    # Sans commune autour, un nom posé à côté de sa forme sortirait de la feuille.
    a_des_noms_au_bord = any(f.est_nomme and f.classe != COMMUNE for f in formes) and all(
        f.classe != COMMUNE for f in formes
    )
    cote = COTE_DES_NOMS if a_des_noms_au_bord else MARGE
    feuille = _Feuille([*cadres, (*point, *point)] if point else cadres, cote)
    return Dessin(
        LARGEUR,
        feuille.hauteur,
        [feuille.tracer(forme) for forme in formes],
        Point(*feuille.poser(*point)) if point else None,
        round(500 / 111_320 * feuille.echelle, 1),
    )


def formes_de(montrees: Iterable[tuple[Couche, Sequence[Element]]]) -> list[Forme]:
    """Rend ce qui se dessine de plusieurs couches, les communes dessous."""
    formes = [
        # Une commune n'est qu'un fond : son lien est dans la liste.
        Forme(e.geometrie, e.nom, "" if e.classe == COMMUNE else e.adresse, e.classe, couche.trait)
        for couche, elements in montrees
        for e in elements
        if e.geometrie is not None
    ]
    return sorted(formes, key=lambda forme: forme.classe != COMMUNE)
