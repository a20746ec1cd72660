"""Lire une ligne d'un fichier de paiement : une date, un montant, à quel acte elle va."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from parvis.conventions.rules.versements import Du

_FORMES = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")
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


@dataclass(frozen=True)
class Candidat:
    """Un acte auquel une ligne pourrait aller : ce qu'il doit, et ce que sa prochaine échéance doit."""

    acte: int
    reste: Decimal
    prochaine: Decimal


def choisir(candidats: Sequence[Candidat], montant: Decimal) -> int | None:
    """Rend l'acte d'une ligne : le seul, ou le seul dont la prochaine échéance est de ce montant."""
    if len(candidats) == 1:
        return candidats[0].acte
    dus = [un for un in candidats if un.reste > 0]
    if len(dus) == 1:
        return dus[0].acte
    justes = [un for un in dus if un.prochaine == montant]
    return justes[0].acte if len(justes) == 1 else None


def ajouter(echeances: Sequence[Du], rang: int | None, montant: Decimal) -> list[Du]:
    """Rend les échéances une fois ce montant versé sur celle de ce rang."""
    return [
        Du(une.rang, une.sorte, une.montant, une.verse + montant) if une.rang == rang else une
        for une in echeances
    ]
