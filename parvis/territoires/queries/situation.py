"""Situer des positions parmi les quartiers d'un millésime : une, ou des milliers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf, isfinite

import numpy as np
from django.db.models import Count, Max

from parvis.territoires.enums import Reponse
from parvis.territoires.geometrie import depuis_octets
from parvis.territoires.index import DEHORS, LIMITE_M, IndexDeContours
from parvis.territoires.models import Chargement, Commune, Couverture, Perimetre, Quartier
from parvis.territoires.rules.millesimes import FRANCE, est_couverte
from parvis.territoires.rules.situation import Position, Releve, repondre

# Sans contour de commune, un point si près d'un quartier est supposé dans sa commune.
VOISINAGE_M = 1_000.0
# Une voie de moins d'adresses n'est sans doute pas chargée en entier.
ADRESSES_D_UNE_VOIE = 3
# Un contour de commune simplifié peut se tromper d'autant.
ECART_DE_COMMUNE_M = 100.0


@dataclass(frozen=True)
class Contour:
    """Le contour d'un quartier en vigueur, et d'où il vient."""

    pk: int
    code: str
    nom: str
    communes: tuple[str, ...]
    source: str
    charge_le: datetime
    est_arrondi: bool


@dataclass(frozen=True)
class Lieu:
    """Une position à situer : des degrés, leur sorte, et la commune si elle est dite (code Insee).

    `voie` : les points de toutes les adresses de la voie, quand le numéro manque.
    """

    lon: float
    lat: float
    position: Position = field(default_factory=Position)
    commune: str = ""
    voie: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Situation:
    """La réponse pour un lieu et un millésime. Les distances sont au bord, en mètres."""

    millesime: int
    reponse: Reponse
    motifs: list[str]
    quartier: Contour | None = None
    distance: float = inf
    remarques: tuple[str, ...] = ()

    @property
    def distance_lisible(self) -> int | None:
        """Rend la distance au bord en mètres entiers, quand elle est calculée."""
        return round(self.distance) if isfinite(self.distance) else None


class Fond:
    """Tous les contours d'un millésime, prêts à situer."""

    def __init__(self, millesime: int) -> None:
        self.millesime = millesime
        perimetres = list(
            Perimetre.objects.filter(quartier__millesime=millesime, remplace_le__isnull=True)
            .select_related("quartier")
            .prefetch_related("quartier__communes")
            .order_by("quartier__code")
        )
        self.contours = [_contour(p) for p in perimetres]
        self.index = IndexDeContours([depuis_octets(p.geometrie) for p in perimetres])
        self.portees = frozenset(
            Couverture.objects.filter(millesime=millesime).values_list("portee", flat=True)
        )
        self.sans_contour: dict[str, tuple[str, ...]] = {}
        avec = {p.quartier_id for p in perimetres}
        for quartier in Quartier.objects.filter(millesime=millesime).prefetch_related("communes"):
            if quartier.pk not in avec:
                for commune in quartier.communes.all():
                    dits = self.sans_contour.get(commune.code, ())
                    self.sans_contour[commune.code] = (*dits, quartier.nom)

    @property
    def est_vide(self) -> bool:
        """Dit si rien n'est chargé pour ce millésime."""
        return not (self.contours or self.portees or self.sans_contour)


class FondDeCommunes:
    """Les communes dont le contour est chargé."""

    def __init__(self) -> None:
        lignes = list(Commune.objects.filter(contour__isnull=False).order_by("code"))
        self.codes = [commune.code for commune in lignes]
        self.rangs = {code: rang for rang, code in enumerate(self.codes)}
        self.noms = dict(Commune.objects.values_list("code", "nom"))
        self.index = IndexDeContours([depuis_octets(c.contour) for c in lignes if c.contour])


def fond(millesime: int) -> Fond:
    """Rend les contours d'un millésime, relus quand un chargement les a changés."""
    return _fond(millesime, _version())


def fond_de_communes() -> FondDeCommunes:
    """Rend les contours des communes, relus quand un chargement les a changés."""
    return _fond_de_communes(_version())


def _version() -> tuple[int, int]:
    """Rend le dernier chargement et leur nombre : de deux imports croisés, le plus petit numéro compte."""
    vus = Chargement.objects.aggregate(dernier=Max("pk"), nombre=Count("pk"))
    return vus["dernier"] or 0, vus["nombre"]


@lru_cache(maxsize=8)
def _fond(millesime: int, version: tuple[int, int]) -> Fond:
    return Fond(millesime)


@lru_cache(maxsize=2)
def _fond_de_communes(version: tuple[int, int]) -> FondDeCommunes:
    return FondDeCommunes()


def oublier_les_fonds() -> None:
    """Oublie les contours gardés en mémoire : une base d'essai remplace l'autre."""
    _fond.cache_clear()
    _fond_de_communes.cache_clear()


def situer(lieu: Lieu | None, millesime: int) -> Situation:
    """Rend la situation d'un lieu, avec le quartier le plus proche quand il est dehors."""
    situation = situer_en_lot([lieu], millesime)[0]
    if lieu is None or isfinite(situation.distance):
        return situation
    ici = fond(millesime)
    rang, metres = ici.index.le_plus_proche(lieu.lon, lieu.lat)
    quartier = situation.quartier or (ici.contours[rang] if rang != DEHORS else None)
    return Situation(
        millesime, situation.reponse, situation.motifs, quartier, metres, situation.remarques
    )


