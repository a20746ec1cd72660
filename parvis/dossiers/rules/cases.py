"""Les cases d'un tableau collé : où elles se coupent, ce que chacune tient."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from parvis.dossiers.rules.comptes import Compte, PlanDeComptes
from parvis.dossiers.rules.formules import FormuleIllisible, calculer
from parvis.dossiers.rules.reconnaissance import par_libelle, par_numero
from parvis.socle.montants import MontantIllisible, lire_montant

_INSECABLES = re.compile("[\u00a0\u2007\u2009\u202f]")
# Un tiret tient souvent lieu de zéro ; un pourcentage n'est pas un montant.
_SANS_MONTANT = re.compile(r"[-–—.\s]*|[0-9]+(?:[.,][0-9]+)? ?%|0")
_COMME_UN_NOMBRE = re.compile(
    r"[-\u2212(]? ?(?:€ ?)?[0-9][0-9 .,]*(?:k?€|keur|k|eur(?:os?)?)?\)?", re.IGNORECASE
)
_PRODUIT = re.compile(r"[0-9][0-9 .,]*(?:[x×*] ?[0-9][0-9 .,]*)+€?", re.IGNORECASE)
_CASSEE = re.compile(r"#[A-ZÀ-Ü/0-9]+[!?]?")
# Un mot d'un montant écrit derrière son libellé, sans colonne : « 1 250 € », « 12 x 25 € ».
_DE_MONTANT = re.compile(
    r"(?P<chiffres>[-\u2212]?[0-9][0-9.,]*(?:[x×*][0-9.,]+)*)?(?:k?€|keur|eur(?:os?)?|[x×*])?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:(?:compte|cpte|c/) ?)?(?P<code>[678][0-9]{1,5}|[67][0-9]x|74[a-z]{2,})"
    r"(?P<lien>\s*[-–—:.)/]+\s*|\s+|$)(?P<reste>.*)",
    re.IGNORECASE,
)


class Genre(Enum):
    """Ce que tient une case."""

    VIDE = "vide"
    NOMBRE = "nombre"
    ILLISIBLE = "illisible"
    TEXTE = "texte"


@dataclass(frozen=True)
class Case:
    """Une case et sa colonne ; le montant d'un nombre, la raison d'un nombre illisible."""

    colonne: int
    texte: str
    genre: Genre
    montant: Decimal = Decimal(0)
    raison: str = ""


def separateur(lignes: Sequence[str]) -> str:
    """Rend ce qui sépare les colonnes : la tabulation d'un tableur, le point-virgule, ou des espaces."""
    pleines = [ligne for ligne in lignes if ligne.strip()]
    if any("\t" in ligne for ligne in pleines):
        return "\t"
    if sum(";" in ligne for ligne in pleines) * 2 > len(pleines):
        return ";"
    return " "


def couper(ligne: str, signe: str) -> list[Case]:
    """Rend les cases d'une ligne, les vides comprises quand un signe les sépare."""
    propre = _INSECABLES.sub("\u00a0", ligne)
    if signe != " " and signe in propre:
        morceaux = next(csv.reader([propre], delimiter=signe), [])
    else:
        morceaux = re.split(r" {2,}", propre.strip(" "))
        if len(morceaux) == 1:
            morceaux = _couper_avant_le_montant(morceaux[0])
    return [_case(rang, " ".join(morceau.split())) for rang, morceau in enumerate(morceaux)]


def _couper_avant_le_montant(texte: str) -> list[str]:
    """Sépare un libellé du montant qui le finit : « Assurance : 1 250 € »."""
    pieces = texte.split()
    debut = len(pieces)
    for rang in range(len(pieces) - 1, -1, -1):
        piece = _DE_MONTANT.fullmatch(pieces[rang])
        if piece is None:
            break
        if piece["chiffres"]:
            debut = rang
    libelle = " ".join(pieces[:debut]).rstrip(" :=")
    if debut == len(pieces) or not any(signe.isalpha() for signe in libelle):
        return [texte]
    return [libelle, " ".join(pieces[debut:])]


def _case(colonne: int, texte: str) -> Case:
    if _SANS_MONTANT.fullmatch(texte):
        return Case(colonne, texte, Genre.VIDE)
    if _CASSEE.fullmatch(texte):
        return Case(colonne, texte, Genre.ILLISIBLE, raison=f"« {texte} » vient d’un calcul cassé.")
    try:
        if _PRODUIT.fullmatch(texte):
            return Case(colonne, texte, Genre.NOMBRE, calculer(texte))
        return Case(colonne, texte, Genre.NOMBRE, lire_montant(texte))
    except (MontantIllisible, FormuleIllisible) as erreur:
        if _COMME_UN_NOMBRE.fullmatch(texte) or _PRODUIT.fullmatch(texte):
            return Case(colonne, texte, Genre.ILLISIBLE, raison=str(erreur))
    return Case(colonne, texte, Genre.TEXTE)


