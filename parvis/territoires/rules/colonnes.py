"""Reconnaître, dans un tableau d'usager, les colonnes qui disent où : adresse, commune, coordonnées.

Les titres d'abord, écrits comme on les écrit en France ; les exemples confirment, ou suppléent.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parvis.socle.texte import mots
from parvis.territoires.rules.titres_de_colonnes import (
    LON_D_ABORD,
    MOTIFS,
    TITRES,
    TITRES_DE_PERSONNE,
    VOIE,
)

_ADRESSE = re.compile(
    rf"(?:\d{{1,4}} )?(?:(?:bis|ter|quater|[a-d]) )?(?:\d{{1,4}} )?(?:{VOIE}) \w.*\w"
    rf"|.*\b(?:{VOIE}) .*\b\d{{5}}\b.*"
)
_NOMBRE = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MILLIERS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_PAIRE = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)\s*(?:[;/|]|,\s|,(?=[+-]?\d+\.\d)|\s)\s*([+-]?\d+(?:[.,]\d+)?)"
)
_NUMERO = re.compile(r"\d{1,4}(?:\D.{0,12})?")
_INSEE = re.compile(r"\d[\dAB]?\d{3}", re.IGNORECASE)
EXEMPLES_MAX = 500  # au-delà, des lignes de plus n'apprennent plus rien
_LAT_DE_FRANCE, _LON_DE_FRANCE = (41, 52), (-6, 10)
_X_LAMBERT, _Y_LAMBERT = (0, 1_400_000), (6_000_000, 7_200_000)


class ColonnesInconnues(ValueError):
    """Aucune colonne ne dit où ; porte ses motifs en phrases, comme un refus."""

    def __init__(self, colonnes: Sequence[str]) -> None:
        vues = ", ".join(f"« {nom[:60]} »" for nom in colonnes[:30])
        reste = f" et {len(colonnes) - 30} autres" if len(colonnes) > 30 else ""
        self.motifs = [
            f"Aucune colonne ne dit où se trouvent les lignes. Colonnes lues : {vues}{reste}. "
            "Il faut une colonne « adresse » (et si possible « code postal » et « commune »), ou "
            "« latitude » et « longitude », ou « x » et « y »."
        ]
        super().__init__(*self.motifs)


@dataclass(frozen=True)
class ColonnesReconnues:
    """Le rang de chaque colonne utile, ou None ; `adresse` en joint plusieurs par une espace.

    `est_inverse` : la colonne dite longitude tient des latitudes, et l'autre l'inverse. Il vaut
    pour lon et lat, sinon pour lat_lon, sinon pour x et y. `precision` est en mètres.
    """

    adresse: tuple[int, ...] = ()
    code_postal: int | None = None
    commune: int | None = None
    commune_code: int | None = None
    lon: int | None = None
    lat: int | None = None
    x: int | None = None
    y: int | None = None
    projection: int | None = None
    precision: int | None = None
    lat_lon: int | None = None
    est_inverse: bool = False


def reconnaitre_les_colonnes(
    colonnes: Sequence[str], exemples: Sequence[Sequence[str]]
) -> ColonnesReconnues:
    """Rend les colonnes qui disent où ; lève ColonnesInconnues si aucune ne le dit."""
    lues = _Colonnes(colonnes, exemples)
    lon, lat, x, y = _coordonnees(lues)
    lat_lon = lues.titree("lat_lon", lambda cellule: lire_paire(cellule) is not None)
    code = lues.chercher("commune_code", _est_un_code_insee)
    commune = lues.chercher("commune", lambda c: not _est_un_code_insee(c) and not c.isdigit())
    if code is None:
        code = lues.titree("commune", _est_un_code_insee)
    code_postal = lues.chercher("code_postal", _est_un_code_postal)
    adresse = _adresse(lues, code_postal)
    projection = lues.chercher("projection", bool)
    precision = lues.chercher("precision", _est_un_nombre)
    if not adresse and lon is None and x is None and lat_lon is None:
        adresse = lues.par_les_exemples(_est_une_adresse)
        if not adresse:
            lat_lon = next(iter(lues.par_les_exemples(_est_un_point_de_france)), None)
        if not adresse and lat_lon is None:
            raise ColonnesInconnues(colonnes)
    inverse = _est_inverse(lues, (lon, lat), lat_lon, (x, y))
    return ColonnesReconnues(
        adresse, code_postal, commune, code, lon, lat, x, y, projection, precision, lat_lon, inverse
    )


def lire_nombre(texte: str) -> float | None:
    """Rend un nombre écrit avec une virgule ou un point ; None si ce n'en est pas un, ou pas fini."""
    nu = re.sub(r"\s", " ", texte).strip().replace("−", "-").removesuffix("°").rstrip()
    nu = _MILLIERS.sub("", nu)
    if not _NOMBRE.fullmatch(nu):
        return None
    nombre = float(nu.replace(",", "."))
    return nombre if math.isfinite(nombre) else None


