"""Situer un demi-million de points parmi 1 500 quartiers, sur un cœur : notre index, geopandas, un arbre nu.

Les quartiers sont les contours livrés, posés au hasard (toujours le même) en France, sans se chevaucher.
"""

import gc
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geopandas
import numpy as np
import shapely
from shapely.affinity import scale, translate
from shapely.geometry import shape

from tests.charge import RACINE, RAPPORT, preparer_django

CONTOURS = RACINE / "donnees" / "territoires" / "seine-amont.quartiers-2024.geojson"
QUARTIERS, POINTS, TOURS = 1_500, 500_000, 5
LIGNES, MILLESIME = 20_000, 2024
GRAINE = 2024
# La France métropolitaine à gros traits, en degrés.
FRANCE = shapely.Polygon(
    [(-4.5, 48.4), (-1.6, 48.7), (2.5, 51.0), (8.1, 49.0), (7.0, 43.8), (3.1, 42.5), (-1.6, 43.4)]
)

Points = tuple[np.ndarray, np.ndarray]
Situer = Callable[[], np.ndarray]


def main() -> None:
    preparer_django()
    from django.core.management import call_command
    from django.db import connection

    # Jamais dans la base de l'instance : quinze cents quartiers inventés y resteraient.
    if connection.vendor != "sqlite":
        raise SystemExit("Ce banc se mène sur SQLite : enlevez PARVIS_BASE.")
    # Un seul cœur, pour chacun.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "banc.sqlite3"
        sqlite3.connect(fichier).close()
        connection.settings_dict["NAME"] = str(fichier)
        call_command("migrate", verbosity=0, interactive=False)
        mesurer()
        connection.close()


def mesurer() -> None:
    from parvis.socle.rapport import ecrire_section, machine
    from parvis.territoires.index import IndexDeContours

    quartiers = inventer_des_quartiers(QUARTIERS)
    batir = _durees({"": lambda: IndexDeContours(quartiers)})[""]
    index, hasard = IndexDeContours(quartiers), np.random.default_rng(GRAINE)
    melanges = {
        "partout en France": points_partout(POINTS, hasard),
        "autour des quartiers": points_autour(quartiers, POINTS, hasard),
    }
    sommets = int(shapely.get_num_coordinates(index.contours).sum())
    parties = [
        f"{machine()}, un seul cœur employé. {_nombre(QUARTIERS)} quartiers ({_nombre(sommets)} sommets), "
        f"{_nombre(POINTS)} points, {TOURS} tours où chacun passe à son tour. L'index se bâtit en "
        f"{median(batir):.0f} ms (au mieux {min(batir):.0f}) et tient en {_memoire(quartiers):.0f} Mo, "
        "contours compris.",
        *(_concours(nom, index, points) for nom, points in melanges.items()),
        _distances(index, melanges),
        _tableau(quartiers, hasard),
    ]
    rapport = "\n\n".join(parties)
    ecrire_section(RAPPORT, "territoires", rapport)
    print(rapport)


def inventer_des_quartiers(nombre: int) -> list[shapely.Geometry]:
    """Rend les contours livrés, agrandis ou réduits d'un quart et posés en France sans se toucher."""
    hasard = random.Random(GRAINE)
    livres = json.loads(CONTOURS.read_text(encoding="utf-8"))["features"]
    modeles = [shape(objet["geometry"]) for objet in livres]
    poses: list[shapely.Geometry] = []
    cadres = np.empty((0, 4))
    while len(poses) < nombre:
        modele = modeles[len(poses) % len(modeles)]
        lon, lat = hasard.uniform(-4.5, 8.1), hasard.uniform(42.5, 51.0)
        facteur = hasard.uniform(0.75, 1.25)
        if not FRANCE.contains(shapely.Point(lon, lat)):
            continue
        ici = modele.centroid
        # À une autre latitude, les mêmes mètres font d'autres degrés de longitude.
        large = facteur * np.cos(np.radians(ici.y)) / np.cos(np.radians(lat))
        pose = translate(scale(modele, large, facteur, origin=ici), lon - ici.x, lat - ici.y)
        ouest, sud, est, nord = pose.bounds
        touche = (cadres[:, 0] <= est) & (cadres[:, 2] >= ouest)
        if not (touche & (cadres[:, 1] <= nord) & (cadres[:, 3] >= sud)).any():
            cadres = np.vstack([cadres, pose.bounds])
            poses.append(pose)
    return poses


