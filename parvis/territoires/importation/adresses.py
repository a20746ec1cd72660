"""Lire un fichier d'adresses, base nationale (BAN) ou base locale (BAL), ligne à ligne. Sans base."""

import csv
import gzip
import io
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from parvis.socle.refus import Refus
from parvis.socle.texte import en_une_ligne, sans_accents

# Au-delà, le fichier est d'une autre sorte : inutile de tout redire.
MOTIFS_MAX = 20
# Un toponyme sans numéro, dans une base adresse locale.
SANS_NUMERO = 99999
# Le bord de la France métropolitaine en Lambert 93, en mètres.
LAMBERT_X, LAMBERT_Y = (0, 1_300_000), (6_000_000, 7_200_000)
POSITIONS = {"entree": 0, "batiment": 1}


class LigneDAdresse(NamedTuple):
    """Une adresse d'un fichier, avec sa ligne ; longitude et latitude en degrés."""

    ligne: int
    cle: str
    commune_code: str
    commune_nom: str
    numero: int
    suffixe: str
    voie: str
    code_postal: str
    lon: float
    lat: float


@dataclass(frozen=True)
class _Format:
    """Sous quel titre chaque sorte de fichier range ce que nous lisons."""

    nom: str
    colonnes: dict[str, str]
    facultatives: frozenset[str] = field(default_factory=frozenset)


_BAN = _Format(
    "base adresse nationale",
    {
        "cle": "id",
        "numero": "numero",
        "suffixe": "rep",
        "voie": "nom_voie",
        "code_postal": "code_postal",
        "commune_code": "code_insee",
        "commune_nom": "nom_commune",
        "lon": "lon",
        "lat": "lat",
        "x": "x",
        "y": "y",
    },
    frozenset(("lon", "lat", "x", "y")),
)
_BAL = _Format(
    "base adresse locale",
    {
        "cle": "cle_interop",
        "numero": "numero",
        "suffixe": "suffixe",
        "voie": "voie_nom",
        "commune_code": "commune_insee",
        "commune_nom": "commune_nom",
        "position": "position",
        "lon": "long",
        "lat": "lat",
        "x": "x",
        "y": "y",
    },
    # Les premières versions n'ont pas le code de la commune : il ouvre la clé.
    frozenset(("commune_code", "position", "lon", "lat", "x", "y")),
)


def lire_adresses(fichier: Path) -> Iterator[LigneDAdresse]:
    """Rend les adresses d'un fichier CSV, nu ou en .gz, une par clé, sans le tenir en mémoire.

    D'une adresse à plusieurs positions reste l'entrée, sinon le bâtiment, sinon la première. Lève
    Refus, chaque motif avec sa ligne, au plus tard à la dernière.
    """
    try:
        with _ouvrir(fichier) as flux:
            titres = flux.readline()
            separateur = ";" if titres.count(";") >= titres.count(",") else ","
            colonnes = [t.strip().strip('"').lower() for t in titres.split(separateur)]
            lecteur = _Lecteur(fichier.name, colonnes)
            yield from lecteur.adresses(csv.reader(flux, delimiter=separateur, strict=True))
    except UnicodeDecodeError:
        raise Refus(
            [
                f"Le fichier {fichier.name} n’est pas un texte en UTF-8 : sortez-le de son archive, ou "
                "enregistrez-le de nouveau en CSV UTF-8."
            ]
        ) from None
    except (OSError, EOFError, zlib.error, csv.Error) as erreur:
        raise Refus([f"Le fichier {fichier.name} ne se lit pas : {erreur}."]) from None


@contextmanager
def _ouvrir(fichier: Path) -> Iterator[TextIO]:
    with fichier.open("rb") as brut:
        est_compresse = brut.read(2) == b"\x1f\x8b"
        brut.seek(0)
        octets = gzip.GzipFile(fileobj=brut) if est_compresse else brut
        with io.TextIOWrapper(octets, encoding="utf-8-sig", newline="") as flux:
            yield flux


