"""Couper une longue liste en pages, par clé : on repart d'une ligne, jamais d'un rang."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

PAR_PAGE = 50
# Le plus grand entier des deux moteurs.
MAXIMUM = 2**63 - 1
T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[T]):
    """Cinquante lignes d'une liste, et les repères d'où partent les pages voisines."""

    lignes: list[T]
    total: int
    debut: int
    precedente: str = ""
    suivante: str = ""

    @property
    def etat(self) -> str:
        """Rend ce que l'on voit de la liste : « 51 à 100 sur 230 »."""
        if not self.lignes:
            return "Aucune ligne"
        if len(self.lignes) == self.total:
            return f"{self.total} ligne{'s' if self.total > 1 else ''}"
        return f"{self.debut} à {self.debut + len(self.lignes) - 1} sur {self.total}"


def page(
    lignes: "QuerySet[M]", cles: Sequence[str], *, apres: str = "", avant: str = ""
) -> "Page[M]":
    """Rend la page qui suit la ligne `apres`, ou précède `avant` (des clés primaires).

    `cles` est l'ordre, la clé primaire en dernier, dans un seul sens (« -depose_le », « -pk »). Un
    repère inconnu rend le début de la liste : la ligne a pu en sortir.
    """
    noms = [cle.lstrip("-") for cle in cles]
    sens = cles[0].startswith("-")
    triees = lignes.order_by(*cles)
    total = lignes.count()
    repere = apres or avant
    valeurs = _valeurs(lignes, noms, repere) if repere else None
    if valeurs is None:
        return _bornee(list(triees[: PAR_PAGE + 1]), total, 1)
    if apres:
        suite = lignes.filter(_au_dela(noms, valeurs, not sens))
        debut = total - suite.count() + 1
        return _bornee(list(suite.order_by(*cles)[: PAR_PAGE + 1]), total, debut)
    tete = lignes.filter(_au_dela(noms, valeurs, sens))
    rang = tete.count() + 1
    # Les cinquante d'avant : au plus près du repère, puis remises dans l'ordre.
    proches = list(tete.order_by(*cles).reverse()[:PAR_PAGE])[::-1]
    if not proches:
        return _bornee(list(triees[: PAR_PAGE + 1]), total, 1)
    return Page(proches, total, rang - len(proches), *_reperes(proches, rang - len(proches), total))


def page_de_liste(
    lignes: Sequence[T], cle: Callable[[T], str], *, apres: str = "", avant: str = ""
) -> "Page[T]":
    """Rend une page d'une liste déjà en mémoire ; `cle` nomme une ligne."""
    noms = [cle(ligne) for ligne in lignes]
    depart = 0
    if apres in noms:
        depart = noms.index(apres) + 1
    elif avant in noms:
        depart = max(noms.index(avant) - PAR_PAGE, 0)
    gardees = list(lignes[depart : depart + PAR_PAGE])
    fin = depart + len(gardees)
    return Page(
        gardees,
        len(lignes),
        depart + 1,
        noms[depart] if gardees and depart else "",
        noms[fin - 1] if gardees and fin < len(lignes) else "",
    )


def _valeurs(lignes: "QuerySet[M]", noms: list[str], repere: str) -> tuple[Any, ...] | None:
    if not (repere.isascii() and repere.isdigit()) or int(repere) > MAXIMUM:
        return None
    return lignes.filter(pk=int(repere)).values_list(*noms).first()


def _au_dela(noms: list[str], valeurs: Sequence[Any], croissant: bool) -> Q:
    """Rend les lignes qui viennent après ces valeurs, clé par clé."""
    condition, egales = Q(), Q()
    for nom, valeur in zip(noms, valeurs, strict=True):
        condition |= egales & Q(**{f"{nom}__{'gt' if croissant else 'lt'}": valeur})
        egales &= Q(**{nom: valeur})
    return condition


def _bornee(lues: list[M], total: int, debut: int) -> "Page[M]":
    gardees = lues[:PAR_PAGE]
    return Page(gardees, total, debut, *_reperes(gardees, debut, total))


def _reperes(gardees: list[M], debut: int, total: int) -> tuple[str, str]:
    if not gardees:
        return "", ""
    fin = debut + len(gardees) - 1
    return (
        str(gardees[0].pk) if debut > 1 else "",
        str(gardees[-1].pk) if fin < total else "",
    )