def code_en_tete(texte: str, plan: PlanDeComptes) -> tuple[Compte | None, str]:
    """Rend le compte dont le numéro ouvre un texte, et la suite : « 60 - Achats » donne 60 et « Achats ».

    Deux chiffres sans tiret ne sont un numéro que si la suite est de ce poste : « 60 ballons » n'en a pas.
    """
    trouve = _CODE.fullmatch(texte)
    if trouve is None:
        return None, texte
    ecrit, reste = trouve["code"], trouve["reste"].strip()
    compte = par_numero(ecrit, plan) or par_numero(ecrit.lower(), plan)
    if compte is None:
        return None, texte
    court = len(ecrit) == 2 and reste and not trouve["lien"].strip()
    if court and not par_libelle(reste, plan, poste=compte.poste):
        return None, texte
    return compte, reste


def code_de_la_case(case: Case, plan: PlanDeComptes) -> Compte | None:
    """Rend le compte qu'une case seule désigne : un numéro et rien d'autre."""
    if case.genre not in (Genre.NOMBRE, Genre.TEXTE) or not _CODE.fullmatch(case.texte):
        return None
    compte, reste = code_en_tete(case.texte, plan)
    return compte if not reste else None


def accord_du_libelle(cases: Sequence[Case], compte: Compte, plan: PlanDeComptes) -> bool | None:
    """Dit si le libellé de ces cases est du poste d'un compte ; rien s'il n'est pas reconnu."""
    libelle = " ".join(case.texte for case in cases if case.genre is Genre.TEXTE)
    if par_libelle(libelle, plan, poste=compte.poste):
        return True
    return False if par_libelle(libelle, plan) else None


def colonnes_de_codes(tableau: Sequence[Sequence[Case]], plan: PlanDeComptes) -> set[int]:
    """Rend les colonnes qui ne tiennent que des numéros de compte, à côté d'autres nombres."""
    largeur = max((len(cases) for cases in tableau), default=0)
    trouvees: set[int] = set()
    for colonne in range(largeur):
        lignes = [cases for cases in tableau if _tient_un_nombre(cases, colonne, plan)]
        comptes = [code_de_la_case(cases[colonne], plan) for cases in lignes]
        ailleurs = {colonne, *trouvees}
        montants = sum(
            any(c.genre is Genre.NOMBRE and c.colonne not in ailleurs for c in cases)
            for cases in lignes
        )
        if len(lignes) < 2 or None in comptes or not montants:
            continue
        accords = [
            accord_du_libelle(cases, compte, plan)
            for cases, compte in zip(lignes, comptes, strict=True)
            if compte
        ]
        # Des montants de 60 € ou de 75 € ont l'air de numéros : les libellés tranchent.
        ouvre = all(c.genre is not Genre.TEXTE for cases in lignes for c in cases[:colonne])
        if accords.count(True) >= max(accords.count(False), 0 if ouvre else 1):
            trouvees.add(colonne)
    return trouvees


def _tient_un_nombre(cases: Sequence[Case], colonne: int, plan: PlanDeComptes) -> bool:
    if len(cases) <= colonne:
        return False
    case = cases[colonne]
    return case.genre in (Genre.NOMBRE, Genre.ILLISIBLE) or bool(code_de_la_case(case, plan))


def colonne_des_produits(tableau: Sequence[Sequence[Case]], plan: PlanDeComptes) -> int | None:
    """Rend la colonne où commence la moitié des produits, quand ils sont en face des charges."""
    for cases in tableau:
        gauche = [c.colonne for c in cases if _mots_de_section(c) == "charge"]
        droite = [c.colonne for c in cases if _mots_de_section(c) == "produit"]
        if gauche and droite and min(gauche) < min(droite):
            return min(droite)
    comptes: dict[int, int] = {}
    for cases in tableau:
        codes = [(c.colonne, _compte_en_tete(c, suivante, plan)) for c, suivante in _suivies(cases)]
        sens = [(colonne, compte.sens) for colonne, compte in codes if compte]
        for (_, avant), (colonne, apres) in pairwise(sens):
            if (avant, apres) == ("charge", "produit"):
                comptes[colonne] = comptes.get(colonne, 0) + 1
    return max(comptes, key=lambda colonne: comptes[colonne], default=None)


def _suivies(cases: Sequence[Case]) -> list[tuple[Case, Case | None]]:
    return list(zip(cases, [*cases[1:], None], strict=False))


def _compte_en_tete(case: Case, suivante: Case | None, plan: PlanDeComptes) -> Compte | None:
    """Rend le compte d'une case « 60 - Achats », ou d'un numéro que suit un libellé."""
    if case.genre is Genre.TEXTE:
        return code_en_tete(case.texte, plan)[0]
    if suivante is not None and suivante.genre is Genre.TEXTE:
        return code_de_la_case(case, plan)
    return None


def _mots_de_section(case: Case) -> str:
    texte = case.texte.lower().strip(" :")
    if case.genre is Genre.TEXTE and len(texte.split()) <= 3:
        if texte.startswith(("charges", "dépenses", "depenses", "emplois")):
            return "charge"
        if texte.startswith(("produits", "recettes", "ressources")):
            return "produit"
    return ""