def situer_en_lot(lieux: Sequence[Lieu | None], millesime: int) -> list[Situation]:
    """Rend la situation de chaque lieu ; au-delà de 50 m, la distance au bord n'est pas calculée.

    Dehors, le quartier rendu est celui dont le bord est à moins de 50 m.
    """
    ici, communes = fond(millesime), fond_de_communes()
    presents = [lieu for lieu in lieux if lieu is not None]
    lon = np.array([lieu.lon for lieu in presents], dtype=float)
    lat = np.array([lieu.lat for lieu in presents], dtype=float)
    dedans, (metres, voisins) = ici.index.situer(lon, lat), ici.index.distances(lon, lat)
    trouvees = communes.index.situer(lon, lat)
    situees = iter(
        _situation(ici, communes, lieu, int(d), float(m), int(v), int(c))
        for lieu, d, m, v, c in zip(presents, dedans, metres, voisins, trouvees, strict=True)
    )
    return [
        Situation(millesime, *repondre(None, Releve(est_dedans=False)))
        if lieu is None
        else next(situees)
        for lieu in lieux
    ]


def _situation(
    ici: Fond,
    communes: FondDeCommunes,
    lieu: Lieu,
    dedans: int,
    metres: float,
    voisin: int,
    trouvee: int,
) -> Situation:
    remarques: list[str] = []
    autour = _communes_autour(ici, communes, lieu, trouvee, remarques)
    if not isfinite(metres) and lieu.position.marge > LIMITE_M:
        # Une position aussi vague doute plus loin que ce que l'on calcule pour les autres.
        metres = ici.index.le_plus_proche(lieu.lon, lieu.lat)[1]
    est_toute_la_voie, au_plus_pres = _la_voie(ici, lieu, dedans)
    releve = Releve(
        est_dedans=dedans != DEHORS,
        distance=min(metres, au_plus_pres),
        est_couvert=_est_couvert(ici, autour),
        sans_contour=tuple(nom for code in autour for nom in ici.sans_contour.get(code, ())),
        est_toute_la_voie=est_toute_la_voie,
    )
    reponse, motifs = repondre(lieu.position, releve)
    rang = dedans if dedans != DEHORS else voisin
    quartier = ici.contours[rang] if rang != DEHORS else None
    return Situation(ici.millesime, reponse, motifs, quartier, metres, tuple(remarques))


def _communes_autour(
    ici: Fond, communes: FondDeCommunes, lieu: Lieu, trouvee: int, remarques: list[str]
) -> tuple[str, ...]:
    """Rend la commune où tombe un point, ou celles où il peut être ; remarque ce qui étonne."""
    if trouvee != DEHORS:
        commune = communes.codes[trouvee]
        if lieu.commune not in ("", commune) and _est_loin(communes, lieu):
            noms = communes.noms
            remarques.append(f"Le point est à {noms[commune]}, l’adresse dit {noms[lieu.commune]}.")
        return (commune,)
    if lieu.commune and not _est_loin(communes, lieu):
        return (lieu.commune,)
    if lieu.commune:
        remarques.append(f"Le point n’est pas dans la commune de {communes.noms[lieu.commune]}.")
    return _communes_supposees(ici, lieu, remarques)


def _est_loin(communes: FondDeCommunes, lieu: Lieu) -> bool:
    """Dit si un point est loin de la commune que dit son adresse, quand on en connaît le contour."""
    if lieu.commune not in communes.rangs:
        return False
    metres = communes.index.au_bord(communes.rangs[lieu.commune], lieu.lon, lieu.lat)
    # Un point sans nombre n'est nulle part : il est loin de tout.
    return not metres < ECART_DE_COMMUNE_M


def _communes_supposees(ici: Fond, lieu: Lieu, remarques: list[str]) -> tuple[str, ...]:
    """Rend les communes du quartier voisin quand rien ne dit celle du point, et le remarque."""
    if FRANCE in ici.portees and not ici.sans_contour:
        return ()
    rang, _ = ici.index.le_plus_proche(lieu.lon, lieu.lat, VOISINAGE_M)
    if rang == DEHORS or not ici.contours[rang].communes:
        return ()
    remarques.append(f"Commune supposée d’après le quartier voisin, {ici.contours[rang].nom}.")
    return ici.contours[rang].communes


def _est_couvert(ici: Fond, communes: tuple[str, ...]) -> bool:
    """Dit si tous les quartiers autour sont connus ; sans commune, il faut toute la France."""
    if communes:
        return all(est_couverte(commune, ici.portees) for commune in communes)
    return FRANCE in ici.portees and not ici.sans_contour


def _la_voie(ici: Fond, lieu: Lieu, dedans: int) -> tuple[bool, float]:
    """Dit si toutes les adresses de la voie sont du même côté que le point, et la plus proche du bord."""
    if len(set(lieu.voie)) < ADRESSES_D_UNE_VOIE:
        return False, inf
    lon, lat = np.array(lieu.voie, dtype=float).T
    memes = bool((ici.index.situer(lon, lat) == dedans).all())
    return memes, float(ici.index.distances(lon, lat)[0].min())


def _contour(perimetre: Perimetre) -> Contour:
    quartier = perimetre.quartier
    return Contour(
        pk=quartier.pk,
        code=quartier.code,
        nom=quartier.nom,
        communes=tuple(sorted(c.code for c in quartier.communes.all())),
        source=perimetre.source,
        charge_le=perimetre.charge_le,
        est_arrondi=perimetre.est_arrondi,
    )
