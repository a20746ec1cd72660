"""Lire des quartiers prioritaires et leurs correspondances, dans les fichiers officiels. Sans base."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from parvis.socle.refus import Refus
from parvis.territoires.geometrie import (
    ContourInvalide,
    defaut,
    depuis_geojson,
    reparer,
    superficie,
)
from parvis.territoires.importation.communes import code_insee, entier, est_un_code_insee
from parvis.territoires.importation.fichier import Entree, FichierOuvert, ouvrir, une_de, valeur

CODES = ("code_qp", "codeqp", "code_quartier", "qp", "code_qpv", "code")
NOMS = (
    "lib_qp",
    "nom_qp",
    "libelle_qp",
    "lib_quartier",
    "nom_quartier",
    "nom_qpv",
    "libelle",
    "nom",
)
COMMUNES = (
    *("insee_com", "code_commune", "code_insee", "codgeo", "depcom", "code_com", "commune_code"),
    *("communes_insee", "insee"),
)
NOMS_DE_COMMUNES = ("lib_com", "nom_commune", "commune_qp", "lib_com_source", "nom_com", "commune")
POPULATIONS = ("pop_mun", "population", "pop_qp", "pop")
STATUTS = ("statut", "statut_2015_2024", "nature")
_CODE = re.compile(r"[0-9A-Z]{4,12}")


@dataclass
class QuartierLu:
    """Un quartier d'un fichier. `communes` : leur code et leur nom, vide s'il n'est pas donné."""

    repere: str
    code: str
    nom: str
    communes: dict[str, str] = field(default_factory=dict)
    contour: BaseGeometry | None = None
    population: int | None = None
    reparation: str = ""


@dataclass(frozen=True)
class QuartiersLus:
    """Les quartiers d'un fichier, et ce dont il faut prévenir avant de les écrire."""

    quartiers: list[QuartierLu]
    avertissements: list[str]
    # Elle tait les quartiers qui n'ont pas de suite : elle ne dit pas tout d'une commune.
    est_une_correspondance: bool = False

    @property
    def communes(self) -> set[str]:
        """Rend les codes des communes que le fichier nomme."""
        return {commune for lu in self.quartiers for commune in lu.communes}


@dataclass(frozen=True)
class SuiteLue:
    """Ce que devient un quartier d'un millésime dans le suivant ; `nouveau` vide s'il sort."""

    repere: str
    ancien: str
    nouveau: str
    statut: str


def lire_quartiers(
    fichier: Path, millesime: int, *, projection: str = "", a_reparer: bool = False
) -> QuartiersLus:
    """Rend les quartiers d'un millésime : GeoJSON, CSV ou XLSX, aux colonnes officielles. Lève Refus.

    Un tableau à une ligne par commune réunit les lignes d'un même quartier. Chaque contour
    invalide est nommé ; il n'est réparé que si on le demande.
    """
    ouvert = ouvrir(fichier)
    codes, noms = _du_millesime(ouvert, millesime, CODES), _du_millesime(ouvert, millesime, NOMS)
    _exiger_un_code(ouvert, fichier.name, codes)
    lus: dict[str, QuartierLu] = {}
    motifs: list[str] = []
    for entree in ouvert.entrees:
        code = valeur(entree, codes).upper()
        if not code and codes[0] != CODES[0]:
            # Dans une table de correspondance, une case vide est un quartier qui n'existait pas.
            continue
        try:
            lu = _quartier(
                entree, code, valeur(entree, noms), projection or ouvert.projection, a_reparer
            )
            _reunir(lus, lu)
        except ContourInvalide as erreur:
            motifs.append(f"{entree.repere}{f' ({code})' if code else ''} : {erreur}.")
    if motifs:
        raise Refus(motifs)
    if not lus:
        raise Refus([f"Le fichier {fichier.name} ne contient aucun quartier."])
    return QuartiersLus(
        list(lus.values()),
        _avertissements(ouvert, list(lus.values()), millesime),
        len([c for c in ouvert.colonnes if re.fullmatch(r"code_qp_\d{4}", c)]) > 1,
    )


