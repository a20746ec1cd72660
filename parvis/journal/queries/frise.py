"""L'histoire d'un objet, en phrases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from parvis.journal.models import Evenement
from parvis.journal.phrases import raconter, visibles
from parvis.socle.contrats import Titres, titres_des_contrats

PAR_PAGE = 50


@dataclass(frozen=True)
class Ligne:
    """Un acte raconté : quand, et quoi."""

    instant: datetime
    phrase: str


@dataclass(frozen=True)
class Frise:
    """Une page de l'histoire d'un objet, du plus récent au plus ancien.

    `avant` vaut pour la page des actes plus anciens, vide s'il n'y en a pas ; `est_la_suite` dit
    que des actes plus récents sont sur une autre page.
    """

    lignes: list[Ligne]
    avant: str = ""
    est_la_suite: bool = False


def frise(
    objet: str, *, regard: str, contrat: str = "", avant: str = "", par_page: int = PAR_PAGE
) -> Frise:
    """Rend une page de l'histoire d'un objet, racontée à ce regard ; `avant` vient de la précédente.

    Ce qui ne se montre pas à ce regard n'y est pas. `contrat` garde une seule chaîne : l'objet d'un
    contrat peut porter le même nom dans un autre. Qui appelle a vérifié que l'on peut lire.
    """
    actes = Evenement.objects.filter(objet=objet)
    if contrat:
        actes = actes.filter(contrat=contrat)
    return _page(actes, regard, avant, par_page)


def frise_de_la_chaine(
    contrat: str,
    *,
    regard: str,
    avant: str = "",
    par_page: int = PAR_PAGE,
    sauf: Collection[str] = (),
) -> Frise:
    """Rend une page de l'histoire d'un contrat, ou de l'instance, racontée à ce regard.

    `sauf` : les objets dont le lecteur n'a rien à lire. Qui appelle a vérifié que l'on peut lire.
    """
    actes = Evenement.objects.filter(contrat=contrat)
    return _page(actes.exclude(objet__in=sauf) if sauf else actes, regard, avant, par_page)


def _page(actes: QuerySet[Evenement], regard: str, avant: str, par_page: int) -> Frise:
    actes = actes.filter(action__in=visibles(regard))
    # Une adresse recopiée de travers montre le début plutôt qu'une erreur.
    est_la_suite = avant.isascii() and avant.isdecimal() and len(avant) < 19
    if est_la_suite:
        actes = actes.filter(pk__lt=int(avant))
    lus = list(actes.select_related("details").order_by("-pk")[: par_page + 1])
    montres = lus[:par_page]
    reste = str(montres[-1].pk) if len(lus) > par_page else ""
    a_nommer = any("contrat" in _details(acte) for acte in montres)
    titres = titres_des_contrats() if a_nommer else {}
    return Frise([_ligne(acte, regard, titres) for acte in montres], reste, est_la_suite)


def _ligne(acte: Evenement, regard: str, titres: Titres) -> Ligne:
    details = _details(acte)
    if code := details.get("contrat"):
        details = details | {"contrat": titres.get(code, code)}
    phrase = raconter(
        acte.action,
        regard,
        qui=acte.utilisateur_nom,
        objet=acte.objet_nom,
        details=details,
    )
    return Ligne(acte.instant, phrase)


def _details(acte: Evenement) -> dict[str, Any]:
    """Rend les détails d'un acte ; rien s'ils ont été effacés."""
    details = getattr(acte, "details", None)
    return details.contenu if details else {}
