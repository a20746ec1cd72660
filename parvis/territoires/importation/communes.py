"""Lire des communes : code officiel géographique, contours, codes postaux, intercommunalités. Sans base."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from parvis.socle.refus import Refus
from parvis.territoires.geometrie import ContourInvalide, defaut, depuis_geojson, reparer
from parvis.territoires.importation.fichier import Entree, FichierOuvert, ouvrir, une_de, valeur

CODES = (
    "code_insee",
    "insee_com",
    "codgeo",
    "com",
    "code_commune",
    "commune_code",
    "insee",
    "code",
)
NOMS = ("libelle", "nom", "lib_com", "nom_commune", "commune_nom", "libgeo", "nom_com", "nccenr")
TYPES = ("type", "typecom")
POPULATIONS = ("population", "pop_mun", "pmun", "ptot")
POSTAUX = ("codes_postaux", "code_postal")
ACTUELLES = {"", "commune-actuelle", "arrondissement-municipal", "com", "arm"}
EPCI_SIREN = ("ept_siren", "siren_epci", "epci", "epci_siren", "siren")
EPCI_NOM = ("ept_nom", "lib_epci", "libepci", "nom_epci", "epci_nom", "raison_sociale")
_CODE = re.compile(r"(?:\d[\dAB])\d{3}")


@dataclass(frozen=True)
class CommuneLue:
    """Une commune d'un fichier ; ce que le fichier ne dit pas est vide."""

    repere: str
    code: str
    nom: str
    codes_postaux: str = ""
    population: int | None = None
    contour: BaseGeometry | None = None


@dataclass(frozen=True)
class EpciLu:
    """Une intercommunalité d'un fichier, et les codes Insee de ses communes."""

    siren: str
    nom: str
    communes: tuple[str, ...]


def code_insee(texte: str) -> str:
    """Rend un code Insee de cinq signes ; un tableur a pu lui ôter son zéro de tête."""
    propre = texte.strip().upper()
    return propre.zfill(5) if propre.isdigit() and len(propre) == 4 else propre


def est_un_code_insee(code: str) -> bool:
    """Dit si un texte a la forme d'un code Insee de commune."""
    return _CODE.fullmatch(code) is not None


def entier(texte: str) -> int | None:
    """Rend un nombre entier, espaces admises et « .0 » compris ; rien si ce n'en est pas un."""
    propre = re.sub(r"[\s\u00a0\u202f]", "", texte)
    trouve = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", propre)
    return int(trouve[1]) if trouve else None


def lire_communes(
    fichier: Path,
    *,
    departements: frozenset[str] = frozenset(),
    projection: str = "",
    a_reparer: bool = False,
) -> list[CommuneLue]:
    """Rend les communes actuelles d'un fichier, celles de ces départements s'il y en a. Lève Refus.

    CSV ou XLSX du code officiel géographique, ou GeoJSON de contours. Les communes déléguées et
    associées ne sont pas lues.
    """
    ouvert = ouvrir(fichier)
    _exiger_les_colonnes(ouvert, fichier.name, {"code de la commune": CODES, "nom": NOMS})
    motifs: list[str] = []
    lues: dict[str, CommuneLue] = {}
    for entree in ouvert.entrees:
        if valeur(entree, TYPES).lower() not in ACTUELLES:
            continue
        code = code_insee(valeur(entree, CODES))
        if departements and not code.startswith(tuple(departements)):
            continue
        try:
            lue = _commune(entree, code, projection or ouvert.projection, a_reparer)
        except ContourInvalide as erreur:
            motifs.append(f"{entree.repere} : {erreur}.")
            continue
        deja = lues.setdefault(code, lue)
        if deja.nom != lue.nom:
            motifs.append(f"{entree.repere} : le code {code} est donné deux fois.")
        elif deja is not lue:
            # Une ligne par code postal : la commune les a tous.
            postaux = {*deja.codes_postaux.split(), *lue.codes_postaux.split()}
            lues[code] = replace(deja, codes_postaux=" ".join(sorted(postaux))[:200])
    if motifs:
        raise Refus(motifs)
    if not lues:
        raise Refus([f"Le fichier {fichier.name} ne contient aucune commune à charger."])
    return list(lues.values())


def _commune(entree: Entree, code: str, projection: str, a_reparer: bool) -> CommuneLue:
    nom = valeur(entree, NOMS)
    if not est_un_code_insee(code):
        raise ContourInvalide(f"« {code} » n’est pas un code Insee de commune")
    if not nom:
        raise ContourInvalide(f"la commune {code} n’a pas de nom")
    contour = None
    if entree.geometrie is not None:
        contour = depuis_geojson(entree.geometrie, projection)
        if a_reparer and defaut(contour):
            contour = reparer(contour)
        if trouve := defaut(contour):
            raise ContourInvalide(f"{nom} ({code}) : {trouve} ; --reparer le corrige au plus près")
    postaux = " ".join(re.findall(r"\d{5}", valeur(entree, POSTAUX)))
    return CommuneLue(
        entree.repere, code, nom[:120], postaux[:200], entier(valeur(entree, POPULATIONS)), contour
    )


def lire_epci(fichier: Path) -> list[EpciLu]:
    """Rend les intercommunalités d'un tableau à une ligne par commune. Lève Refus."""
    ouvert = ouvrir(fichier)
    attendues = {"Siren": EPCI_SIREN, "nom": EPCI_NOM, "code de la commune": CODES}
    _exiger_les_colonnes(ouvert, fichier.name, attendues)
    noms: dict[str, str] = {}
    communes: dict[str, list[str]] = {}
    motifs = []
    for entree in ouvert.entrees:
        siren, code = valeur(entree, EPCI_SIREN), code_insee(valeur(entree, CODES))
        if not re.fullmatch(r"\d{9}", siren):
            # L'Insee écrit ZZZZZZZZZ pour une commune qui n'est dans aucune intercommunalité.
            if set(siren) != {"Z"}:
                motifs.append(f"{entree.repere} : « {siren} » n’est pas un numéro Siren.")
            continue
        noms[siren] = noms.get(siren) or valeur(entree, EPCI_NOM)
        communes.setdefault(siren, []).append(code)
    motifs += [f"L’intercommunalité {siren} n’a pas de nom." for siren, n in noms.items() if not n]
    if motifs:
        raise Refus(motifs)
    return [EpciLu(siren, nom[:200], tuple(communes[siren])) for siren, nom in noms.items()]


def _exiger_les_colonnes(
    ouvert: FichierOuvert, nom: str, attendues: dict[str, tuple[str, ...]]
) -> None:
    manquantes = [quoi for quoi, noms in attendues.items() if not une_de(ouvert.colonnes, noms)]
    if manquantes:
        vues = ", ".join(sorted(ouvert.colonnes)) or "aucune"
        raise Refus(
            [
                f"Le fichier {nom} n’a pas de colonne pour : {', '.join(manquantes)}. Colonnes vues : {vues}."
            ]
        )
