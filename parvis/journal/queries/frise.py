"""L'histoire d'un objet, en phrases."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

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
    actes = Evenement.objects.filter(objet=objet).order_by("-instant", "-pk")
    return _raconter(actes, regard, limite)


def frise_de_la_chaine(contrat: str, *, regard: str, limite: int = PAR_PAGE) -> list[Ligne]:
    """Rend les derniers actes d'un contrat, ou de l'instance, racontés à ce regard.

    Qui appelle a vérifié que l'on peut lire.
    """
    actes = Evenement.objects.filter(contrat=contrat).order_by("-rang")
    return _raconter(actes, regard, limite)


def _raconter(actes: QuerySet[Evenement], regard: str, limite: int) -> list[Ligne]:
    lignes = []
    for acte in actes.select_related("details")[: limite * 2]:
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
