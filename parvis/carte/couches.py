"""Les couches de la carte : ce que chaque pièce y pose, toujours avec une liste et un tableau."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.urls import reverse
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

# La classe d'un élément dit comment il se dessine : « quartier », « commune » (un fond), « point ».
COMMUNE = "commune"
# Au mètre près : plus fin ne se voit pas, et pèse.
DECIMALES = 5


@dataclass(frozen=True)
class Element:
    """Ce qu'une couche montre en un lieu : son nom, où il mène, ses chiffres en lignes (libellé, valeur)."""

    code: str
    nom: str
    sous_titre: str
    geometrie: BaseGeometry | None
    adresse: str = ""
    lignes: Sequence[tuple[str, str]] = ()
    classe: str = "quartier"


@dataclass(frozen=True)
class Couche:
    """Une couche : son code dans l'adresse, son titre, ce qu'elle montre, et le trait qui la distingue."""

    code: str
    titre: str
    lire: Callable[[], list[Element]]
    trait: str = ""


def geojson(elements: Sequence[Element]) -> dict[str, Any]:
    """Rend une couche en GeoJSON, ses textes en données ; un élément sans contour n'y est pas."""
    situes = [e for e in elements if e.geometrie is not None]
    objets = [
        {
            "type": "Feature",
            "id": element.code,
            "geometry": _arrondie(element.geometrie),
            "properties": {
                "nom": element.nom,
                "sous_titre": element.sous_titre,
                "adresse": element.adresse,
                "lignes": [list(ligne) for ligne in element.lignes],
                "classe": element.classe,
            },
        }
        for element in situes
    ]
    emprise = shapely.total_bounds([e.geometrie for e in situes]).tolist() if situes else []
    return {"type": "FeatureCollection", "features": objets, "emprise": emprise}


def _arrondie(geometrie: BaseGeometry | None) -> dict[str, Any]:
    return mapping(shapely.transform(geometrie, lambda xy: xy.round(DECIMALES)))


def adresse_de_la_commune(contrat: str, code: str) -> str:
    """Rend l'adresse de la page d'une commune."""
    return reverse("carte:commune", args=(contrat, code))


def adresse_du_quartier(contrat: str, code: str) -> str:
    """Rend l'adresse de la page d'un quartier."""
    return reverse("carte:quartier", args=(contrat, code))