def points_partout(nombre: int, hasard: np.random.Generator) -> Points:
    """Rend des points tirés uniformément dans le pays."""
    ouest, sud, est, nord = FRANCE.bounds
    lon, lat = hasard.uniform(ouest, est, 2 * nombre), hasard.uniform(sud, nord, 2 * nombre)
    dedans = np.flatnonzero(shapely.contains_xy(FRANCE, lon, lat))[:nombre]
    assert len(dedans) == nombre
    return lon[dedans], lat[dedans]


def points_autour(quartiers, nombre: int, hasard: np.random.Generator) -> Points:
    """Rend des points tirés dans le cadre d'un quartier, agrandi d'un quart de chaque côté."""
    cadres = shapely.bounds(quartiers)[hasard.integers(len(quartiers), size=nombre)]
    ouest, sud, est, nord = cadres.T
    x, y = hasard.uniform(-0.25, 1.25, (2, nombre))
    return ouest + x * (est - ouest), sud + y * (nord - sud)


# Dedans ou dehors.


def _concours(nom: str, index, points: Points) -> str:
    """Rend ce que met chacun à situer les mêmes points, après avoir comparé les réponses."""
    from parvis.socle.rapport import tableau

    concurrents = _concurrents(index, points)
    rangs = {qui: situer() for qui, situer in concurrents.items()}
    notre, *autres = rangs
    for autre in autres:
        _comparer(index, points, rangs[notre], rangs[autre])
    dedans = (rangs[notre] >= 0).mean()
    durees = _durees(concurrents)
    lignes = []
    for qui, mesures in durees.items():
        rapports = [d / n for d, n in zip(mesures, durees[notre], strict=True)]
        vitesse = _nombre(POINTS / median(mesures) * 1000)
        fois = f"× {median(rapports):.1f}".replace(".", ",")
        lignes.append([qui, min(mesures), median(mesures), vitesse, fois])
    entetes = [
        f"points {nom}",
        "minimum (ms)",
        "médiane (ms)",
        "points par s",
        "temps, rapporté au nôtre",
    ]
    intro = f"Points {nom}, {100 * dedans:.2f} % dedans. Mêmes réponses partout".replace(
        ".", ",", 1
    )
    return f"{intro}. {_jugement(durees)}\n\n{tableau(entetes, lignes)}"


def _jugement(durees: dict[str, list[float]]) -> str:
    """Dit si les deux buts sont atteints ; sjoin est pris dans sa forme la plus rapide."""
    notre = durees[next(iter(durees))]
    sjoins = [d for qui, d in durees.items() if "sjoin" in qui and "compris" not in qui]
    rapport = min(median(s / n for s, n in zip(sj, notre, strict=True)) for sj in sjoins)
    vitesse = POINTS / median(notre) * 1000
    return (
        f"But « ≥ 500 000 points/s » : {_atteint(vitesse >= 500_000)} ({_nombre(vitesse)}). "
        f"But « ≥ 0,9 × sjoin » : {_atteint(rapport >= 0.9)} ({rapport:.1f} fois sa vitesse, "
        "points déjà faits)."
    ).replace(f"{rapport:.1f}", f"{rapport:.1f}".replace(".", ","))


def _concurrents(index, points: Points) -> dict[str, Situer]:
    """Rend chacun, nous d'abord. geopandas refait son arbre à chaque fois, comme qui situe un fichier."""
    from parvis.territoires.index import IndexDeContours

    lon, lat = points
    contours = list(index.contours)
    objets = shapely.points(lon, lat)

    def joindre(predicat: str, fabriquer: Callable[[], np.ndarray]) -> Situer:
        def situer() -> np.ndarray:
            # Un tableau neuf n'a pas encore d'arbre : sjoin le bâtit.
            points_lus = geopandas.GeoDataFrame(geometry=fabriquer(), crs=4326)
            polygones = geopandas.GeoDataFrame(geometry=contours, crs=4326)
            joints = geopandas.sjoin(points_lus, polygones, predicate=predicat)
            return _rangs(joints.index.to_numpy(), joints["index_right"].to_numpy())

        return situer

    def par_un_arbre(tous: np.ndarray) -> np.ndarray:
        vus, trouves = shapely.STRtree(contours).query(tous, predicate="intersects")
        return _rangs(vus, trouves)

    return {
        "notre index, déjà bâti": lambda: index.situer(lon, lat),
        "notre index, bâti compris": lambda: IndexDeContours(contours).situer(lon, lat),
        "geopandas.sjoin, within (arbre des points)": joindre("within", lambda: objets),
        "geopandas.sjoin, intersects (arbre des contours)": joindre("intersects", lambda: objets),
        "geopandas.sjoin, intersects, points compris": joindre(
            "intersects", lambda: geopandas.points_from_xy(lon, lat)
        ),
        "shapely.STRtree des contours, points déjà faits": lambda: par_un_arbre(objets),
        "shapely.STRtree des contours, points compris": lambda: par_un_arbre(
            shapely.points(lon, lat)
        ),
    }


