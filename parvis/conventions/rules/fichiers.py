"""Lire une ligne d'un fichier de paiement : une date, un montant, quelle échéance elle paie."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from parvis.conventions.enums import SorteDEcheance
from parvis.conventions.rules.versements import Du
from parvis.socle.refus import Refus

_FORMES = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")
_ECHEANCE = re.compile(r"(?:n° ?)?(?P<rang>\d{1,3})?[.)]? ?(?P<sorte>\D*)")
_HEURE = re.compile(r"[ T]\d{1,2}[:h]\d{2}.*$")


class DateIllisible(ValueError):
    """Un texte qui n'est pas une date ; porte la phrase qui dit quoi écrire."""


def lire_une_date(texte: str) -> date:
    """Rend le jour écrit, à la française ou comme les tableurs l'écrivent ; lève DateIllisible."""
    propre = _HEURE.sub("", texte.strip())
    for forme in _FORMES:
        try:
            return datetime.strptime(propre, forme).date()
        except ValueError:
            continue
    raise DateIllisible(f"« {texte} » n’est pas une date : écrivez par exemple 15/03/2027.")


def chiffres(texte: str) -> str:
    """Rend les chiffres d'un texte : un Siret s'écrit avec ou sans espaces."""
    return re.sub(r"\D", "", texte)


def designe(dite: str, echeance: Du) -> bool:
    """Dit si ce texte nomme cette échéance : son rang, sa sorte, ou les deux ; vide, il les nomme toutes.

    Lève Refus si ce texte ne nomme aucune sorte d'échéance.
    """
    lue = _ECHEANCE.fullmatch(" ".join(dite.casefold().split()))
    mots = lue["sorte"] if lue else ""
    sorte = next((une for une in SorteDEcheance if mots in (une.value, une.label.casefold())), None)
    if lue is None or (mots and sorte is None):
        sortes = ", ".join(f"« {une.label} »" for une in SorteDEcheance)
        raise Refus([f"« {dite} » ne dit pas quelle échéance : écrivez son rang, ou {sortes}."])
    return lue["rang"] in (None, str(echeance.rang)) and sorte in (None, echeance.sorte)


@dataclass(frozen=True)
class Candidat:
    """Une échéance qu'une ligne pourrait payer : de quel acte, laquelle, et si rien ne se verse avant."""

    acte: int
    # Sans échéance, l'acte n'en prévoit aucune.
    due: Du | None
    reste: Decimal
    est_prochaine: bool


def choisir(candidats: Sequence[Candidat], montant: Decimal) -> list[Candidat]:
    """Rend les échéances que ce montant peut vouloir payer ; s'il n'y en a qu'une, c'est elle.

    Ce sont celles qu'il solde, la première de chaque acte ; à défaut, les prochaines qu'il paie en
    partie ; à défaut, toutes les prochaines.
    """
    justes: dict[int, Candidat] = {}
    for un in candidats:
        if un.reste == montant:
            justes.setdefault(un.acte, un)
    prochaines = [un for un in candidats if un.est_prochaine]
    return list(justes.values()) or [un for un in prochaines if un.reste > montant] or prochaines


def ajouter(echeances: Sequence[Du], rang: int | None, montant: Decimal) -> list[Du]:
    """Rend les échéances une fois ce montant versé sur celle de ce rang."""
    return [
        Du(une.rang, une.sorte, une.montant, une.verse + montant) if une.rang == rang else une
        for une in echeances
    ]
