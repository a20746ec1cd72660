"""Mettre en clair ce qu'un formulaire a envoyé, quand un champ en porte plusieurs à la fois."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Ce qui ne dit rien à qui l'a tapé : la place d'une ligne, les choix d'une liste.
TECHNIQUES = frozenset({"cle", "nature", "guichet"})
# Un choix de cette liste est la clé d'un organisme.
FINANCEUR = "financeur"


@dataclass(frozen=True)
class Groupe:
    """Des lignes d'un champ composé, sous leur nom : « lignes », « demandes »."""

    nom: str
    lignes: list[str]


def composer(valeur: str) -> Any | None:
    """Rend ce que dit un champ en JSON, objet ou liste ; None s'il n'est qu'un texte."""
    if not valeur.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(valeur)
    except ValueError:
        return None


def cles_d_organismes(compose: Any) -> set[int]:
    """Rend les organismes que désigne un champ composé, par leur clé."""
    if isinstance(compose, dict):
        siennes = {compose[FINANCEUR]} if isinstance(compose.get(FINANCEUR), str) else set()
        cles = {int(c) for c in siennes if c.isascii() and c.isdigit() and len(c) < 19}
        return cles.union(*(cles_d_organismes(v) for v in compose.values()))
    return set().union(*map(cles_d_organismes, compose)) if isinstance(compose, list) else set()


def en_clair(compose: Any, noms: Mapping[int, str]) -> list[Groupe]:
    """Rend un champ composé en lignes que l'on relit, groupe par groupe ; `noms`, ceux des organismes."""
    if isinstance(compose, dict) and any(isinstance(v, list | dict) for v in compose.values()):
        groupes = [Groupe(nom, _lignes(valeur, noms)) for nom, valeur in compose.items()]
        return [groupe for groupe in groupes if groupe.lignes]
    lignes = _lignes(compose, noms)
    return [Groupe("", lignes)] if lignes else []


def _lignes(valeur: Any, noms: Mapping[int, str]) -> list[str]:
    elements = valeur if isinstance(valeur, list) else [valeur]
    return [ligne for element in elements if (ligne := _ligne(element, noms))]


def _ligne(valeur: Any, noms: Mapping[int, str]) -> str:
    if isinstance(valeur, dict):
        dits = (_dire(nom, element, noms) for nom, element in valeur.items())
        return " · ".join(dit for dit in dits if dit)
    if isinstance(valeur, list):
        return ", ".join(dit for element in valeur if (dit := _ligne(element, noms)))
    return "" if valeur is None else str(valeur)


def _dire(nom: str, valeur: Any, noms: Mapping[int, str]) -> str:
    if nom in TECHNIQUES:
        return ""
    if nom == FINANCEUR and isinstance(valeur, str) and valeur.isascii() and valeur.isdigit():
        return noms.get(int(valeur), "")
    return _ligne(valeur, noms)