def _rangs(vus: np.ndarray, trouves: np.ndarray) -> np.ndarray:
    rangs = np.full(POINTS, -1, dtype=np.int32)
    # À l'envers : si deux contours tiennent un point, le premier reste.
    rangs[vus[::-1]] = trouves[::-1]
    return rangs


def _comparer(index, points: Points, notres: np.ndarray, autres: np.ndarray) -> None:
    """Refuse une autre réponse que la nôtre, sauf pour un point exactement sur un bord."""
    differents = np.flatnonzero(notres != autres)
    for rang in differents:
        ici = shapely.Point(points[0][rang], points[1][rang])
        au_bord = [
            shapely.boundary(index.contours[r]).distance(ici)
            for r in (notres[rang], autres[rang])
            if r >= 0
        ]
        assert au_bord and min(au_bord) == 0, f"{ici} : {notres[rang]}, et non {autres[rang]}"


# Les distances.


def _distances(index, melanges: dict[str, Points]) -> str:
    """Rend la vitesse des distances à moins de 50 m, et le temps de trouver le plus proche."""
    from parvis.socle.rapport import tableau

    lignes = []
    for nom, (lon, lat) in melanges.items():
        mesures = _durees({"": lambda lon=lon, lat=lat: index.distances(lon, lat)})[""]
        pres = np.isfinite(index.distances(lon, lat)[0]).mean()
        vitesse = _nombre(POINTS / median(mesures) * 1000)
        durees = []
        for x, y in zip(lon[:1000].tolist(), lat[:1000].tolist(), strict=True):
            debut = time.perf_counter()
            index.le_plus_proche(x, y)
            durees.append(1000 * (time.perf_counter() - debut))
        part = f"{100 * pres:.1f} %".replace(".", ",")
        proche = f"{median(durees):.2f}".replace(".", ",")
        lignes.append([nom, part, min(mesures), median(mesures), vitesse, proche])
    entetes = ["distance au bord, points", "à 50 m au plus", "minimum (ms)", "médiane (ms)"]
    return tableau([*entetes, "points par s", "le plus proche, un point (ms)"], lignes)


# Tout un tableau.


def _tableau(quartiers, hasard: np.random.Generator) -> str:
    """Rend ce que met un tableau de coordonnées, du fichier lu au fichier rendu."""
    from parvis.socle.rapport import tableau
    from parvis.socle.tableur import ecrire_tableau, lire_tableau
    from parvis.territoires.models import Couverture
    from parvis.territoires.queries.lots import situer_un_tableau
    from parvis.territoires.queries.situation import oublier_les_fonds
    from parvis.territoires.rules.millesimes import FRANCE as TOUTE_LA_FRANCE

    _remplir(quartiers)
    octets = _fichier(quartiers, hasard)
    lu = lire_tableau(octets, "banc.csv")
    lignes = []

    def chronometrer(quoi: str, faire: Callable[[], object]) -> None:
        mesures = _durees({"": faire})[""]
        vitesse = _nombre(LIGNES / median(mesures) * 1000)
        lignes.append([quoi, min(mesures), median(mesures), vitesse])

    situe = situer_un_tableau(lu, [MILLESIME])
    chronometrer("lire le CSV", lambda: lire_tableau(octets, "banc.csv"))
    chronometrer("situer, toute la France chargée", lambda: situer_un_tableau(lu, [MILLESIME]))
    chronometrer("rendre le CSV", lambda: ecrire_tableau(lu, situe.colonnes, situe.lignes))
    chronometrer("les trois, de bout en bout", lambda: _de_bout_en_bout(octets))
    Couverture.objects.filter(portee=TOUTE_LA_FRANCE).delete()
    oublier_les_fonds()
    chronometrer(
        "situer, sans toute la France ni commune", lambda: situer_un_tableau(lu, [MILLESIME])
    )
    reponses = ", ".join(f"{_nombre(n)} {r}" for r, n in situe.decomptes[0].reponses.most_common())
    entetes = [f"{_nombre(LIGNES)} lignes de coordonnées", "minimum (ms)", "médiane (ms)"]
    return f"Un tableau : {reponses}.\n\n{tableau([*entetes, 'lignes par s'], lignes)}"


