"""Ce que dit un document, sans mise en page : les mêmes parties pour tous les formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_AVANT = re.compile(r" (?=[:;!?»%€])")
_APRES = re.compile(r"(?<=[«°]) ")
_INSECABLE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Titre:
    """Un titre, de 1 (le plus grand) à 3, et l'ancre où le sommaire mène."""

    niveau: int
    texte: str
    ancre: str


@dataclass(frozen=True, slots=True)
class Texte:
    """Des paragraphes séparés d'une ligne vide ; les lignes en « - » sont les points d'une liste."""

    texte: str


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne : son intitulé, et sa part de la largeur."""

    intitule: str
    part: int


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau dont l'en-tête nomme les colonnes."""

    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rubrique:
    """Une rubrique : son libellé, et un texte ou un tableau."""

    libelle: str
    contenu: str | Tableau


@dataclass(frozen=True, slots=True)
class Grille:
    """Le tableau d'une fiche : ses rubriques, sous un en-tête que chaque page répète."""

    resume: str
    rubriques: tuple[Rubrique, ...]
    entete: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """Un tableau d'annexe."""

    resume: str
    tableau: Tableau


@dataclass(frozen=True, slots=True)
class Note:
    """Une note du document d'origine."""

    numero: int
    texte: str


@dataclass(frozen=True, slots=True)
class Sommaire:
    """La place du sommaire ; ses lignes sont les titres qui le suivent."""


Partie = Titre | Texte | Grille | Index | Note | Sommaire


@dataclass(frozen=True, slots=True)
class Document:
    """Un document entier ; `mentions` suit le titre sur la première page, `pied` la ferme."""

    titre: str
    mentions: tuple[str, ...]
    pied: tuple[str, ...]
    entete: tuple[str, str]
    auteur: str
    date: datetime
    parties: tuple[Partie, ...]

    @property
    def titres(self) -> tuple[Titre, ...]:
        """Rend les titres, dans l'ordre : le sommaire."""
        return tuple(partie for partie in self.parties if isinstance(partie, Titre))


def insecables(texte: str) -> str:
    """Rend un texte dont les espaces se tiennent comme le veut l'imprimerie ; aucun signe ne change."""
    return _APRES.sub(_INSECABLE, _AVANT.sub(_INSECABLE, texte))


def paragraphes(texte: str) -> Iterator[tuple[bool, str]]:
    """Rend les paragraphes d'un texte ; vrai pour un point de liste."""
    for ligne in texte.split("\n"):
        if ligne.strip():
            est_un_point = ligne.startswith("- ")
            yield est_un_point, insecables(ligne[2:] if est_un_point else ligne.strip())
