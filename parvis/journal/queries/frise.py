"""L'histoire d'un objet, en phrases."""

from dataclasses import dataclass
from datetime import datetime

from parvis.journal.models import Evenement
from parvis.journal.phrases import raconter

PAR_PAGE = 50


@dataclass(frozen=True)
class Ligne:
    """Un acte raconté : quand, et quoi."""

    instant: datetime
    phrase: str


def frise(objet: str, *, regard: str, limite: int = PAR_PAGE) -> list[Ligne]:
    """Rend les derniers actes sur un objet, du plus récent au plus ancien, racontés à ce regard.

    Ce qui ne se montre pas à ce regard n'y est pas. Qui appelle a vérifié que l'on peut lire.
    """
    actes = Evenement.objects.filter(objet=objet).select_related("details")
    lignes = []
    for acte in actes.order_by("-instant", "-pk")[: limite * 2]:
        details = getattr(acte, "details", None)
        phrase = raconter(
            acte.action,
            regard,
            qui=acte.utilisateur_nom,
            objet=acte.objet_nom,
            details=details.contenu if details else {},
        )
        if phrase:
            lignes.append(Ligne(acte.instant, phrase))
    return lignes[:limite]
