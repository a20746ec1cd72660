"""Le registre des données personnelles : finalité et durée de chaque champ."""

from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings


@dataclass(frozen=True)
class ChampPersonnel:
    """Un champ qui désigne une personne."""

    champ: str
    libelle: str
    finalite: str
    duree: str


@cache
def registre() -> tuple[list[ChampPersonnel], frozenset[str]]:
    """Rend les champs personnels déclarés, et ceux déclarés comme ne l'étant pas."""
    fichier = settings.DOSSIER_DONNEES / "donnees-personnelles.yaml"
    contenu = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    personnels = [ChampPersonnel(**ligne) for ligne in contenu["personnels"]]
    return personnels, frozenset(contenu["autres"])
