"""Des communes, des quartiers et leurs fichiers : le Val-des-Tilleuls et Port-Tilleul, inventés."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import shapely
from django.apps import apps
from django.core.management import call_command
from shapely.geometry.base import BaseGeometry

from parvis.territoires.geometrie import octets
from parvis.territoires.models import Chargement, Commune, Couverture, Perimetre, Quartier

# Les mêmes codes et les mêmes noms que ceux du faux géocodeur.
VAL, PORT = "94081", "94041"
NOMS = {VAL: "Val-des-Tilleuls", PORT: "Port-Tilleul"}
# Deux rectangles qui se touchent à 48,80 de latitude.
CONTOURS = {
    VAL: shapely.box(2.37, 48.77, 2.42, 48.80),
    PORT: shapely.box(2.37, 48.80, 2.42, 48.83),
}
JADIS = datetime(2020, 1, 1, tzinfo=UTC)
TILLEULS, VERGER = "QN09401N", "QN09402N"


def carre(lon: float, lat: float, demi: float = 0.001) -> BaseGeometry:
    """Rend un carré de degrés autour d'un point."""
    return shapely.box(lon - demi, lat - demi, lon + demi, lat + demi)


def commune(
    code: str, nom: str = "", contour: BaseGeometry | None = None, **champs: Any
) -> Commune:
    """Crée une commune ; celles d'ici ont déjà leur nom."""
    return Commune.objects.create(
        code=code,
        nom=nom or NOMS[code],
        departement=code[:2],
        contour=None if contour is None else octets(contour),
        **champs,
    )


def quartier(
    code: str,
    communes: Iterable[str],
    contour: BaseGeometry | None = None,
    *,
    nom: str = "",
    millesime: int = 2024,
    **perimetre: Any,
) -> Quartier:
    """Crée un quartier, et son périmètre en vigueur si on en donne le contour."""
    cree = Quartier.objects.create(
        code=code,
        nom=nom or f"Quartier {code}",
        millesime=millesime,
        valide_du=date(millesime, 1, 1),
    )
    cree.communes.set(Commune.objects.filter(code__in=list(communes)))
    if contour is not None:
        Perimetre.objects.create(
            quartier=cree,
            geometrie=octets(contour),
            empreinte="essai",
            **({"source": "essai.geojson", "charge_le": JADIS} | perimetre),
        )
    return cree


def couvrir(*portees: str, millesime: int = 2024) -> None:
    """Dit que tous les quartiers de ces portées sont connus."""
    for portee in portees:
        Couverture.objects.create(
            millesime=millesime, portee=portee, source="essai", chargee_le=JADIS
        )


def noter_un_chargement(pk: int | None = None) -> None:
    """Note qu'un fichier a été chargé, comme le ferait un autre processus."""
    Chargement.objects.create(pk=pk, nature="quartiers", source="essai", charge_le=JADIS)


def objet(geometrie: Any, **proprietes: Any) -> dict[str, Any]:
    """Rend un objet GeoJSON ; sa géométrie est un contour, ou ce que l'on veut d'invalide."""
    if isinstance(geometrie, BaseGeometry):
        geometrie = json.loads(shapely.to_geojson(geometrie))
    return {"type": "Feature", "properties": proprietes, "geometry": geometrie}


def geojson(*objets: Any, projection: str = "") -> bytes:
    """Rend un fichier GeoJSON, avec la projection qu'il annonce."""
    contenu: dict[str, Any] = {"type": "FeatureCollection", "features": list(objets)}
    if projection:
        contenu["crs"] = {"type": "name", "properties": {"name": projection}}
    return json.dumps(contenu).encode()


def deux_quartiers() -> list[dict[str, Any]]:
    """Rend les objets de deux quartiers, un par commune."""
    return [
        objet(
            carre(2.3905, 48.7865),
            code_qp=TILLEULS,
            lib_qp="Les Tilleuls",
            insee_com=VAL,
            lib_com=NOMS[VAL],
        ),
        objet(
            carre(2.395, 48.815),
            code_qp=VERGER,
            lib_qp="Le Verger",
            insee_com=PORT,
            lib_com=NOMS[PORT],
        ),
    ]


def csv(*lignes: str, debut: str = "\ufeff") -> bytes:
    """Rend un tableau comme les services de l'État les écrivent : marque, « ; » et fins Windows."""
    return (debut + "".join(f"{ligne}\r\n" for ligne in lignes)).encode()


def deposer(dossier: Path, nom: str, contenu: bytes) -> Path:
    """Écrit un fichier dans un dossier d'essai."""
    fichier = dossier / nom
    fichier.write_bytes(contenu)
    return fichier


def sans_octets(valeur: Any) -> str:
    """Rend de quoi nommer un cas d'essai : ses textes, sans le contenu de ses fichiers."""
    return valeur if isinstance(valeur, str) else "·"


def lancer(nom: str, fichier: Path, *options: str) -> str:
    """Lance une commande sur un fichier ; rend ce qu'elle imprime."""
    sortie = StringIO()
    call_command(nom, fichier, *options, stdout=sortie, stderr=sortie)
    return sortie.getvalue()


def etat() -> Mapping[str, Sequence[Any]]:
    """Rend chaque ligne de chaque table des territoires et du journal."""
    tables = [*apps.get_app_config("territoires").get_models(include_auto_created=True)]
    tables += apps.get_app_config("journal").get_models()
    return {table._meta.label: list(table.objects.order_by("pk").values()) for table in tables}
