"""Placer un numéro dans sa voie : là où il est connu, entre ses voisins, ou nulle part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Point = tuple[float, float]
Precision = Literal["housenumber", "interpolated", "street"]
# Entre deux numéros plus éloignés, la voie a pu tourner.
ECART_MAX = 40
# Sans numéro de l'autre côté, on ne s'éloigne pas plus du dernier connu.
VOISIN_MAX = 10
# « 12 B » se dit pour « 12 bis ».
LETTRES = {"b": "bis", "t": "ter", "q": "quater"}


class Numero(NamedTuple):
    """Une adresse connue d'une voie ; son point en longitude et latitude, en degrés."""

    numero: int
    suffixe: str
    voie: str
    code_postal: str
    point: Point


@dataclass(frozen=True)
class Placement:
    """Où se place un numéro, l'adresse connue qui s'en approche le plus, et les points qui l'ont placé."""

    type: Precision
    point: Point
    repere: Numero
    points: list[Point]


def placer(connus: Sequence[Numero], numero: int | None, suffixe: str) -> Placement:
    """Rend la place d'un numéro parmi ceux d'une voie, qui en a au moins un.

    Le côté de la rue compte : un numéro pair ne se place qu'entre deux pairs. Sans numéro proche,
    ou sans numéro demandé, c'est la voie entière, avec tous ses points.
    """
    if numero is None:
        return _voie_entiere(connus)
    memes = [connu for connu in connus if connu.numero == numero]
    exacts = [connu for connu in memes if connu.suffixe == suffixe]
    for connu in exacts or [c for c in memes if _entier(c.suffixe) == _entier(suffixe)]:
        return Placement("housenumber", connu.point, connu, [connu.point])
    if memes:
        # Le 12 bis inconnu est à la porte du 12.
        return Placement("interpolated", memes[0].point, memes[0], [memes[0].point])
    return _entre_voisins(connus, numero) or _voie_entiere(connus)


def _entier(suffixe: str) -> str:
    return LETTRES.get(suffixe, suffixe)


def _entre_voisins(connus: Sequence[Numero], numero: int) -> Placement | None:
    cote = [connu for connu in connus if connu.numero % 2 == numero % 2]
    avant = max((c for c in cote if c.numero < numero), key=lambda c: c.numero, default=None)
    apres = min((c for c in cote if c.numero > numero), key=lambda c: c.numero, default=None)
    if avant and apres and apres.numero - avant.numero <= ECART_MAX:
        part = (numero - avant.numero) / (apres.numero - avant.numero)
        (lon_a, lat_a), (lon_b, lat_b) = avant.point, apres.point
        point = (lon_a + (lon_b - lon_a) * part, lat_a + (lat_b - lat_a) * part)
        return Placement(
            "interpolated", point, avant if part <= 0.5 else apres, [avant.point, apres.point]
        )
    voisins = [c for c in (avant, apres) if c and abs(c.numero - numero) <= VOISIN_MAX]
    if not voisins:
        return None
    voisin = min(voisins, key=lambda c: abs(c.numero - numero))
    return Placement("interpolated", voisin.point, voisin, [voisin.point])


def _voie_entiere(connus: Sequence[Numero]) -> Placement:
    """Rend la voie, placée à son adresse la plus proche du milieu : un point où la voie passe."""
    points = [connu.point for connu in connus]
    lon = sum(p[0] for p in points) / len(points)
    lat = sum(p[1] for p in points) / len(points)
    milieu = min(connus, key=lambda c: (c.point[0] - lon) ** 2 + (c.point[1] - lat) ** 2)
    return Placement("street", milieu.point, milieu, points)
