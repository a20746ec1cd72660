"""Ce que dit un dossier imprimé, sans mise en page : des titres, des faits, des textes, des tableaux."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from parvis.socle.templatetags.socle import typo
from parvis.socle.typographie import visible

# Un texte plus long que cela se lit sous son libellé, et non à côté.
COURT = 90
# Un mot plus long que sa ligne sortirait de la page ; une case de tableau est plus étroite.
_MOT_DANS_LA_PAGE, _MOT_DANS_UNE_CASE = 60, 22
_COUPURE = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class Titre:
    """Un titre, de 2 (un chapitre) à 3."""

    niveau: int
    texte: str


@dataclass(frozen=True, slots=True)
class Fait:
    """Une question et sa réponse."""

    libelle: str
    texte: str


@dataclass(frozen=True, slots=True)
class Faits:
    """Des réponses, l'une après l'autre."""

    faits: Sequence[Fait]


@dataclass(frozen=True, slots=True)
class Texte:
    """Un texte, dont les lignes restent."""

    texte: str


@dataclass(frozen=True, slots=True)
class Note:
    """Une phrase de la plateforme, que personne n'a écrite dans le dossier."""

    texte: str


@dataclass(frozen=True, slots=True)
class Points:
    """Une liste de phrases."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne : son intitulé, sa part de la largeur, et si l'on y lit des montants."""

    intitule: str
    part: int = 1
    est_nombre: bool = False


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne d'un tableau ; forte, c'est un total."""

    cases: Sequence[str]
    est_forte: bool = False


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau, son nom, et ses lignes."""

    nom: str
    colonnes: Sequence[Colonne]
    lignes: Sequence[Ligne]


Partie = Titre | Faits | Texte | Note | Points | Tableau


@dataclass(frozen=True, slots=True)
class Document:
    """Un dossier imprimé ; `bandeau` est sur chaque page d'un brouillon, vide sinon."""

    titre: str
    projet: str
    auteur: str
    entete: str
    mentions: Sequence[str]
    bandeau: str
    parties: Sequence[Partie]


def en_donnees(valeur: Any) -> Any:
    """Rend une description en types simples : chaque partie porte son genre, un texte ses paragraphes."""
    if isinstance(valeur, Fait):
        est_court = len(valeur.texte) <= COURT and "\n" not in valeur.texte
        return {
            "libelle": propre(valeur.libelle),
            "paragraphes": paragraphes(valeur.texte),
            "court": est_court,
        }
    if isinstance(valeur, Texte):
        return {"genre": "texte", "paragraphes": paragraphes(valeur.texte)}
    if isinstance(valeur, Ligne):
        cases = [[propre(ligne, _MOT_DANS_UNE_CASE) for ligne in case.split("\n")]
                 for case in valeur.cases]  # fmt: skip
        return {"cases": cases, "est_forte": valeur.est_forte}
    if is_dataclass(valeur) and not isinstance(valeur, type):
        nommes = {champ.name: en_donnees(getattr(valeur, champ.name)) for champ in fields(valeur)}
        return {"genre": type(valeur).__name__.lower(), **nommes}
    if isinstance(valeur, str):
        return propre(valeur)
    if isinstance(valeur, bool | int):
        return valeur
    return [en_donnees(element) for element in valeur]


def paragraphes(texte: str) -> list[list[str]]:
    """Rend les paragraphes d'un texte, chacun avec ses lignes."""
    return [
        [propre(ligne) for ligne in bloc.split("\n")]
        for bloc in re.split(r"\n\s*\n", texte.strip())
    ]


def propre(texte: str, mot_au_plus: int = _MOT_DANS_LA_PAGE) -> str:
    """Rend un texte prêt à imprimer : sans signe caché, espaces insécables, mots trop longs sécables."""
    return re.sub(
        rf"\S{{{mot_au_plus}}}(?=\S)", rf"\g<0>{_COUPURE}", visible(str(typo(texte.strip())))
    )
