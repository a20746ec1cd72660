"""La case d'un montant : on y tape un nombre, ou le petit calcul qui le donne.

Une descente récursive sur quatre opérations ; rien n'est exécuté. Les calculs sont exacts (fractions)
et seul le résultat s'arrondit.
"""

import re
from decimal import Decimal
from fractions import Fraction

from parvis.socle.montants import (
    LONGUEUR_MAX,
    PLAFOND,
    MontantIllisible,
    ecrire_montant,
    lire_montant,
    lire_nombre,
)

SIGNES_MAX = 200
PARENTHESES_MAX = 10
# Un tarif au kilomètre ou un taux horaire a plus de deux décimales.
DECIMALES_MAX = 6

_ESPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_JETON = re.compile(
    r" *(?:(?P<nombre>[0-9]+(?:[ .,][0-9]+)*|[.,][0-9]+)(?P<monnaie> ?(?:€|eur(?:os?)?\b))?"
    r"|(?P<signe>[-+*/()%]|de\b))",
    re.IGNORECASE,
)
# Les signes des claviers et des tableurs ; la lettre x ne multiplie qu'entre deux nombres.
_SYNONYMES = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
_FOIS = re.compile(r"(?<=[0-9)€%rRsS]) ?[xX] ?(?=[-0-9(.,])")


class FormuleIllisible(ValueError):
    """Un texte qui n'est ni un montant ni un calcul ; porte la phrase qui dit pourquoi."""


def calculer(texte: str) -> Decimal:
    """Rend le montant d'une case : « 1 250,50 », « 12*2*25 », « 3 x 4,50 », « 15 % de 2 000 ».

    Le résultat s'arrondit au centime le plus proche, le demi-centime vers le haut. Lève
    FormuleIllisible s'il ne se lit pas, s'il est négatif ou s'il dépasse le plafond d'un montant.
    """
    propre = _ESPACES.sub(" ", texte).strip().removeprefix("=").strip()
    if not propre:
        raise FormuleIllisible("La case est vide : écrivez un montant ou un calcul.")
    if len(propre) > SIGNES_MAX:
        raise FormuleIllisible(f"Ce calcul est trop long : gardez {SIGNES_MAX} signes au plus.")
    calcul = _FOIS.sub("*", propre).translate(_SYNONYMES)
    if not re.search(r"[*/()%+-]", calcul):
        return _lire_un_montant(propre)
    valeur = _Lecture(_jetons(calcul)).tout()
    if valeur < 0:
        raise FormuleIllisible("Ce calcul donne un montant négatif : vérifiez l’ordre des nombres.")
    centimes = (valeur * 100 + Fraction(1, 2)).__floor__()
    montant = Decimal(centimes).scaleb(-2)
    if montant > PLAFOND:
        raise FormuleIllisible(
            f"Ce calcul donne trop : le plus grand montant est {ecrire_montant(PLAFOND)}."
        )
    return montant


def _lire_un_montant(texte: str) -> Decimal:
    # Un montant seul se lit comme partout ailleurs, avec les mêmes refus.
    try:
        return lire_montant(texte)
    except MontantIllisible as erreur:
        raise FormuleIllisible(str(erreur)) from None


def _jetons(calcul: str) -> list[str | Fraction]:
    """Coupe un calcul en nombres et en signes ; « 15 % de » se réduit à « % » et « * »."""
    jetons: list[str | Fraction] = []
    place = 0
    while place < len(calcul):
        trouve = _JETON.match(calcul, place)
        if trouve is None:
            reste = calcul[place:].strip()[:LONGUEUR_MAX]
            raise FormuleIllisible(
                f"«\u00a0{reste}\u00a0» ne se calcule pas : écrivez des nombres, + - × / et des "
                "parenthèses, par exemple 12 × 2 × 25."
            )
        place = trouve.end()
        if trouve["nombre"]:
            try:
                jetons.append(Fraction(lire_nombre(trouve["nombre"], decimales=DECIMALES_MAX)))
            except MontantIllisible as erreur:
                raise FormuleIllisible(str(erreur)) from None
        elif trouve["signe"].lower() == "de":
            if not jetons or jetons[-1] != "%":
                raise FormuleIllisible("« de » ne va qu’après un pourcentage : 15 % de 2 000.")
            jetons.append("*")
        else:
            jetons.append(trouve["signe"])
    return jetons


class _Lecture:
    """Les jetons d'un calcul, lus de gauche à droite selon la priorité des opérations."""

    def __init__(self, jetons: list[str | Fraction]) -> None:
        self._jetons = jetons
        self._rang = 0
        self._ouvertes = 0

    def tout(self) -> Fraction:
        """Rend la valeur du calcul entier ; lève FormuleIllisible s'il reste quelque chose."""
        valeur = self._somme()
        if self._rang < len(self._jetons):
            suivant = self._jetons[self._rang]
            if suivant == ")":
                raise FormuleIllisible("Une parenthèse se ferme sans s’être ouverte.")
            raise FormuleIllisible("Il manque un signe entre deux nombres : + - × ou /.")
        return valeur

    def _prendre(self, *signes: str) -> str:
        """Rend le signe suivant s'il est de ceux-là, et avance ; sinon rien."""
        if self._rang < len(self._jetons):
            suivant = self._jetons[self._rang]
            if isinstance(suivant, str) and suivant in signes:
                self._rang += 1
                return suivant
        return ""

    def _somme(self) -> Fraction:
        valeur = self._produit()
        while signe := self._prendre("+", "-"):
            terme = self._produit()
            valeur = valeur + terme if signe == "+" else valeur - terme
        return valeur

    def _produit(self) -> Fraction:
        valeur, taux = self._facteur()
        seul = taux
        while signe := self._prendre("*", "/"):
            facteur, taux = self._facteur()
            seul = False
            if signe == "*":
                valeur *= facteur
            elif facteur:
                valeur /= facteur
            else:
                raise FormuleIllisible("On ne peut pas diviser par zéro.")
        if seul:
            # « 2 000 + 10 % » vaut 2 200 sur une calculette et 2 000,10 sur le papier.
            raise FormuleIllisible("Dites de quoi est ce pourcentage : 15 % de 2 000.")
        return valeur

    def _facteur(self) -> tuple[Fraction, bool]:
        """Rend le nombre ou la parenthèse qui vient, et dit si c'est un pourcentage."""
        signe = -1 if self._prendre("+", "-") == "-" else 1
        if self._prendre("("):
            self._ouvertes += 1
            if self._ouvertes > PARENTHESES_MAX:
                raise FormuleIllisible(
                    f"Ce calcul a trop de parenthèses : {PARENTHESES_MAX} l’une dans l’autre au plus."
                )
            valeur = self._somme()
            if not self._prendre(")"):
                raise FormuleIllisible("Il manque une parenthèse fermante, ou un signe.")
            self._ouvertes -= 1
        else:
            valeur = self._nombre()
        taux = bool(self._prendre("%"))
        return (signe * valeur / 100 if taux else signe * valeur), taux

    def _nombre(self) -> Fraction:
        suivant = self._jetons[self._rang] if self._rang < len(self._jetons) else ""
        if isinstance(suivant, str):
            avant = (
                f"après «\u00a0{self._jetons[self._rang - 1]}\u00a0»" if self._rang else "au début"
            )
            raise FormuleIllisible(f"Il manque un nombre {avant}.")
        self._rang += 1
        return suivant
