"""Un tableau lu : ses colonnes, ses lignes, et ce qu'il faut pour le rendre dans le même format."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    numero, entete = next(((n, r) for n, r in suite if any(c.strip() for c in r)), (0, []))
    if not numero:
        raise Refus([VIDE])
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
    )


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
