"""Ouvrir un fichier officiel : GeoJSON ou tableau, nu, en .gz ou seul dans un .zip. Sans base."""

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.socle.refus import Refus
from parvis.socle.tableur import lire_tableau
from parvis.socle.texte import sans_accents
from parvis.territoires.geometrie import projection_annoncee

# Le contour de toute la France pèse une vingtaine de mégaoctets.
OCTETS_MAX = 400_000_000


@dataclass(frozen=True)
class Entree:
    """Une ligne de tableau ou un objet GeoJSON : son repère dans le fichier, ses valeurs, son contour."""

    repere: str
    valeurs: Mapping[str, str]
    geometrie: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class FichierOuvert:
    """Ce que contient un fichier : ses entrées, ses colonnes, et la projection qu'il annonce."""

    entrees: list[Entree]
    colonnes: frozenset[str]
    projection: str = ""
    a_des_contours: bool = False


def ouvrir(fichier: Path) -> FichierOuvert:
    """Rend le contenu d'un fichier, les noms de colonnes ramenés à une même forme. Lève Refus."""
    try:
        octets, nom = _deballer(fichier.read_bytes(), fichier.name)
    # RuntimeError : une archive chiffrée ; NotImplementedError : une compression inconnue.
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
    ) as erreur:
        raise Refus([f"Le fichier {fichier.name} ne se lit pas : {erreur}."]) from None
    if octets.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _du_geojson(octets, nom)
    tableau = lire_tableau(octets, nom)
    colonnes = [forme(colonne) for colonne in tableau.colonnes]
    entrees = [
        Entree(f"Ligne {rang}", dict(zip(colonnes, (c.strip() for c in cellules), strict=True)))
        for rang, cellules in enumerate(tableau.lignes, tableau.premiere_ligne)
        if any(cellules)
    ]
    return FichierOuvert(entrees, frozenset(colonnes))


def forme(colonne: str) -> str:
    """Rend un nom de colonne en minuscules, sans accent, mots joints par « _ »."""
    return re.sub(r"[^a-z0-9]+", "_", sans_accents(colonne).lower()).strip("_")


def valeur(entree: Entree, noms: Sequence[str]) -> str:
    """Rend la première valeur non vide sous un de ces noms de colonne, vide sinon."""
    return next((v for nom in noms if (v := entree.valeurs.get(nom, ""))), "")


def une_de(colonnes: frozenset[str], noms: Sequence[str]) -> bool:
    """Dit si le fichier a l'une de ces colonnes."""
    return not colonnes.isdisjoint(noms)


def _deballer(octets: bytes, nom: str) -> tuple[bytes, str]:
    if octets[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=io.BytesIO(octets)) as flux:
            return _lire_borne(flux), nom.removesuffix(".gz")
    if octets[:4] == b"PK\x03\x04" and not nom.lower().endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            lisibles = [
                n for n in archive.namelist() if n.lower().endswith((".geojson", ".json", ".csv"))
            ]
            if len(lisibles) != 1:
                raise Refus(
                    [
                        f"L’archive {nom} doit contenir un seul fichier GeoJSON ou CSV ; elle en a "
                        f"{len(lisibles)}. Sortez-en le bon et donnez-le."
                    ]
                )
            with archive.open(lisibles[0]) as flux:
                return _lire_borne(flux), lisibles[0]
    return octets, nom


def _lire_borne(flux: Any) -> bytes:
    octets = flux.read(OCTETS_MAX + 1)
    if len(octets) > OCTETS_MAX:
        raise Refus([f"Le fichier décompressé dépasse {OCTETS_MAX // 1_000_000} Mo."])
    return octets


def _du_geojson(octets: bytes, nom: str) -> FichierOuvert:
    try:
        contenu = json.loads(octets.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refus([f"Le fichier {nom} n’est pas un GeoJSON lisible."]) from None
    objets = contenu.get("features") if isinstance(contenu, dict) else None
    if not isinstance(objets, list):
        raise Refus([f"Le fichier {nom} n’a pas de liste « features » : ce n’est pas un GeoJSON."])
    entrees = list(_entrees(objets))
    colonnes = frozenset(nom for entree in entrees for nom in entree.valeurs)
    return FichierOuvert(entrees, colonnes, projection_annoncee(contenu), a_des_contours=True)


def _entrees(objets: Sequence[Any]) -> Iterator[Entree]:
    for rang, objet in enumerate(objets, 1):
        objet = objet if isinstance(objet, dict) else {}
        proprietes = objet.get("properties")
        proprietes = proprietes if isinstance(proprietes, dict) else {}
        geometrie = objet.get("geometry")
        yield Entree(
            f"Objet {rang}",
            {forme(str(nom)): _texte(v) for nom, v in proprietes.items()},
            # Sans géométrie, un quartier est connu sans son contour ; mal formée, elle est refusée.
            None if geometrie is None else geometrie if isinstance(geometrie, dict) else {},
        )


def _texte(valeur: Any) -> str:
    if valeur is None or isinstance(valeur, dict):
        return ""
    if isinstance(valeur, list):
        return _propre(";".join(str(v) for v in valeur))
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return _propre(str(valeur))


def _propre(texte: str) -> str:
    """Rend un texte sans les signes qu'une base ne garde pas : signe nul, demi-signe Unicode."""
    return texte.encode("utf-8", "ignore").decode().replace("\x00", "").strip()
