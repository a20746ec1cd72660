"""L'argent : des Decimal au centime en Python, des centimes entiers en base, jamais de float.

SQLite compare les décimaux comme des flottants : `0.10 + 0.20 <= 0.30` y est faux. En centimes
entiers, les sommes et les contraintes sont exactes sur les deux moteurs.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.expressions import Combinable, register_combinable_fields

CENTIME = Decimal("0.01")
PLAFOND = Decimal("999999999.99")
INSECABLE = "\u00a0"
# Aucun montant ne s'écrit avec plus de signes.
LONGUEUR_MAX = 40

_ESPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_MONNAIE = re.compile(r"^(?:€|eur(?:os?)?\b) ?| ?(?:€|(?<![a-z])eur(?:os?)?)$", re.IGNORECASE)
_MOINS = re.compile(r"^[-\u2212\u2013] ?")
# Un espace ne vient jamais après la virgule : « 12,50 3 » est deux nombres.
_SIGNES = re.compile(r"[0-9]+(?: [0-9]+)*(?:[.,][0-9]+)*|[.,][0-9]+")
_MILLIERS = {
    signe: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(signe)}[0-9]{{3}})+") for signe in " .,"
}


class MontantIllisible(ValueError):
    """Un texte qui n'est pas un montant ; porte la phrase qui dit quoi écrire."""


def lire_montant(texte: str, *, negatif: bool = False) -> Decimal:
    """Rend le montant écrit, en euros et au centime ; lève MontantIllisible.

    Le signe qui vient en dernier sépare les centimes : « 1 000,50 », « 1.000,50 », « 1,000.50 »,
    « 1000.5 ». Seul devant trois chiffres, un point sépare les milliers (« 1.000 » vaut mille, comme
    dans les tableaux français) ; une virgule ne se devine pas (« 1,000 ») et se refuse.
    """
    propre = _ESPACES.sub(" ", texte).strip()
    nombre = _MONNAIE.sub("", propre, count=1).strip()
    sans_signe = _MOINS.sub("", nombre)
    if sans_signe != nombre and not negatif:
        raise MontantIllisible(
            f"{_cite(propre)} est négatif : écrivez un montant sans le signe moins."
        )
    valeur = lire_nombre(_MONNAIE.sub("", sans_signe, count=1).strip(), decimales=2)
    if valeur > PLAFOND:
        raise MontantIllisible(
            f"{_cite(propre)} est trop grand : le plus grand montant est {ecrire_montant(PLAFOND)}."
        )
    return (valeur if sans_signe == nombre else -valeur).quantize(CENTIME)


def lire_nombre(texte: str, *, decimales: int) -> Decimal:
    """Rend le nombre positif écrit à la française, sans monnaie ; lève MontantIllisible.

    Il lit les milliers et la virgule comme `lire_montant`, avec d'autres décimales au plus.
    """
    if not texte:
        raise MontantIllisible("Écrivez un montant, par exemple 1 250 ou 1 250,50.")
    if len(texte) > LONGUEUR_MAX or not _SIGNES.fullmatch(texte):
        raise MontantIllisible(
            f"{_cite(texte)} n’est pas un montant : écrivez par exemple 1 250 ou 1 250,50."
        )
    entier, signe, apres = _couper(texte)
    if len(apres) > decimales:
        raise MontantIllisible(
            f"{_cite(texte)} a trop de chiffres après la virgule : écrivez-en {decimales} au plus."
        )
    separateurs = {s for s in entier if s in " .,"}
    if len(separateurs) > 1 or any(not _MILLIERS[s].fullmatch(entier) for s in separateurs):
        raise MontantIllisible(
            f"Les chiffres de {_cite(texte)} ne vont pas par trois : "
            "écrivez par exemple 12 500 ou 12 500,50."
        )
    if signe and signe in separateurs:
        raise MontantIllisible(
            f"{_cite(texte)} a le même signe pour les milliers et pour les centimes : "
            "écrivez par exemple 1 000,50."
        )
    return Decimal(f"{re.sub('[ .,]', '', entier) or '0'}.{apres or '0'}")


