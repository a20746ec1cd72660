"""Un tableau lu : ses colonnes, ses lignes, et ce qu'il faut pour le rendre dans le même format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from parvis.socle.refus import Refus

COLONNES_MAX = 200
CELLULE_MAX = 10_000


class Nombre(str):
    """Le texte d'un nombre lu dans un classeur : rendu, il redevient un nombre."""

    __slots__ = ()


@dataclass(frozen=True)
class Tableau:
    """Le tableau d'un usager, cellules en textes ; une ligne vide garde sa place.

    `premiere_ligne` est, dans le fichier, le numéro de la première ligne après l'en-tête.
    """

    colonnes: list[str]
    lignes: list[list[str]]
    extension: Literal["csv", "xlsx"]
    separateur: str = ";"
    encodage: str = "utf-8"
    premiere_ligne: int = 2
    # Un titre au-dessus de l'en-tête, tel que les tableurs l'exportent.
    preambule: list[list[str]] = field(default_factory=list)


def est_un_titre(premiere: Sequence[str], suivante: Sequence[str]) -> bool:
    """Dit si une rangée est un titre seul, au-dessus d'un en-tête : des mots, plusieurs, sans chiffre."""
    pleines = [cellule for cellule in premiere if cellule.strip()]
    titres = [cellule for cellule in suivante if cellule.strip()]
    return len(pleines) == 1 and len(titres) > 1 and all(_est_un_nom(titre) for titre in titres)


def _est_un_nom(titre: str) -> bool:
    """Dit si un titre de colonne est fait de lettres, deux au moins, et d'aucun chiffre."""
    return sum(c.isalpha() for c in titre) >= 2 and not any(c.isdigit() for c in titre)


def composer(
    rangees: Iterable[tuple[int, list[str]]],
    lignes_max: int,
    extension: Literal["csv", "xlsx"],
    separateur: str = ";",
    encodage: str = "utf-8",
) -> Tableau:
    """Rend le tableau de rangées numérotées ; lève Refus s'il est vide ou démesuré.

    Une rangée plus longue que l'en-tête l'allonge : rien de rempli ne se perd.
    """
    suite = iter(rangees)
    _, (numero, entete) = _jusqu_a_une_pleine(suite)
    if not numero:
        raise Refus([VIDE])
    vides, deuxieme = _jusqu_a_une_pleine(suite)
    preambule: list[list[str]] = []
    if est_un_titre(entete, deuxieme[1]):
        preambule, (numero, entete) = [entete], deuxieme
    else:
        # Ce qui vient d'être lu n'est pas un en-tête : c'est la suite.
        suite = chain(vides, [deuxieme] if deuxieme[0] else [], suite)
    lignes, premiere, largeur = _lignes(suite, lignes_max, _largeur(numero, entete))
    noms = [*(nom.strip() for nom in entete), *[""] * largeur][:largeur]
    return Tableau(
        colonnes=[nom or f"Colonne {rang}" for rang, nom in enumerate(noms, 1)],
        lignes=[
            r if len(r) == largeur else r[:largeur] + [""] * (largeur - len(r)) for r in lignes
        ],
        extension=extension,
        separateur=separateur,
        encodage=encodage,
        premiere_ligne=premiere or numero + 1,
        preambule=preambule,
    )


def _jusqu_a_une_pleine(
    suite: Iterator[tuple[int, list[str]]],
) -> tuple[list[tuple[int, list[str]]], tuple[int, list[str]]]:
    """Rend les rangées vides, puis la première qui ne l'est pas ; (0, []) s'il n'y en a plus."""
    vides = []
    for numero, rangee in suite:
        if any(cellule.strip() for cellule in rangee):
            return vides, (numero, rangee)
        vides.append((numero, rangee))
    return vides, (0, [])


def _lignes(
    suite: Iterable[tuple[int, list[str]]], lignes_max: int, largeur: int
) -> tuple[list[list[str]], int, int]:
    """Rend les lignes, le numéro de la première, et la largeur que demandent les plus longues."""
    lignes: list[list[str]] = []
    premiere, absentes = 0, 0
    for numero, rangee in suite:
        premiere = premiere or numero
        if not rangee:  # ni cellule ni séparateur : elle ne compte que suivie d'une autre
            absentes += 1
            continue
        if len(lignes) + absentes >= lignes_max:
            raise Refus([f"Ligne {numero} : {_trop_de_lignes(lignes_max)}"])
        lignes.extend([] for _ in range(absentes))
        absentes = 0
        largeur = max(largeur, _largeur(numero, rangee))
        lignes.append(rangee)
    return lignes, premiere, largeur


def _largeur(numero: int, rangee: list[str]) -> int:
    """Rend le rang de la dernière cellule remplie ; lève Refus si une cellule est démesurée."""
    if max(map(len, rangee)) > CELLULE_MAX:
        raise Refus([f"Ligne {numero} : {TROP_LONGUE}"])
    largeur = len(rangee)
    while largeur and not rangee[largeur - 1].strip():
        largeur -= 1
    if largeur > COLONNES_MAX:
        raise Refus(
            [f"Ligne {numero} : elle a {largeur} colonnes, la limite est de {COLONNES_MAX}."]
        )
    return largeur


def en_milliers(nombre: int) -> str:
    """Rend un nombre entier avec ses espaces."""
    return f"{nombre:,}".replace(",", "\u202f")


def _trop_de_lignes(lignes_max: int) -> str:
    return (
        f"le tableau a plus de {en_milliers(lignes_max)} lignes. "
        "Coupez-le en plusieurs fichiers, chacun avec sa ligne de titres."
    )


VIDE = "Ce fichier ne contient aucune cellule remplie."
TROP_LONGUE = f"une cellule dépasse {en_milliers(CELLULE_MAX)} caractères."
