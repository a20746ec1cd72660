"""Situer des points parmi des contours, par centaines de milliers : dedans ou dehors, à combien du bord."""

from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.territoires.geometrie import RepereLocal, en_metres, repere_de

# Au-delà, la distance au bord ne change aucune réponse : on ne la calcule pas.
LIMITE_M = 50.0
DEHORS = -1


class IndexDeContours:
    """Des contours préparés. Les points triés par longitude, chaque contour n'en regarde qu'une tranche.

    Un arbre de rectangles demande d'abord un objet par point, ce qui prend plus de temps que tout le
    reste (tests/charge/territoires.py).
    """

    def __init__(self, geometries: Sequence[BaseGeometry]) -> None:
        self.contours = np.array(geometries, dtype=object)
        shapely.prepare(self.contours)
        self.cadres = (
            shapely.bounds(self.contours) if len(geometries) else np.empty((0, 4), dtype=float)
        )
        self.reperes = [repere_de(g) for g in geometries]
        self.bords = [shapely.boundary(en_metres(g)) for g in geometries]
        shapely.prepare(self.bords)
        # GEOS complète ses contours préparés en les lisant : un seul lecteur à la fois.
        self._verrou = Lock()

    def situer(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Rend, pour chaque point en degrés, le rang du contour qui le contient, ou DEHORS.

        Un point sur le bord est dedans. Si deux contours le contiennent, c'est le premier.
        """
        rangs = np.full(len(lon), DEHORS, dtype=np.int32)
        with self._verrou:
            for rang, points in _tranches(lon, lat, self.cadres):
                dedans = shapely.intersects_xy(self.contours[rang], lon[points], lat[points])
                trouves = points[dedans]
                rangs[trouves[rangs[trouves] == DEHORS]] = rang
        return rangs

    def distances(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rend, en mètres, la distance au bord le plus proche et son rang ; l'infini au-delà de LIMITE_M."""
        metres = np.full(len(lon), np.inf)
        rangs = np.full(len(lon), DEHORS, dtype=np.int32)
        with self._verrou:
            for rang, points in _tranches(lon, lat, self._cadres_elargis()):
                trouvees = self._au_bord(rang, lon[points], lat[points])
                plus_pres = (trouvees <= LIMITE_M) & (trouvees < metres[points])
                metres[points[plus_pres]] = trouvees[plus_pres]
                rangs[points[plus_pres]] = rang
        return metres, rangs

    def le_plus_proche(
        self, lon: float, lat: float, limite: float = float("inf")
    ) -> tuple[int, float]:
        """Rend le rang du contour le plus proche d'un point, et la distance à son bord en mètres.

        Rend (DEHORS, l'infini) sans aucun contour à moins de `limite` mètres, ou pour un point sans nombre.
        """
        if not len(self.contours):
            return DEHORS, float("inf")
        ici = RepereLocal(lon, lat)
        coins = np.stack([ici.metres(self.cadres[:, :2]), ici.metres(self.cadres[:, 2:])])
        # Nul contour n'est plus près que son cadre : on s'arrête quand les cadres s'éloignent.
        au_cadre = np.hypot(*np.maximum(0, np.maximum(coins[0], -coins[1])).T)
        meilleur, rang_du_meilleur = float("inf"), DEHORS
        proches = np.flatnonzero(au_cadre <= limite)
        with self._verrou:
            for rang in proches[np.argsort(au_cadre[proches], kind="stable")]:
                if au_cadre[rang] > meilleur:
                    break
                metres = float(self._au_bord(rang, np.array([lon]), np.array([lat]))[0])
                if metres < meilleur and metres <= limite:
                    meilleur, rang_du_meilleur = metres, int(rang)
        return rang_du_meilleur, meilleur

    def au_bord(self, rang: int, lon: float, lat: float) -> float:
        """Rend la distance d'un point au bord d'un contour, en mètres ; l'infini sans coordonnées."""
        if not np.isfinite(lon + lat):
            return float("inf")
        with self._verrou:
            return float(self._au_bord(rang, np.array([lon]), np.array([lat]))[0])

    def _au_bord(self, rang: int, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        points = shapely.points(self.reperes[rang].metres(np.column_stack([lon, lat])))
        return shapely.distance(self.bords[rang], points)

    def _cadres_elargis(self) -> np.ndarray:
        marges = np.array([repere.degres(LIMITE_M) for repere in self.reperes]).reshape(-1, 2)
        return np.hstack([self.cadres[:, :2] - marges, self.cadres[:, 2:] + marges])


def _tranches(
    lon: np.ndarray, lat: np.ndarray, cadres: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """Rend chaque rang de cadre avec les points qui y tombent ; un point sans nombre n'est nulle part."""
    ordre = np.argsort(lon)
    triees, hauteurs = lon[ordre], lat[ordre]
    debuts = np.searchsorted(triees, cadres[:, 0])
    fins = np.searchsorted(triees, cadres[:, 2], side="right")
    for rang in np.flatnonzero(fins > debuts):
        tranche = slice(debuts[rang], fins[rang])
        dans_la_hauteur = (hauteurs[tranche] >= cadres[rang, 1]) & (
            hauteurs[tranche] <= cadres[rang, 3]
        )
        points = ordre[tranche][dans_la_hauteur]
        if len(points):
            yield int(rang), points