def _couper(texte: str) -> tuple[str, str, str]:
    """Rend la partie entière, le signe et les décimales ; lève MontantIllisible devant « 1,000 »."""
    rang = max(texte.rfind("."), texte.rfind(","))
    if rang < 0:
        return texte, "", ""
    entier, signe, apres = texte[:rang], texte[rang], texte[rang + 1 :]
    if not _MILLIERS[signe].fullmatch(texte):
        return entier, signe, apres
    # Que des groupes de trois chiffres : « 1.000 », « 1.000.000 » et « 1,000,000 » sont des milliers.
    if signe == "." or signe in entier:
        return texte, "", ""
    raise MontantIllisible(
        f"{_cite(texte)} se lit de deux façons : écrivez {texte.replace(',', ' ')} pour des milliers, "
        f"ou {entier},{apres[:2]} avec deux chiffres pour les centimes."
    )


def _cite(texte: str) -> str:
    court = texte if len(texte) <= LONGUEUR_MAX else f"{texte[:LONGUEUR_MAX]}…"
    return f"«{INSECABLE}{court}{INSECABLE}»"


def ecrire_montant(montant: Decimal | int, *, court: bool = False) -> str:
    """Rend un montant à la française : « 12 345,00 € » ; court, sans les centimes s'ils sont nuls.

    Au-delà du centime, il arrondit au plus proche, le demi-centime vers le haut. Un float lève TypeError.
    """
    if isinstance(montant, float):
        raise TypeError("Un montant est un Decimal, jamais un float.")
    rond = Decimal(montant).quantize(CENTIME, ROUND_HALF_UP)
    entier, _, centimes = format(abs(rond), "f").partition(".")
    groupes = f"{int(entier):,}".replace(",", INSECABLE)
    suite = "" if court and centimes == "00" else f",{centimes}"
    return f"{'-' if rond < 0 else ''}{groupes}{suite}{INSECABLE}€"


def repartir(total: Decimal, poids: Sequence[Decimal | int]) -> list[Decimal]:
    """Partage un total selon des poids, au centime près ; la somme des parts est le total, exactement.

    Les centimes qui restent vont aux plus grands restes, puis aux premiers. Lève ValueError si un
    poids est négatif, si tous sont nuls ou si le total n'est pas au centime.
    """
    if any(un < 0 for un in poids) or not any(poids):
        raise ValueError("Il faut au moins un poids, et aucun négatif.")
    centimes = _en_centimes(abs(total))
    justes = [Fraction(un) * centimes / sum(map(Fraction, poids)) for un in poids]
    parts = [int(juste) for juste in justes]
    par_reste = sorted(range(len(poids)), key=lambda rang: parts[rang] - justes[rang])
    for rang in par_reste[: centimes - sum(parts)]:
        parts[rang] += 1
    return [_en_euros(part if total >= 0 else -part) for part in parts]


def _en_centimes(montant: Decimal) -> int:
    """Rend les centimes d'un montant ; lève ValueError s'il n'est pas au centime."""
    centimes = Fraction(montant) * 100
    if centimes.denominator != 1:
        raise ValueError("Un montant a deux chiffres après la virgule au plus.")
    return centimes.numerator


def _en_euros(centimes: int) -> Decimal:
    return Decimal(centimes).scaleb(-2)


