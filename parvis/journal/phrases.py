"""Comment un acte se raconte : une phrase par sorte d'acte et par regard, jamais une clé technique.

Chaque pièce déclare les siennes dans `phrases.py`, sous le nom PHRASES. `noter` refuse un acte que
personne ne sait raconter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.template import Context, Engine
from django.utils.formats import date_format

from parvis.journal.enums import Regard

# Ce qu'une phrase dit d'un détail qui a été effacé, ou qui n'a pas été donné.
EFFACE = "(effacé)"
JOUR = re.compile(r"\d{4}-\d{2}-\d{2}")
_moteur = Engine(string_if_invalid=EFFACE)


@dataclass(frozen=True)
class Phrase:
    """La phrase d'une sorte d'acte ; une phrase vide ne se montre pas à ce regard.

    Gabarits Django : `qui`, `objet`, et les détails de l'acte. Le pilote lit la phrase des membres
    s'il n'a pas la sienne.
    """

    membres: str = ""
    pilotage: str = ""
    public: str = ""

    def pour(self, regard: str) -> str:
        """Rend le gabarit qui vaut pour ce regard, vide s'il ne doit rien lire."""
        if regard == Regard.PUBLIC:
            return self.public
        return self.membres if regard == Regard.MEMBRES else self.pilotage or self.membres


@cache
def phrases() -> Mapping[str, Phrase]:
    """Rend les phrases de toutes les pièces, par sorte d'acte ; lève ValueError sur un doublon."""
    reunies: dict[str, Phrase] = {}
    for piece in apps.get_app_configs():
        module = f"{piece.name}.phrases"
        if not piece.name.startswith("parvis.") or piece.name == "parvis.journal":
            continue
        if find_spec(module) is None:
            continue
        siennes = import_module(module).PHRASES
        if doubles := reunies.keys() & siennes.keys():
            raise ValueError(f"Actes racontés deux fois : {', '.join(sorted(doubles))}.")
        reunies |= siennes
    return reunies


def raconter(action: str, regard: str, *, qui: str, objet: str, details: Mapping[str, Any]) -> str:
    """Rend la phrase d'un acte pour ce regard, ou une chaîne vide s'il ne se montre pas."""
    gabarit = phrases()[action].pour(regard)
    if not gabarit:
        return ""
    lisibles = {nom: _lisible(detail) for nom, detail in details.items()}
    valeurs = {**lisibles, "qui": qui, "objet": objet}
    return _moteur.from_string(gabarit).render(Context(valeurs, autoescape=False)).strip()


def _lisible(detail: Any) -> Any:
    """Rend un jour comme on le dit ; le journal le garde comme on le calcule (« 2015-01-01 »)."""
    if not (isinstance(detail, str) and JOUR.fullmatch(detail)):
        return detail
    try:
        return date_format(date.fromisoformat(detail))
    except ValueError:
        return detail
