"""Filtrer une liste, et dire ce que chaque choix laisserait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Option:
    """Une valeur possible d'un critère, et le nombre de lignes qu'elle laisserait."""

    valeur: str
    libelle: str
    nombre: int
    est_choisie: bool
    adresse_sans: str = ""


@dataclass(frozen=True)
class Facette:
    """Un critère de choix et ses valeurs."""

    nom: str
    libelle: str
    options: list[Option]
    est_unique: bool

    @property
    def choisies(self) -> list[Option]:
        return [option for option in self.options if option.est_choisie]


@dataclass(frozen=True)
class Critere:
    """Un choix possible d'une liste : pour chaque valeur, son libellé et sa condition."""

    nom: str
    libelle: str
    valeurs: Mapping[str, tuple[str, Q]]


def filtrer(
    lignes: "QuerySet[M]", criteres: Sequence[Critere], demandes: Mapping[str, str]
) -> "tuple[QuerySet[M], list[Facette]]":
    """Rend les lignes choisies, et les choix avec leurs comptes ; une valeur inconnue ne filtre pas.

    Le compte d'une valeur est le nombre de lignes qu'elle laisserait, les autres choix gardés.
    """
    choisies = {
        critere.nom: critere.valeurs[demandes[critere.nom]][1]
        for critere in criteres
        if demandes.get(critere.nom) in critere.valeurs
    }
    facettes = []
    for critere in criteres:
        autres = [condition for nom, condition in choisies.items() if nom != critere.nom]
        # Une valeur peut ne pas être un nom de colonne : ses comptes portent son rang.
        comptes = lignes.filter(*autres).aggregate(
            **{
                f"rang_{rang}": Count("pk", filter=condition)
                for rang, (_, condition) in enumerate(critere.valeurs.values())
            }
        )
        facettes.append(
            Facette(
                critere.nom,
                critere.libelle,
                [
                    Option(
                        valeur,
                        libelle,
                        comptes[f"rang_{rang}"],
                        demandes.get(critere.nom) == valeur,
                    )
                    for rang, (valeur, (libelle, _)) in enumerate(critere.valeurs.items())
                ],
                est_unique=True,
            )
        )
    return lignes.filter(*choisies.values()), facettes
