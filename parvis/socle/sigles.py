"""Le lexique des sigles : une phrase claire pour chacun, où qu'il paraisse."""

import re
from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings

from parvis.socle.texte import adresse


@dataclass(frozen=True)
class Sigle:
    """Un sigle, ce qu'il abrège et la phrase qui l'explique à un voisin."""

    sigle: str
    developpe: str
    explication: str

    @property
    def ancre(self) -> str:
        return adresse(self.sigle)


@cache
def lexique() -> dict[str, Sigle]:
    """Rend tous les sigles connus, par sigle, dans l'ordre alphabétique."""
    fichier = settings.DOSSIER_DONNEES / "lexiques" / "sigles.yaml"
    lignes = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    sigles = [Sigle(**ligne) for ligne in lignes]
    return {s.sigle: s for s in sorted(sigles, key=lambda s: s.sigle.casefold())}


@cache
def motif() -> re.Pattern[str]:
    """Rend le motif qui trouve un sigle du lexique comme mot entier, le plus long d'abord."""
    formes = sorted(lexique(), key=len, reverse=True)
    alternatives = "|".join(re.escape(forme) for forme in formes)
    return re.compile(rf"(?<![\w-])({alternatives})(?![\w])")