def lire_correspondances(fichier: Path) -> tuple[int, int, list[SuiteLue]]:
    """Rend les deux millésimes d'une table de correspondance, et ses lignes. Lève Refus."""
    ouvert = ouvrir(fichier)
    annees = sorted(
        {int(a[1]) for c in ouvert.colonnes if (a := re.fullmatch(r"code_qp_(\d{4})", c))}
    )
    if "code_qp" in ouvert.colonnes and len(annees) == 1:
        # L'un des deux est sans année : le fichier d'un millésime qui dit d'où vient chaque quartier.
        annees = sorted({*annees, 2024 if annees[0] == 2015 else 2015})
    if len(annees) != 2:
        raise Refus(
            [
                f"Le fichier {fichier.name} n’est pas une table de correspondance : on attend une "
                "colonne de codes par millésime, comme code_qp_2015 et code_qp_2024."
            ]
        )
    # Sans l'année dans son titre, « code_qp » est du millésime que nulle autre colonne ne porte.
    avant, apres = (
        f"code_qp_{annee}" if f"code_qp_{annee}" in ouvert.colonnes else "code_qp"
        for annee in annees
    )
    suites = []
    for entree in ouvert.entrees:
        ancien, nouveau = valeur(entree, [avant]).upper(), valeur(entree, [apres]).upper()
        if ancien:
            suites.append(SuiteLue(entree.repere, ancien, nouveau, valeur(entree, STATUTS).upper()))
    return annees[0], annees[1], suites


def _du_millesime(ouvert: FichierOuvert, millesime: int, noms: tuple[str, ...]) -> tuple[str, ...]:
    """Rend les noms de colonne à lire, ceux qui portent l'année d'abord."""
    dates = tuple(f"{nom}_{millesime}" for nom in noms if f"{nom}_{millesime}" in ouvert.colonnes)
    return dates or noms


def _exiger_un_code(ouvert: FichierOuvert, nom: str, codes: tuple[str, ...]) -> None:
    if not une_de(ouvert.colonnes, codes):
        vues = ", ".join(sorted(ouvert.colonnes)) or "aucune"
        raise Refus(
            [f"Le fichier {nom} n’a pas de colonne de code (code_qp). Colonnes vues : {vues}."]
        )


def _quartier(entree: Entree, code: str, nom: str, projection: str, a_reparer: bool) -> QuartierLu:
    if not _CODE.fullmatch(code):
        raise ContourInvalide(
            f"« {code} » n’est pas un code de quartier" if code else "le code manque"
        )
    codes = [code_insee(c) for c in re.split(r"[;,|/\s]+", valeur(entree, COMMUNES)) if c]
    faux = [c for c in codes if not est_un_code_insee(c)]
    if faux:
        raise ContourInvalide(f"« {faux[0]} » n’est pas un code Insee de commune")
    noms = [n.strip() for n in re.split(r"[;|]", valeur(entree, NOMS_DE_COMMUNES))]
    communes = (
        dict(zip(codes, noms, strict=True)) if len(noms) == len(codes) else dict.fromkeys(codes, "")
    )
    lu = QuartierLu(
        entree.repere, code, nom[:200], communes, population=entier(valeur(entree, POPULATIONS))
    )
    if entree.geometrie is not None:
        _donner_le_contour(lu, depuis_geojson(entree.geometrie, projection), a_reparer)
    return lu


def _donner_le_contour(lu: QuartierLu, contour: BaseGeometry, a_reparer: bool) -> None:
    if trouve := defaut(contour):
        if not a_reparer:
            raise ContourInvalide(
                f"{lu.nom or lu.code} : {trouve} ; --reparer le corrige au plus près"
            )
        avant, contour = abs(superficie(contour)), reparer(contour)
        ecart = superficie(contour) - avant
        lu.reparation = f"{trouve}, réparé ({abs(ecart):.0f} m² d’écart)"
    lu.contour = shapely.multipolygons([shapely.get_parts(contour)])[0]


def _reunir(lus: dict[str, QuartierLu], lu: QuartierLu) -> None:
    """Ajoute les communes d'un quartier déjà lu ; lève ContourInvalide si les deux se contredisent."""
    premier = lus.setdefault(lu.code, lu)
    if premier is lu:
        return
    if lu.contour is not None:
        raise ContourInvalide(f"il est déjà à l’{premier.repere.lower()}")
    if lu.nom and premier.nom and lu.nom != premier.nom:
        raise ContourInvalide(f"il s’appelle « {premier.nom} » à la {premier.repere.lower()}")
    premier.communes |= lu.communes


def _avertissements(ouvert: FichierOuvert, lus: list[QuartierLu], millesime: int) -> list[str]:
    avertis = [f"{lu.repere} ({lu.code}) : {lu.reparation}." for lu in lus if lu.reparation]
    attendu = {2015: "QP", 2024: "QN"}.get(millesime)
    autres = [lu.code for lu in lus if attendu and not lu.code.startswith(attendu)]
    if autres:
        avertis.append(
            f"{len(autres)} code(s) ne commencent pas par {attendu} ({autres[0]}…) : "
            f"est-ce bien le millésime {millesime} ?"
        )
    generations = {valeur(e, ("generation",)) for e in ouvert.entrees} - {"", str(millesime)}
    if generations:
        avertis.append(f"Le fichier se dit de la génération {', '.join(sorted(generations))}.")
    return avertis
