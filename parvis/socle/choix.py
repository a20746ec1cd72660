"""Choisir parmi des lignes déjà lues : tout s'y compte sans une requête de plus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from parvis.socle.filtres import Facette, Option

L = TypeVar("L")


@dataclass(frozen=True)
class Critere(Generic[L]):
    """Un choix d'une liste : ses valeurs dans l'ordre, et celles que porte une ligne."""

    nom: str
    libelle: str
    valeurs: Mapping[str, str]
    de: Callable[[L], Sequence[str]]


def choisir(
    lignes: Sequence[L], tous: Sequence[Critere[L]], choix: Mapping[str, str]
) -> tuple[list[L], list[Facette]]:
    """Rend les lignes choisies, et chaque choix avec ce qu'il laisserait, les autres choix gardés.

    Une valeur inconnue ne filtre pas.
    """
    actifs = {c.nom: choix[c.nom] for c in tous if choix.get(c.nom) in c.valeurs}
    portees = [[c.de(ligne) for c in tous] for ligne in lignes]
    # Pour chaque ligne, les critères choisis qu'elle ne remplit pas : un seul l'écarte de la liste, mais
    # elle compte encore parmi les autres valeurs de ce critère-là.
    refus = [
        [
            critere.nom
            for critere, valeurs in zip(tous, portee, strict=True)
            if critere.nom in actifs and actifs[critere.nom] not in valeurs
        ]
        for portee in portees
    ]
    comptes: list[dict[str, int]] = [dict.fromkeys(c.valeurs, 0) for c in tous]
    for portee, manques in zip(portees, refus, strict=True):
        if len(manques) > 1:
            continue
        for critere, valeurs, compte in zip(tous, portee, comptes, strict=True):
            if not manques or manques[0] == critere.nom:
                for valeur in valeurs:
                    if valeur in compte:
                        compte[valeur] += 1
    choisies = [ligne for ligne, manques in zip(lignes, refus, strict=True) if not manques]
    return choisies, [
        _facette(critere, compte, actifs.get(critere.nom, ""))
        for critere, compte in zip(tous, comptes, strict=True)
    ]


def _facette(critere: Critere[Any], compte: Mapping[str, int], choisie: str) -> Facette:
    return Facette(
        critere.nom,
        critere.libelle,
        [
            Option(valeur, libelle, compte[valeur], valeur == choisie)
            for valeur, libelle in critere.valeurs.items()
        ],
        est_unique=True,
    )
