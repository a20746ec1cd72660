"""Numéros des enjeux et des fiches : ce qu'ils disent de leur parent."""

from __future__ import annotations

import re

Numero = int | str
_TETE = re.compile(r"(?P<tete>.*?)[.-]?\d+$")


def numero_d_enjeu(imprime: str) -> Numero:
    """Rend le numéro d'un enjeu : un entier quand c'en est un, sinon ce qui est imprimé (« 1.2 »)."""
    return int(imprime) if imprime.isdigit() else imprime


def numero_du_parent(numero: str) -> Numero | None:
    """Rend le numéro que celui d'une fiche porte en tête (« 1.2.3 » → « 1.2 », « A1 » → « A »)."""
    trouve = _TETE.match(numero)
    return numero_d_enjeu(trouve["tete"]) if trouve and trouve["tete"] else None


def cle_de_numero(numero: Numero) -> str:
    """Rend la clé d'un numéro, séparateurs confondus."""
    return re.sub(r"[.\s-]+", "-", str(numero)).upper()


def rang_final(numero: str) -> int | None:
    """Rend le dernier nombre d'un numéro, sinon rien."""
    trouve = re.search(r"(\d+)$", numero)
    return int(trouve.group(1)) if trouve else None
