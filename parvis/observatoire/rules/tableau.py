"""Un petit tableau de nombres de personnes, tel que sa source le donne."""

from dataclasses import dataclass
from enum import StrEnum

# Une cellule : sa ligne et sa colonne, à partir de 0.
Cellule = tuple[int, int]


class Motif(StrEnum):
    """Pourquoi une cellule est cachée.

    Ne se publie pas : dire qu'une cellule est PRIMAIRE, c'est dire que son nombre est petit.
    """

    PRIMAIRE = "primaire"  # son nombre est sous le seuil
    SECONDAIRE = "secondaire"  # elle en ferait retrouver une autre
    SOURCE = "source"  # la source ne la donne pas


@dataclass(frozen=True)
class Tableau:
    """Un tableau de nombres de personnes ; `lignes` et `colonnes` comptent aussi les totaux.

    `a_total_de_ligne` : la dernière colonne est la somme de chaque ligne. `a_total_de_colonne` : la
    dernière ligne est la somme de chaque colonne. None : un nombre que nous n'avons pas. Lève
    ValueError si les tailles ne vont pas, ou si un nombre n'est pas un entier positif ou nul.
    """

    lignes: int
    colonnes: int
    valeurs: tuple[tuple[int | None, ...], ...]
    a_total_de_ligne: bool
    a_total_de_colonne: bool
    cachees_par_la_source: frozenset[Cellule] = frozenset()

    def __post_init__(self) -> None:
        tailles = [len(ligne) for ligne in self.valeurs]
        if self.lignes < 1 or self.colonnes < 1 or tailles != [self.colonnes] * self.lignes:
            raise ValueError(f"Tableau annoncé {self.lignes} × {self.colonnes}, lu {tailles}.")
        if self.a_total_de_ligne and self.colonnes < 2:
            raise ValueError("Un total de ligne demande au moins deux colonnes.")
        if self.a_total_de_colonne and self.lignes < 2:
            raise ValueError("Un total de colonne demande au moins deux lignes.")
        for cellule in self.cellules():
            valeur = self.valeur(cellule)
            est_un_entier = isinstance(valeur, int) and not isinstance(valeur, bool)
            if valeur is not None and not (est_un_entier and valeur >= 0):
                raise ValueError(
                    f"Cellule {cellule} : {valeur!r} n'est pas un nombre de personnes."
                )
        if hors := self.cachees_par_la_source - set(self.cellules()):
            raise ValueError(f"Cellules cachées hors du tableau : {sorted(hors)}.")

    def cellules(self) -> list[Cellule]:
        """Rend toutes les cellules, totaux compris, ligne après ligne."""
        return [(i, j) for i in range(self.lignes) for j in range(self.colonnes)]

    def valeur(self, cellule: Cellule) -> int | None:
        """Rend le nombre d'une cellule, None s'il manque."""
        return self.valeurs[cellule[0]][cellule[1]]

    def manquantes(self) -> list[Cellule]:
        """Rend les cellules dont nous n'avons pas le nombre, qu'il manque ou que la source le taise."""
        return [cellule for cellule in self.cellules() if self.valeur(cellule) is None]

    def totaux_de(self, cellule: Cellule) -> int:
        """Rend 0 pour une part, 1 pour le total d'une ligne ou d'une colonne, 2 pour le total général."""
        ligne, colonne = cellule
        return (self.a_total_de_colonne and ligne == self.lignes - 1) + (
            self.a_total_de_ligne and colonne == self.colonnes - 1
        )