def lire_paire(texte: str) -> tuple[float, float] | None:
    """Rend les deux nombres d'une cellule (« 48.80, 2.38 », « POINT(2.38 48.80) »), dans leur ordre."""
    nu = re.sub(r"(?i)^\s*(?:srid=\d+;)?\s*point\b|[()\[\]{}°]", " ", texte[:200]).strip()
    trouve = _PAIRE.fullmatch(nu)
    if trouve is None:
        return None
    premier, second = (lire_nombre(nombre) for nombre in trouve.groups())
    return None if premier is None or second is None else (premier, second)


class _Colonnes:
    """Les titres et les exemples d'un tableau, où l'on cherche chaque colonne."""

    def __init__(self, colonnes: Sequence[str], exemples: Sequence[Sequence[str]]) -> None:
        self.exemples = exemples = exemples[:EXEMPLES_MAX]
        self.mots = [mots(nom) for nom in colonnes]
        self.cles = ["".join(m) for m in self.mots]
        self.cellules = [
            [ligne[rang].strip() for ligne in exemples if rang < len(ligne) and ligne[rang].strip()]
            for rang in range(len(colonnes))
        ]

    def titree(self, champ: str, convient: Callable[[str], bool]) -> int | None:
        """Rend la colonne au titre exact dont les exemples conviennent, ou None."""
        return next((r for r in self._titrees(champ) if self.montre(r, convient)), None)

    def chercher(self, champ: str, convient: Callable[[str], bool]) -> int | None:
        """Rend la colonne d'un champ : titre exact, puis approchant, puis exact mais vide."""
        motif = re.compile(MOTIFS.get(champ, r"(?!)"))
        approchants = [rang for rang, m in enumerate(self.mots) if motif.match(" ".join(m))]
        for rang in [*self._titrees(champ), *approchants]:
            if self.montre(rang, convient):
                return rang
        return next((r for r in self._titrees(champ) if not self.cellules[r]), None)

    def montre(self, rang: int, convient: Callable[[str], bool], part: float = 0.5) -> bool:
        """Dit si une part des cellules remplies d'une colonne conviennent."""
        cellules = self.cellules[rang]
        return bool(cellules) and sum(map(convient, cellules)) >= part * len(cellules)

    def par_les_exemples(self, convient: Callable[[str], bool]) -> tuple[int, ...]:
        """Rend la première colonne que ses seuls exemples désignent, jamais celle d'une personne."""
        for rang, lus in enumerate(self.mots):
            if TITRES_DE_PERSONNE.isdisjoint(lus) and self.montre(rang, convient):
                return (rang,)
        return ()

    def _titrees(self, champ: str) -> list[int]:
        titres = TITRES[champ].split()
        return [r for titre in titres for r, cle in enumerate(self.cles) if cle == titre]


def _coordonnees(lues: _Colonnes) -> tuple[int | None, ...]:
    """Rend lon, lat, x et y ; leur grandeur dit s'ils sont en degrés, quel que soit leur titre."""
    degres: tuple[int | None, int | None] = (None, None)
    metres: tuple[int | None, int | None] = (None, None)
    for noms in (("lon", "lat"), ("x", "y")):
        a, b = (lues.chercher(nom, _est_un_nombre) for nom in noms)
        if a is None or b is None or a == b:
            continue
        couples = _couples(lues, a, b)
        petits = sum(abs(v) <= 180 and abs(w) <= 180 for v, w in couples)
        en_degres = petits * 2 > len(couples) if couples else noms[0] == "lon"
        if en_degres and degres[0] is None:
            degres = (a, b)
        elif not en_degres and metres[0] is None:
            metres = (a, b)
    return (*degres, *metres)


