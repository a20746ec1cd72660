"""Rendre à l'usager son tableau, dans le format où il l'a donné, avec des colonnes de plus."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from parvis.socle.tableaux import Cellule, xlsx
from parvis.socle.tableur.encodage import encoder
from parvis.socle.tableur.gardes import amorcer
from parvis.socle.tableur.modele import Nombre, Tableau

# Entre guillemets, un titre ne fait pas prendre un autre séparateur que le vrai.
_A_CITER = re.compile(r'[;,\t|"\r\n]|^sep=', re.IGNORECASE)


def ecrire_tableau(
    tableau: Tableau,
    colonnes_de_plus: Sequence[str],
    lignes_de_plus: Iterable[Sequence[Cellule]],
) -> bytes:
    """Rend le fichier de l'usager et ses colonnes de plus ; lève ValueError s'il manque des lignes."""
    colonnes = [*tableau.colonnes, *colonnes_de_plus]
    if tableau.extension == "xlsx":
        typees = ([_typee(c) for c in ligne] for ligne in tableau.lignes)
        return xlsx(colonnes, _cote_a_cote(typees, lignes_de_plus, len(colonnes)), "Tableau")
    sortie = io.StringIO(newline="")
    for titre in tableau.preambule:
        sortie.write(tableau.separateur.join(_titre(cellule) for cellule in titre) + "\r\n")
    sortie.write(tableau.separateur.join(_titre(colonne) for colonne in colonnes) + "\r\n")
    ecrivain = csv.writer(sortie, delimiter=tableau.separateur, lineterminator="\r\n")
    ecrivain.writerows(
        [amorcer(cellule) for cellule in ligne]
        for ligne in _cote_a_cote(tableau.lignes, lignes_de_plus, len(colonnes))
    )
    return encoder(sortie.getvalue(), tableau.encodage)


def _cote_a_cote(
    lignes: Iterable[Sequence[Cellule]], de_plus: Iterable[Sequence[Cellule]], largeur: int
) -> Iterator[list[Cellule]]:
    for ligne, suite in zip(lignes, de_plus, strict=True):
        if len(ligne) + len(suite) != largeur:
            raise ValueError("une ligne n'a pas autant de cellules que de colonnes")
        yield [*ligne, *suite]


def _typee(cellule: str) -> Cellule:
    return Decimal(cellule.replace(",", ".")) if isinstance(cellule, Nombre) else cellule


def _titre(colonne: str) -> str:
    texte = amorcer(colonne)
    return '"' + texte.replace('"', '""') + '"' if _A_CITER.search(texte) else texte
