"""Comment un acte se raconte : une phrase par sorte d'acte et par regard, jamais une clé technique.

Chaque pièce déclare les siennes dans `phrases.py`, sous le nom PHRASES. `noter` refuse un acte que
personne ne sait raconter (docs/adr/0013).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.template import Context, Engine

from parvis.journal.enums import Regard
from parvis.journal.rules import EFFACEMENT
from parvis.socle.templatetags.socle import jour

# Ce qu'une phrase dit d'un détail qui n'a pas été donné : jamais un trou que l'on ne verrait pas.
EFFACE = "(effacé)"
_moteur = Engine(string_if_invalid=EFFACE, builtins=["parvis.socle.templatetags.socle"])
# Une citation qui finit par un point n'en appelle pas un second.
_POINT_DE_TROP = re.compile(r"([.!?…] »)\.")
_JOUR = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Phrase:
    """La phrase d'une sorte d'acte ; une phrase vide ne se montre pas à ce regard.

    Gabarits Django : `qui`, `objet`, et les détails de l'acte, que `mots` met en mots au besoin. Le
    pilote lit la phrase des membres s'il n'a pas la sienne. `sans_details` vaut pour un acte dont
    les détails ont été effacés. Le public ne lit jamais de nom : il n'a pas `qui`. Ce qui est
    `est_prive` ne se montre qu'aux membres : le pilote ne lit rien d'un brouillon.
    """

    membres: str = ""
    pilotage: str = ""
    public: str = ""
    sans_details: str = ""
    est_prive: bool = False
    mots: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict

    def pour(self, regard: str) -> str:
        """Rend le gabarit qui vaut pour ce regard, vide s'il ne doit rien lire."""
        if regard == Regard.PUBLIC:
            return self.public
        if regard == Regard.MEMBRES:
            return self.membres
        return "" if self.est_prive else self.pilotage or self.membres


def passage(nom: str, ancien: str, nouveau: str) -> str:
    """Rend l'avant et l'après d'un champ : « téléphone, de « 01 » à « 02 » », ou ce qu'il gagne ou perd."""
    if ancien and nouveau:
        return f"{nom}, de « {ancien} » à « {nouveau} »"
    return f"{nom}, ajout de « {nouveau} »" if nouveau else f"{nom}, retrait de « {ancien} »"


PHRASES = {
    EFFACEMENT: Phrase(
        "{{ qui }} a effacé les détails de {{ rangs|length }} acte{{ rangs|length|pluralize }} sur "
        "« {{ objet }} ». Motif : « {{ motif }} ».",
        sans_details="{{ qui }} a effacé des détails sur « {{ objet }} ».",
    ),
}


@cache
def phrases() -> Mapping[str, Phrase]:
    """Rend les phrases de toutes les pièces, par sorte d'acte ; lève ValueError sur un doublon."""
    reunies: dict[str, Phrase] = {}
    for piece in apps.get_app_configs():
        module = f"{piece.name}.phrases"
        if not piece.name.startswith("parvis.") or find_spec(module) is None:
            continue
        siennes = import_module(module).PHRASES
        if doubles := reunies.keys() & siennes.keys():
            raise ValueError(f"Actes racontés deux fois : {', '.join(sorted(doubles))}.")
        reunies |= siennes
    return reunies


def visibles(regard: str) -> list[str]:
    """Rend les sortes d'actes qui se montrent à ce regard."""
    return [action for action, phrase in phrases().items() if phrase.pour(regard)]


def raconter(action: str, regard: str, *, qui: str, objet: str, details: Mapping[str, Any]) -> str:
    """Rend la phrase d'un acte pour ce regard, ou une chaîne vide s'il ne se montre pas."""
    phrase = phrases()[action]
    gabarit = phrase.pour(regard)
    if not gabarit:
        return ""
    valeurs: dict[str, Any] = {"objet": objet}
    if regard != Regard.PUBLIC:
        valeurs["qui"] = qui
        if not details and phrase.sans_details:
            gabarit = phrase.sans_details
    if details:
        valeurs = {**phrase.mots(_en_francais(details)), **valeurs}
    rendu = _moteur.from_string(gabarit).render(Context(valeurs, autoescape=False))
    return _POINT_DE_TROP.sub(r"\1", rendu.strip())


def _en_francais(valeur: Any) -> Any:
    """Rend les détails, chaque date comme on l'écrit : « 3 avril 2026 »."""
    if isinstance(valeur, Mapping):
        return {cle: _en_francais(element) for cle, element in valeur.items()}
    if isinstance(valeur, list):
        return [_en_francais(element) for element in valeur]
    if isinstance(valeur, str) and _JOUR.fullmatch(valeur):
        return jour(date.fromisoformat(valeur))
    return valeur
