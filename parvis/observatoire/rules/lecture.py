"""Lire une case d'un fichier de chiffres, une période, l'échéance qui suit."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from parvis.observatoire.enums import Etat, Frequence

PERIODE = re.compile(r"(?:19|20)\d\d(?:-(?:T[1-4]|0[1-9]|1[0-2]))?")
# Ce que les services écrivent quand ils n'ont pas de valeur.
VIDES = frozenset({"", "nd", "n.d.", "n/d", "na", "n/a", "nc", "-", "–", ".", "…", "#n/a"})
# … et quand ils la taisent.
SECRETS = frozenset({"s", "c", "secret", "ss", "ns", "< 5", "<5", "< 11", "<11", "(s)"})
# Le plus grand nombre qu'une valeur garde.
MAXIMUM = Decimal(10) ** 13
MOIS = {
    Frequence.MENSUELLE: 1,
    Frequence.TRIMESTRIELLE: 3,
    Frequence.SEMESTRIELLE: 6,
    Frequence.ANNUELLE: 12,
}


class CaseIllisible(ValueError):
    """Une case qui n'est ni un nombre, ni vide, ni secrète."""


def lire_une_case(texte: str, marques_du_secret: frozenset[str]) -> tuple[Etat, Decimal | None]:
    """Rend l'état et la valeur d'une case ; lève CaseIllisible.

    Les marques du secret sont celles de la source, en minuscules : une case vide peut en être une.
    """
    propre = " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").split()).lower()
    if propre in marques_du_secret or propre in SECRETS:
        return Etat.SECRETE, None
    if propre in VIDES:
        return Etat.MANQUANTE, None
    nombre = propre.removesuffix("%").removesuffix("€").replace(" ", "").replace(",", ".")
    try:
        valeur = Decimal(nombre)
    except InvalidOperation:
        raise CaseIllisible(f"« {texte[:40]} » n’est pas un nombre") from None
    if not valeur.is_finite() or abs(valeur) >= MAXIMUM:
        raise CaseIllisible(f"« {texte[:40]} » n’est pas un nombre que l’on peut garder")
    return Etat.CONNUE, valeur.quantize(Decimal("0.0001"))


def est_une_periode(texte: str) -> bool:
    """Dit si un texte est une période : « 2018 », « 2018-T1 » ou « 2018-03 »."""
    return PERIODE.fullmatch(texte) is not None


def echeance_suivante(depuis: date, frequence: str) -> date | None:
    """Rend la date de la livraison d'après ; rien quand elle n'a lieu qu'une fois."""
    mois = MOIS.get(Frequence(frequence))
    if mois is None:
        return None
    rang = depuis.month - 1 + mois
    annee, numero = depuis.year + rang // 12, rang % 12 + 1
    # Le 31 d'un mois de trente jours est son dernier jour.
    for jour in range(depuis.day, 27, -1):
        try:
            return date(annee, numero, jour)
        except ValueError:
            continue
    return date(annee, numero, min(depuis.day, 28))