def _couples(lues: _Colonnes, a: int, b: int) -> list[tuple[float, float]]:
    """Rend les couples de nombres que deux colonnes donnent ensemble."""
    lignes = (ligne for ligne in lues.exemples if len(ligne) > max(a, b))
    lus = ((lire_nombre(ligne[a]), lire_nombre(ligne[b])) for ligne in lignes)
    return [(v, w) for v, w in lus if v is not None and w is not None]


def _est_inverse(
    lues: _Colonnes,
    degres: tuple[int | None, int | None],
    lat_lon: int | None,
    metres: tuple[int | None, int | None],
) -> bool:
    """Dit si les exemples montrent, sans doute possible, des coordonnées échangées."""
    couples, premier, second = [], _LON_DE_FRANCE, _LAT_DE_FRANCE
    annonce = False
    if degres[0] is not None and degres[1] is not None:
        couples = _couples(lues, degres[0], degres[1])
    elif lat_lon is not None:
        couples = [paire for c in lues.cellules[lat_lon] if (paire := lire_paire(c))]
        premier, second = second, premier
        annonce = lues.cles[lat_lon] in LON_D_ABORD
    elif metres[0] is not None and metres[1] is not None:
        couples = _couples(lues, metres[0], metres[1])
        premier, second = _X_LAMBERT, _Y_LAMBERT
    droits = sum(_entre(v, premier) and _entre(w, second) for v, w in couples)
    inverses = sum(_entre(v, second) and _entre(w, premier) for v, w in couples)
    if annonce and not (droits or inverses):
        return True
    return not droits and inverses > 0 and inverses * 2 >= len(couples)


def _entre(nombre: float, bornes: tuple[int, int]) -> bool:
    return bornes[0] <= nombre <= bornes[1]


def _adresse(lues: _Colonnes, code_postal: int | None) -> tuple[int, ...]:
    """Rend les colonnes de l'adresse, dans l'ordre où elles se lisent."""
    entiere = lues.chercher("adresse", _est_un_texte)
    voie = lues.chercher("voie", _est_un_texte)
    numero = lues.chercher("numero", lambda c: _NUMERO.fullmatch(c) is not None)
    suffixe = lues.chercher("suffixe", lambda c: len(c) <= 6)
    suite: list[int | None] = []
    if code_postal is None:
        suite = [lues.titree("cp_ville", _est_un_texte)]
    if entiere is not None and (lues.cellules[entiere] or voie is None):
        devant = _numero_devant(lues, entiere, numero, suffixe)
        rangs = [*devant, entiere, *suite]
    elif voie is not None:
        rangs = [numero, suffixe, lues.chercher("type_voie", _est_un_texte), voie, *suite]
    else:
        return ()
    return tuple(dict.fromkeys(rang for rang in rangs if rang is not None))


def _numero_devant(
    lues: _Colonnes, adresse: int, numero: int | None, suffixe: int | None
) -> list[int | None]:
    """Rend le numéro et son suffixe si l'adresse n'en a pas et qu'ils la précèdent de près."""
    if numero is None or lues.montre(adresse, lambda c: c[0].isdigit(), 0.2):
        return []
    if numero == adresse - 1:
        return [numero]
    return [numero, suffixe] if numero == adresse - 2 and suffixe == adresse - 1 else []


def _est_un_texte(cellule: str) -> bool:
    return "@" not in cellule and any(signe.isalpha() for signe in cellule)


def _est_un_nombre(cellule: str) -> bool:
    return lire_nombre(cellule) is not None


def _est_un_code_insee(cellule: str) -> bool:
    return _INSEE.fullmatch(cellule) is not None


def _est_un_code_postal(cellule: str) -> bool:
    return re.fullmatch(r"(?:F-?)?\d{4,5}", cellule.replace(" ", "")) is not None


def _est_une_adresse(cellule: str) -> bool:
    return _est_un_texte(cellule) and _ADRESSE.fullmatch(" ".join(mots(cellule[:300]))) is not None


def _est_un_point_de_france(cellule: str) -> bool:
    paire = lire_paire(cellule)
    if paire is None:
        return False
    bas, haut = sorted(paire)
    return _entre(bas, _LON_DE_FRANCE) and _entre(haut, _LAT_DE_FRANCE)
