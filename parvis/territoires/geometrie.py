"""Les contours : les lire, les vérifier, les mesurer en mètres, les dessiner. Sans base."""

import contextlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# Ellipsoïde WGS84 : demi-grand axe en mètres, carré de l'excentricité.
_A, _E2 = 6_378_137.0, 0.006_694_379_990_14
# Ce que vérifie GEOS, dit en français.
_DEFAUTS = {
    "Self-intersection": "le contour se recoupe",
    "Ring Self-intersection": "le contour se touche lui-même",
    "Hole lies outside shell": "un trou sort du contour",
    "Holes are nested": "deux trous s’emboîtent",
    "Nested shells": "deux contours s’emboîtent",
    "Duplicate Rings": "un contour est répété",
    "Interior is disconnected": "l’intérieur est coupé en deux",
    "Too few points in geometry component": "le contour a trop peu de points",
    "Invalid Coordinate": "une coordonnée n’est pas un nombre",
}
_LIEU = re.compile(r"^(?P<defaut>[^\[]+)(?:\[(?P<x>\S+) (?P<y>\S+)\])?$")


# Ce que lève shapely d'un objet qui n'est pas un contour.
_ILLISIBLES = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(OverflowError, RecursionError),
)


class ContourInvalide(ValueError):
    """Un contour que l'on ne peut pas garder ; le message dit pourquoi."""


@dataclass(frozen=True)
class RepereLocal:
    """Des mètres autour d'un point : à l'échelle d'un quartier, l'erreur reste sous un millième."""

    lon: float
    lat: float

    @property
    def _metres_par_degre(self) -> tuple[float, float]:
        phi = math.radians(self.lat)
        w = 1 - _E2 * math.sin(phi) ** 2
        est = _A / math.sqrt(w) * math.cos(phi)
        nord = _A * (1 - _E2) / w**1.5
        return math.radians(est), math.radians(nord)

    def metres(self, coordonnees: np.ndarray) -> np.ndarray:
        """Rend des coordonnées en mètres, d'est et de nord, depuis des degrés."""
        return (coordonnees - (self.lon, self.lat)) * self._metres_par_degre

    def degres(self, metres: float) -> tuple[float, float]:
        """Rend combien de degrés de longitude et de latitude valent ces mètres."""
        est, nord = self._metres_par_degre
        return metres / est, metres / nord


def repere_de(geometrie: BaseGeometry) -> RepereLocal:
    """Rend le repère en mètres autour du milieu d'un contour."""
    ouest, sud, est, nord = geometrie.bounds
    return RepereLocal((ouest + est) / 2, (sud + nord) / 2)


def en_metres(geometrie: BaseGeometry) -> BaseGeometry:
    """Rend un contour en mètres, dans son repère local."""
    return shapely.transform(geometrie, repere_de(geometrie).metres)


def superficie(geometrie: BaseGeometry) -> float:
    """Rend la superficie d'un contour, en mètres carrés."""
    return float(en_metres(geometrie).area)


def depuis_geojson(objet: Mapping[str, Any] | None, projection: str = "") -> BaseGeometry:
    """Rend le contour d'un objet GeoJSON, ramené en degrés ; lève ContourInvalide.

    Un contour qui se recoupe est rendu tel quel : `defaut` le dira.
    """
    if not objet or objet.get("type") not in ("Polygon", "MultiPolygon"):
        raise ContourInvalide("il n’a pas de contour : on attend un polygone")
    try:
        geometrie = shapely.force_2d(shape(objet))
    except (*_ILLISIBLES, shapely.GEOSException):
        raise ContourInvalide("son contour ne se lit pas") from None
    if geometrie.is_empty:
        raise ContourInvalide("son contour est vide")
    if projection:
        if _sont_des_degres(geometrie):
            raise ContourInvalide("ses coordonnées sont déjà des degrés : retirez --projection")
        geometrie = shapely.transform(geometrie, lambda xy: vers_degres(xy, projection))
    verifier_les_degres(geometrie)
    return geometrie


def verifier_les_degres(geometrie: BaseGeometry) -> None:
    """Lève ContourInvalide si un contour sort du globe : ses coordonnées ne sont pas des degrés."""
    if not _sont_des_degres(geometrie):
        raise ContourInvalide(
            "ses coordonnées ne sont pas des degrés ; si le fichier est en Lambert 93 ou en "
            "Mercator, donnez sa projection (--projection 2154 ou 3857)"
        )