class ChampMontant(forms.CharField):
    """La case d'un montant : on y écrit à la française, elle rend un Decimal ou None."""

    def __init__(self, *, negatif: bool = False, **options: Any) -> None:
        self.negatif = negatif
        options.pop("max_length", None)
        super().__init__(**{"empty_value": None, **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        texte = super().to_python(value)
        if texte is None:
            return None
        try:
            return lire_montant(texte, negatif=self.negatif)
        except MontantIllisible as erreur:
            raise ValidationError(str(erreur), code="illisible") from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return ecrire_montant(value, court=True).removesuffix(f"{INSECABLE}€")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return not self.disabled and bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Pas de type="number" : il refuse la virgule et les espaces.
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


class MontantField(models.Field):
    """Un montant en euros : Decimal à deux décimales en Python, centimes entiers (bigint) en base.

    Les sommes, les comparaisons et `F()` entre montants sont exactes. Dans une expression, un montant
    s'écrit `en_base(Decimal("1.00"))` : un nombre seul y serait des centimes. `negatif=True`
    l'autorise sous zéro.
    """

    _pyi_private_set_type: Decimal
    _pyi_private_get_type: Decimal

    description = "Montant en euros"
    default_error_messages = {
        "nature": "Un montant est un nombre décimal au centime, jamais un nombre à virgule flottante.",
        "centimes": "Un montant a deux chiffres après la virgule au plus.",
        "illisible": "Ce n’est pas un montant.",
    }

    def __init__(self, *args: Any, negatif: bool = False, **options: Any) -> None:
        self.negatif = negatif
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        nom, chemin, args, options = super().deconstruct()
        return nom, chemin, args, {**options, "negatif": True} if self.negatif else options

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    @cached_property
    def validators(self) -> list[Any]:  # type: ignore[override]
        plus_bas = -PLAFOND if self.negatif else Decimal(0)
        sous = f"Ce montant est trop bas : le plus bas est {ecrire_montant(plus_bas, court=True)}."
        return [
            *super().validators,
            MinValueValidator(plus_bas, sous if self.negatif else "Un montant n’est pas négatif."),
            MaxValueValidator(
                PLAFOND,
                f"Ce montant est trop grand : le plus grand est {ecrire_montant(PLAFOND)}.",
            ),
        ]

    def to_python(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        # Un texte vient d'une sauvegarde, en écriture de machine ; le formulaire lit le français.
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,17}(\.[0-9]+)?", value):
            value = Decimal(value)
        if isinstance(value, bool | float):
            raise ValidationError(self.error_messages["nature"], code="nature")
        if not isinstance(value, int | Decimal) or (
            isinstance(value, Decimal) and not value.is_finite()
        ):
            raise ValidationError(self.error_messages["illisible"], code="illisible")
        try:
            return _en_euros(_en_centimes(Decimal(value)))
        except ValueError:
            raise ValidationError(self.error_messages["centimes"], code="centimes") from None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if isinstance(value, float):
            raise TypeError(f"{self.name} : {self.error_messages['nature']}")
        if value is None or hasattr(value, "resolve_expression"):
            return value
        montant = self.to_python(value)
        return None if montant is None else _en_centimes(montant)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        centimes = super().get_db_prep_value(value, connection, prepared)
        return connection.ops.adapt_integerfield_value(centimes, self.get_internal_type())

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # SQLite et PostgreSQL prendraient bien plus : rien ne s'écrit au-delà du plafond.
        if isinstance(value, int | Decimal) and not -PLAFOND <= value <= PLAFOND:
            raise ValueError(f"{self.name} : aucun montant ne dépasse {ecrire_montant(PLAFOND)}.")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        # Une somme est un numeric sur PostgreSQL ; Django coupe une moyenne au centime du dessous.
        return None if value is None else _en_euros(int(value))

    def formfield(self, **options: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": ChampMontant, "negatif": self.negatif, **options})


def en_base(montant: Decimal | int) -> models.Value:
    """Rend un montant à mettre dans une expression : `F("accorde") + en_base(Decimal("1.00"))`."""
    return models.Value(montant, output_field=MontantField())


# Ce que Django peut déduire : un montant plus un montant, ou multiplié par un nombre entier. Le reste
# (un montant plus un nombre) lève FieldError : l'un est en centimes, l'autre non.
for _signe in (Combinable.ADD, Combinable.SUB):
    register_combinable_fields(MontantField, _signe, MontantField, MontantField)
register_combinable_fields(MontantField, Combinable.MUL, models.IntegerField, MontantField)
register_combinable_fields(models.IntegerField, Combinable.MUL, MontantField, MontantField)
