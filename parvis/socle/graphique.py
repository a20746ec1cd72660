"""Dessiner de petits graphiques : une échelle ronde, des barres, une courbe qui s'interrompt. Sans base.

Les barres se placent en pour cent de leur boîte, la courbe en pixels de la sienne. Une valeur que l'on
n'a pas (None) ne se dessine pas : elle n'est jamais un zéro, et ne pèse pas sur l'échelle.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

# Les pas qu'un lecteur compte de tête, à une puissance de dix près.
PAS_RONDS = (1.0, 2.0, 2.5, 5.0, 10.0)
INTERVALLES = 4
CENTIEMES = 2
MOIS_PAR_AN, TRIMESTRES_PAR_AN = 12, 4


@dataclass(frozen=True)
class Echelle:
    """Deux bornes rondes, et le pas qui va de l'une à l'autre."""

    bas: float
    haut: float
    pas: float

    @property
    def graduations(self) -> list[float]:
        """Rend chaque graduation, bornes comprises."""
        debut, fin = round(self.bas / self.pas), round(self.haut / self.pas)
        return [rang * self.pas for rang in range(debut, fin + 1)]

    def place(self, valeur: float) -> float:
        """Rend où tombe une valeur, de 0 (borne basse) à 1 (borne haute), jamais au dehors."""
        return min(max((valeur - self.bas) / (self.haut - self.bas), 0.0), 1.0)

    def pour_cent(self, valeur: float) -> float:
        """Rend où tombe une valeur, en pour cent de la largeur."""
        return round(100 * self.place(valeur), CENTIEMES)


@dataclass(frozen=True)
class Graduation:
    """Une graduation : où elle tombe, en pour cent, ce qui s'y écrit, et de quel côté (`ancre`)."""

    x: float
    texte: str = ""
    ancre: str = "middle"


@dataclass(frozen=True)
class Barre:
    """Une barre couchée, en pour cent de la largeur de sa boîte."""

    x: float
    largeur: float


@dataclass(frozen=True)
class PointDeCourbe:
    """Un point posé, en pixels depuis le coin haut gauche."""

    x: float
    y: float


@dataclass(frozen=True)
class Courbe:
    """Une courbe dans sa boîte : son chemin SVG, ses points isolés, son dernier point connu."""

    largeur: int
    hauteur: int
    chemin: str
    isoles: list[PointDeCourbe]
    dernier: PointDeCourbe


def echelle(valeurs: Iterable[float | None]) -> Echelle:
    """Rend l'échelle qui contient zéro et chaque valeur connue, entre deux bornes rondes."""
    connues = [0.0, *(valeur for valeur in valeurs if valeur is not None)]
    bas, haut = min(connues), max(connues)
    if bas == haut:
        return Echelle(0.0, 1.0, 1.0)
    pas = _pas_rond((haut - bas) / INTERVALLES)
    return Echelle(math.floor(bas / pas) * pas, math.ceil(haut / pas) * pas, pas)


def _pas_rond(voulu: float) -> float:
    """Rend le plus petit pas rond qui atteint celui que l'on voulait."""
    dizaine = 10.0 ** math.floor(math.log10(voulu))
    return next((p * dizaine for p in PAS_RONDS if p * dizaine >= voulu), 10 * dizaine)


def graduer(regle: Echelle, ecrire: Callable[[float], str]) -> list[Graduation]:
    """Rend chaque graduation d'une échelle ; seuls les bornes et le zéro sont écrits."""
    ecrites = {0.0: "middle", regle.bas: "start", regle.haut: "end"}
    return [
        Graduation(regle.pour_cent(g), ecrire(g), ecrites[g])
        if g in ecrites
        else Graduation(regle.pour_cent(g))
        for g in regle.graduations
    ]


def barres(valeurs: Sequence[float | None], regle: Echelle) -> list[Barre | None]:
    """Rend une barre par valeur, dans leur ordre, depuis zéro ; rien pour celle que l'on n'a pas."""
    return [None if valeur is None else _barre(valeur, regle) for valeur in valeurs]


def _barre(valeur: float, regle: Echelle) -> Barre:
    debut, fin = regle.pour_cent(min(valeur, 0.0)), regle.pour_cent(max(valeur, 0.0))
    return Barre(debut, round(fin - debut, CENTIEMES))


def courbe(
    points: Sequence[tuple[float, float | None]],
    *,
    largeur: int = 120,
    hauteur: int = 28,
    marge: int = 4,
) -> Courbe | None:
    """Rend la courbe de points (moment, valeur), dans l'ordre du temps ; rien si aucune n'est connue.

    Une valeur que l'on n'a pas coupe la courbe ; celle qui reste entre deux coupures est un point.
    """
    connues = [valeur for _, valeur in points if valeur is not None]
    if not connues:
        return None
    moments = [moment for moment, _ in points]
    en_x = _etendue(min(moments), max(moments))
    en_y = _etendue(min(connues), max(connues))

    def poser(moment: float, valeur: float) -> PointDeCourbe:
        return PointDeCourbe(
            round(marge + en_x.place(moment) * (largeur - 2 * marge), 1),
            round(marge + (1 - en_y.place(valeur)) * (hauteur - 2 * marge), 1),
        )

    suites = [
        [poser(moment, valeur) for moment, valeur in suite if valeur is not None]
        for est_connue, suite in groupby(points, lambda point: point[1] is not None)
        if est_connue
    ]
    return Courbe(
        largeur,
        hauteur,
        " ".join(_chemin(suite) for suite in suites if len(suite) > 1),
        [suite[0] for suite in suites if len(suite) == 1],
        suites[-1][-1],
    )


def _etendue(bas: float, haut: float) -> Echelle:
    """Rend l'étendue de deux bornes ; confondues, elles tiennent le milieu."""
    if haut > bas and math.isfinite(1 / (haut - bas)):
        return Echelle(bas, haut, haut - bas)
    demi = max(abs(bas), 1.0)
    return Echelle(bas - demi, bas + demi, demi)


def _chemin(suite: Sequence[PointDeCourbe]) -> str:
    return "M" + " L".join(f"{point.x:g},{point.y:g}" for point in suite)


def moment(periode: str) -> float:
    """Rend quand tombe une période, en années : « 2018 », « 2018-T3 » (2018,5), « 2018-07 » (2018,5)."""
    annee, _, reste = periode.partition("-")
    if not reste:
        return float(annee)
    if reste.startswith("T"):
        return int(annee) + (int(reste[1:]) - 1) / TRIMESTRES_PAR_AN
    return int(annee) + (int(reste) - 1) / MOIS_PAR_AN