class _Lecteur:
    """La lecture d'un fichier : où sont ses colonnes, ce qui a été vu, ce qui n'allait pas."""

    def __init__(self, nom: str, colonnes: Sequence[str]) -> None:
        self.nom = nom
        self.motifs: list[str] = []
        self.vues: dict[str, int] = {}
        format_ = _BAL if "cle_interop" in colonnes else _BAN
        self.rangs = {
            quoi: colonnes.index(titre)
            for quoi, titre in format_.colonnes.items()
            if titre in colonnes
        }
        attendues = format_.colonnes.keys() - format_.facultatives
        absentes = [
            titre
            for quoi, titre in format_.colonnes.items()
            if quoi in attendues - self.rangs.keys()
        ]
        if not absentes and not (
            {"lon", "lat"} <= self.rangs.keys() or {"x", "y"} <= self.rangs.keys()
        ):
            absentes = [format_.colonnes["lon"], format_.colonnes["lat"]]
        if absentes:
            raise Refus(
                [
                    f"Le fichier {nom} n’a pas les colonnes d’une {format_.nom} ; il manque : "
                    f"{', '.join(absentes)}."
                ]
            )

    def adresses(self, rangees: Iterator[list[str]]) -> Iterator[LigneDAdresse]:
        """Rend les adresses, une commune après l'autre : les positions d'une adresse s'y suivent."""
        attente: dict[str, tuple[int, LigneDAdresse]] = {}
        commune = ""
        # La première ligne est celle des titres.
        for ligne, cases in enumerate(rangees, 2):
            if not any(cases):
                continue
            lue = self._lire(ligne, cases)
            if lue is None:
                continue
            if lue.commune_code != commune:
                yield from (adresse for _, adresse in attente.values())
                attente.clear()
                commune = lue.commune_code
            self._retenir(attente, lue, self._position(cases))
        if not self.vues and not self.motifs:
            self.motifs.append(f"Le fichier {self.nom} ne contient aucune adresse.")
        if self.motifs:
            raise Refus(self.motifs)
        yield from (adresse for _, adresse in attente.values())

    def _retenir(
        self, attente: dict[str, tuple[int, LigneDAdresse]], lue: LigneDAdresse, position: int
    ) -> None:
        """Garde une adresse, ou la meilleure de ses positions."""
        # Sans colonne de position, une clé n'a qu'un point.
        point = () if "position" in self.rangs else (lue.lon, lue.lat)
        contenu = hash((lue[2:8], point))
        if lue.cle not in self.vues:
            self.vues[lue.cle] = contenu
            attente[lue.cle] = (position, lue)
        elif self.vues[lue.cle] != contenu:
            self._refuser(lue.ligne, f"la clé {lue.cle} désigne déjà une autre adresse.")
        elif lue.cle in attente and position < attente[lue.cle][0]:
            attente[lue.cle] = (position, lue)

    def _refuser(self, ligne: int, motif: str) -> None:
        self.motifs.append(f"Ligne {ligne} : {motif}")
        if len(self.motifs) >= MOTIFS_MAX:
            raise Refus([*self.motifs, "La lecture s’est arrêtée là."])

    def _case(self, cases: list[str], quoi: str) -> str:
        rang = self.rangs.get(quoi, len(cases))
        return en_une_ligne(cases[rang]) if rang < len(cases) else ""

    def _position(self, cases: list[str]) -> int:
        return POSITIONS.get(sans_accents(self._case(cases, "position")), len(POSITIONS))

    def _lire(self, ligne: int, cases: list[str]) -> LigneDAdresse | None:
        """Rend l'adresse d'une ligne ; rien pour un toponyme sans numéro ou une ligne refusée."""
        numero = self._case(cases, "numero")
        if numero == str(SANS_NUMERO):
            return None
        cle, voie = self._case(cases, "cle"), self._case(cases, "voie")
        suffixe, postal = self._case(cases, "suffixe").lower(), self._case(cases, "code_postal")
        code = (self._case(cases, "commune_code") or cle[:5]).upper()
        defauts = [
            motif
            for est_faux, motif in (
                (
                    not re.fullmatch("[0-9]{1,5}", numero),
                    f"le numéro « {numero} » n’est pas un nombre.",
                ),
                (not voie, "la voie est vide."),
                (len(voie) > 200, "le nom de la voie dépasse 200 signes."),
                (not 0 < len(cle) <= 40, f"la clé « {cle} » a entre 1 et 40 signes."),
                (len(suffixe) > 10, f"le suffixe « {suffixe} » dépasse 10 signes."),
                (
                    not re.fullmatch("(?:[0-9]{5})?", postal),
                    f"le code postal « {postal} » n’a pas cinq chiffres.",
                ),
            )
            if est_faux
        ]
        point: tuple[float, float] | None = None
        try:
            point = self._point(cases, code)
        except ValueError as erreur:
            defauts.append(str(erreur))
        for defaut in defauts:
            self._refuser(ligne, defaut)
        if defauts or point is None:
            return None
        nom = self._case(cases, "commune_nom")
        return LigneDAdresse(ligne, cle, code, nom, int(numero), suffixe, voie, postal, *point)

    def _point(self, cases: list[str], code: str) -> tuple[float, float]:
        """Rend la longitude et la latitude en degrés ; lève ValueError avec le motif."""
        lon, lat = self._case(cases, "lon"), self._case(cases, "lat")
        if lon and lat:
            point = (_decimal(lon), _decimal(lat))
            # Zéro et zéro, au large du Ghana : la position n'a pas été saisie.
            if not (abs(point[0]) <= 180 and abs(point[1]) <= 90) or point == (0, 0):
                raise ValueError(f"les coordonnées {lon}, {lat} sortent de la carte.")
            return point
        x, y = self._case(cases, "x"), self._case(cases, "y")
        if not (x and y):
            raise ValueError("l’adresse n’a pas de coordonnées.")
        if code.startswith(("97", "98")):
            raise ValueError("outre-mer, la longitude et la latitude sont nécessaires.")
        metres = (_decimal(x), _decimal(y))
        if not (
            LAMBERT_X[0] <= metres[0] <= LAMBERT_X[1] and LAMBERT_Y[0] <= metres[1] <= LAMBERT_Y[1]
        ):
            raise ValueError(f"les coordonnées {x}, {y} sortent du Lambert 93.")
        lon93, lat93 = _depuis_lambert().transform(*metres)
        # Au centimètre : une autre version de PROJ ne fait pas croire à un changement.
        return round(lon93, 7), round(lat93, 7)


def _decimal(texte: str) -> float:
    try:
        valeur = float(texte)
    except ValueError:
        raise ValueError(f"la coordonnée « {texte} » n’est pas un nombre.") from None
    if not math.isfinite(valeur):
        raise ValueError(f"la coordonnée « {texte} » n’est pas un nombre.")
    return valeur


@cache
def _depuis_lambert() -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(2154, 4326, always_xy=True)
