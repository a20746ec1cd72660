"""Les formes juridiques que l'on rencontre dans un contrat de ville."""

import csv
from functools import cache

from django.conf import settings


@cache
def formes_juridiques() -> dict[str, str]:
    """Rend le libellé de chaque code de la nomenclature de l'Insee que nous gardons."""
    fichier = settings.DOSSIER_DONNEES / "organismes" / "formes-juridiques.csv"
    with fichier.open(encoding="utf-8", newline="") as flux:
        return {ligne["code"]: ligne["libelle"] for ligne in csv.DictReader(flux, delimiter=";")}
