"""De quoi se fait une section : des champs, ou des lignes de champs."""

from dataclasses import dataclass
from typing import Any

# Tout se garde comme on l'a tapé : ce qui ne se lit pas se corrige plus tard, rien ne se perd.
Ligne = dict[str, str]
Valeur = Any


@dataclass(frozen=True)
class Champ:
    """Un champ : son nom, ce qu'il attend, et s'il le faut pour déposer."""

    code: str
    libelle: str
    sorte: str = "ligne"
    aide: str = ""
    longueur: int = 300
    est_obligatoire: bool = False
    choix: tuple[tuple[str, str], ...] = ()
    # Les natures d'organisme qui ont ce champ ; vide, toutes.
    natures: frozenset[str] = frozenset()
    minimum: int = 0
    maximum: int = 10_000_000
    groupe: str = ""
    # Un contact privé ne se montre qu'au porteur et aux services qu'il sollicite.
    est_prive: bool = False
    # Une autre réponse dit s'il le faut : à l'écran, il n'est pas « facultatif ».
    depend_d_une_reponse: bool = False


@dataclass(frozen=True)
class Section:
    """Ce que l'on écrit sur une page, et qui s'enregistre d'un coup."""

    code: str
    titre: str
    chapo: str
    champs: tuple[Champ, ...] = ()
    est_liste: bool = False
    # Une liste facultative peut rester vide ; un dossier se dépose sans elle.
    est_obligatoire: bool = True
    # Le nom d'une ligne, dit au singulier sur le bouton qui en ajoute une.
    nom_d_une_ligne: str = ""

    @property
    def est_propre(self) -> bool:
        """Dit si la section a sa page à elle, que ses champs ne suffisent pas à décrire."""
        return not self.champs

    def pour(self, nature: str) -> "Section":
        """Rend la section telle que la remplit un organisme de cette nature."""
        gardes = tuple(c for c in self.champs if not c.natures or nature in c.natures)
        return Section(
            self.code,
            self.titre,
            self.chapo,
            gardes,
            self.est_liste,
            self.est_obligatoire,
            self.nom_d_une_ligne,
        )
