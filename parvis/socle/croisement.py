"""Réunir deux écritures parties de la même version, champ par champ, sans en perdre une."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reunion:
    """Les valeurs réunies, et les champs que les deux ont changés différemment."""

    valeurs: dict[str, Any] = field(default_factory=dict)
    conflits: list[str] = field(default_factory=list)


def reunir(depart: Mapping[str, Any], mien: Mapping[str, Any], autre: Mapping[str, Any]) -> Reunion:
    """Rend les deux écritures réunies.

    Un champ qu'un seul a changé prend sa valeur ; une liste prend les ajouts et les retraits des
    deux ; un champ changé par les deux garde le mien et se dit en conflit.
    """
    reunion = Reunion()
    for champ, voulu in mien.items():
        avant, leur = depart.get(champ), autre.get(champ)
        if isinstance(voulu, list):
            reunion.valeurs[champ] = _reunir_les_listes(avant or [], voulu, leur or [])
        elif voulu == avant:
            reunion.valeurs[champ] = leur
        else:
            reunion.valeurs[champ] = voulu
            if leur not in (avant, voulu):
                reunion.conflits.append(champ)
    return reunion


def _reunir_les_listes(depart: list[Any], mien: list[Any], autre: list[Any]) -> list[Any]:
    retires = [valeur for valeur in depart if valeur not in mien]
    gardes = [valeur for valeur in autre if valeur not in retires]
    return gardes + [valeur for valeur in mien if valeur not in depart and valeur not in gardes]
