"""Une valeur de section en clair, pour la lire et la comparer, et son empreinte."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.cadre.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.socle.templatetags.socle import jour


def en_texte(section: Section, valeur: Valeur) -> str:
    """Rend la valeur comme on la lit : un paragraphe, ou une ligne par élément."""
    if isinstance(valeur, list):
        return "\n".join(_ligne(section, ligne) for ligne in valeur)
    if len(section.champs) == 1:
        return str(valeur[section.champs[0].code] or "")
    return "\n".join(
        f"{champ.libelle} : {_dire(champ, valeur[champ.code])}"
        for champ in section.champs
        if valeur[champ.code] not in (None, "")
    )


def _ligne(section: Section, ligne: Ligne) -> str:
    premier, *autres = section.champs
    suite = [
        f"{_minuscule(champ.libelle)} : {_dire(champ, ligne[champ.code], _minuscule)}"
        for champ in autres
        if ligne[champ.code] not in (None, "", [])
    ]
    return " · ".join([_dire(premier, ligne[premier.code]), *suite])


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:]


def _dire(champ: Champ, valeur: Any, ecrire: Callable[[str], str] = str) -> str:
    if isinstance(valeur, list):
        return ", ".join(valeur)
    if isinstance(valeur, float):
        return dire_un_nombre(valeur)
    if champ.sorte == "jour":
        return jour(date.fromisoformat(valeur))
    if champ.choix:
        return ecrire(dict(champ.choix).get(str(valeur), str(valeur)))
    return str(valeur)


def dire_un_nombre(valeur: float) -> str:
    """Rend un nombre tel qu'il s'écrit, sans arrondi : « 123456,78 »."""
    return format(Decimal(str(valeur)).normalize(), "f").replace(".", ",")


def empreinte(valeur: Valeur) -> str:
    """Rend l'empreinte d'une valeur : deux personnes qui lisent la même ont la même."""
    plat = json.dumps(valeur, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plat.encode()).hexdigest()[:32]
