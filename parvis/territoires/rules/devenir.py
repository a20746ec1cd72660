"""Ce que devient un quartier d'un millésime à l'autre, dit en phrases."""

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.territoires.enums import NatureDeCorrespondance


@dataclass(frozen=True)
class Lien:
    """Un lien de la table de correspondance ; `nouveau` est vide quand le quartier sort."""

    ancien: int
    ancien_nom: str
    nouveau: int | None
    nouveau_nom: str
    nature: str


def devenir(quartier: int, liens: Sequence[Lien]) -> list[str]:
    """Rend d'où vient un quartier et ce qu'il devient : gardé, modifié, réuni, partagé ou sorti."""
    origines = [lien for lien in liens if lien.nouveau == quartier]
    suites = [lien for lien in liens if lien.ancien == quartier]
    return [*_d_ou(origines, liens), *_vers_ou(suites, liens)]


def _d_ou(origines: Sequence[Lien], liens: Sequence[Lien]) -> list[str]:
    if not origines:
        return []
    noms = _enumerer([lien.ancien_nom for lien in origines])
    if len(origines) > 1:
        return [f"Il réunit les quartiers {noms} de la génération précédente."]
    freres = [lien for lien in liens if lien.ancien == origines[0].ancien and lien.nouveau]
    if len(freres) > 1:
        return [f"Il vient du partage du quartier {noms}."]
    if origines[0].nature == NatureDeCorrespondance.INCHANGE:
        return [f"Ses limites sont celles du quartier {noms} de la génération précédente."]
    return [f"Il succède au quartier {noms}, dont les limites ont changé."]


def _vers_ou(suites: Sequence[Lien], liens: Sequence[Lien]) -> list[str]:
    if not suites:
        return []
    gardees = [lien for lien in suites if lien.nouveau]
    if not gardees:
        return ["Il est sorti de la géographie prioritaire : aucun quartier ne lui succède."]
    noms = _enumerer([lien.nouveau_nom for lien in gardees])
    if len(gardees) > 1:
        return [f"Il a été partagé entre les quartiers {noms}."]
    reunis = [lien for lien in liens if lien.nouveau == gardees[0].nouveau]
    if len(reunis) > 1:
        return [f"Il a été réuni à d’autres dans le quartier {noms}."]
    if gardees[0].nature == NatureDeCorrespondance.INCHANGE:
        return [f"Le quartier {noms} le continue, dans les mêmes limites."]
    return [f"Le quartier {noms} lui succède, dans d’autres limites."]


def _enumerer(noms: Sequence[str]) -> str:
    cites = [f"« {nom} »" for nom in noms]
    return cites[0] if len(cites) == 1 else f"{', '.join(cites[:-1])} et {cites[-1]}"