def _de_bout_en_bout(octets: bytes) -> bytes:
    from parvis.socle.tableur import ecrire_tableau, lire_tableau
    from parvis.territoires.queries.lots import situer_un_tableau

    lu = lire_tableau(octets, "banc.csv")
    situe = situer_un_tableau(lu, [MILLESIME])
    return ecrire_tableau(lu, situe.colonnes, situe.lignes)


def _remplir(quartiers) -> None:
    """Met les quartiers inventés en base, un par commune, et dit toute la France chargée."""
    from django.utils import timezone

    from parvis.territoires.geometrie import octets
    from parvis.territoires.models import Commune, Couverture, Perimetre, Quartier
    from parvis.territoires.rules.millesimes import FRANCE as TOUTE_LA_FRANCE
    from parvis.territoires.rules.millesimes import VALIDITES

    debut = VALIDITES[MILLESIME][0]
    communes = Commune.objects.bulk_create(
        Commune(code=f"9{rang:04d}", nom=f"Commune {rang}", departement="94")
        for rang in range(len(quartiers))
    )
    crees = Quartier.objects.bulk_create(
        Quartier(
            code=f"QN{rang:05d}M", millesime=MILLESIME, nom=f"Quartier {rang}", valide_du=debut
        )
        for rang in range(len(quartiers))
    )
    Quartier.communes.through.objects.bulk_create(
        Quartier.communes.through(quartier=q, commune=c)
        for q, c in zip(crees, communes, strict=True)
    )
    Perimetre.objects.bulk_create(
        Perimetre(
            quartier=q,
            geometrie=octets(contour),
            empreinte=f"{q.pk:064d}",
            source="banc",
            charge_le=timezone.now(),
        )
        for q, contour in zip(crees, quartiers, strict=True)
    )
    Couverture.objects.create(
        millesime=MILLESIME, portee=TOUTE_LA_FRANCE, source="banc", chargee_le=timezone.now()
    )


def _fichier(quartiers, hasard: np.random.Generator) -> bytes:
    pres = LIGNES // 2
    paires = zip(
        points_autour(quartiers, pres, hasard), points_partout(LIGNES - pres, hasard), strict=True
    )
    lon, lat = (np.concatenate(paire) for paire in paires)
    lignes = (
        f"{rang};{x:.6f};{y:.6f}".replace(".", ",")
        for rang, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    return "\r\n".join(["numéro;longitude;latitude", *lignes]).encode()


# Mesurer et dire.


def _durees(concurrents: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Rend les durées de chacun en ms : un tour de chauffe, puis des tours où l'ordre tourne."""
    noms = list(concurrents)
    durees: dict[str, list[float]] = {nom: [] for nom in noms}
    for tour in range(TOURS + 1):
        debut_du_tour = tour % len(noms)
        for nom in noms[debut_du_tour:] + noms[:debut_du_tour]:
            gc.collect()
            debut = time.perf_counter()
            concurrents[nom]()
            if tour:
                durees[nom].append(1000 * (time.perf_counter() - debut))
    return durees


def _memoire(quartiers) -> float:
    """Rend ce que tient un index en Mo, contours et mémoire de GEOS compris."""
    from parvis.territoires.index import IndexDeContours

    wkb, copies = shapely.to_wkb(quartiers), 5
    lon, lat = shapely.get_coordinates(shapely.centroid(quartiers)).T
    gc.collect()
    avant = _residente()
    gardes = [IndexDeContours(shapely.from_wkb(wkb)) for _ in range(copies)]
    for garde in gardes:
        garde.situer(lon, lat)  # les contours préparés se complètent en les lisant
        garde.distances(lon, lat)
    return (_residente() - avant) / copies / 1e6


def _residente() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _nombre(valeur: float) -> str:
    return f"{valeur:,.0f}".replace(",", "\u202f")


def _atteint(est_atteint: bool) -> str:
    return "atteint" if est_atteint else "non atteint"


if __name__ == "__main__":
    main()