def _sont_des_degres(geometrie: BaseGeometry) -> bool:
    ouest, sud, est, nord = geometrie.bounds
    return -180 <= ouest <= est <= 180 and -90 <= sud <= nord <= 90


def vers_degres(coordonnees: np.ndarray, projection: str) -> np.ndarray:
    """Rend des coordonnées (x, y) en longitude et latitude WGS84 ; lève ContourInvalide."""
    lon, lat = _transformeur(projection).transform(coordonnees[:, 0], coordonnees[:, 1])
    return np.column_stack([lon, lat])


@lru_cache(maxsize=16)
def _transformeur(projection: str) -> Any:
    # Rarement utile, et long à charger : le site démarre sans.
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(f"EPSG:{projection}", "EPSG:4326", always_xy=True)
    except ProjError:
        raise ContourInvalide(f"la projection « {projection} » est inconnue") from None


def projection_annoncee(contenu: Mapping[str, Any]) -> str:
    """Rend le code EPSG qu'annonce un fichier GeoJSON, vide s'il est en degrés."""
    crs = contenu.get("crs")
    proprietes = crs.get("properties") if isinstance(crs, Mapping) else None
    nom = str(proprietes.get("name", "")) if isinstance(proprietes, Mapping) else ""
    code = re.search(r"(?i)EPSG[:/]{1,2}(?:[\d.]*[:/])?(\d+)$", nom)
    return "" if code is None or code[1] == "4326" else code[1]


def defaut(geometrie: BaseGeometry) -> str:
    """Rend en français ce qui rend un contour invalide, et où ; vide s'il est juste."""
    raison = shapely.is_valid_reason(geometrie)
    if raison == "Valid Geometry":
        return ""
    trouve = _LIEU.match(raison)
    assert trouve is not None
    dit = _DEFAUTS.get(trouve["defaut"].strip(), "le contour est mal formé")
    if trouve["x"]:
        ou = f"{float(trouve['x']):.5f} ; {float(trouve['y']):.5f}".replace(".", ",")
        return f"{dit} (en {ou})"
    return dit


def reparer(geometrie: BaseGeometry) -> BaseGeometry:
    """Rend un contour juste, au plus près de celui qui ne l'est pas ; lève ContourInvalide."""
    try:
        reparee = shapely.make_valid(geometrie)
    except shapely.GEOSException:
        raise ContourInvalide("son contour ne peut pas être réparé") from None
    surfaces = [g for g in shapely.get_parts([reparee]) if g.geom_type == "Polygon"]
    for ensemble in (g for g in shapely.get_parts([reparee]) if g.geom_type == "MultiPolygon"):
        surfaces += list(ensemble.geoms)
    if not surfaces:
        raise ContourInvalide("son contour ne peut pas être réparé")
    return shapely.unary_union(surfaces)


def arrondir(geometrie: BaseGeometry, decimales: int = 5) -> BaseGeometry:
    """Rend un contour aux coordonnées arrondies, sans points répétés, encore juste."""
    rondes = []
    for part in shapely.get_parts(geometrie):
        arrondie = shapely.transform(part, lambda xy: xy.round(decimales))
        # Une part plus petite que l'arrondi n'a plus assez de points : elle disparaît.
        with contextlib.suppress(shapely.GEOSException):
            rondes.append(shapely.remove_repeated_points(arrondie))
    if not rondes:
        return geometrie
    ronde = rondes[0] if len(rondes) == 1 else shapely.multipolygons([rondes])[0]
    return ronde if ronde.is_valid else reparer(ronde)


def octets(geometrie: BaseGeometry) -> bytes:
    """Rend un contour en WKB, toujours le même pour la même forme."""
    return bytes(shapely.to_wkb(shapely.normalize(geometrie)))


def depuis_octets(wkb: bytes | memoryview) -> BaseGeometry:
    """Rend le contour gardé en WKB."""
    return shapely.from_wkb(bytes(wkb))


def contours(geometrie: BaseGeometry) -> Iterable[np.ndarray]:
    """Rend chaque anneau d'un contour, extérieurs et trous, en coordonnées."""
    for polygone in shapely.get_parts(geometrie):
        yield np.asarray(polygone.exterior.coords)
        for trou in polygone.interiors:
            yield np.asarray(trou.coords)
