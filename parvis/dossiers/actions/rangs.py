"""Le rang et la clé d'une ligne que l'on ajoute à une liste."""

from typing import Any

from parvis.socle.texte import adresse


def rang_suivant(lignes: Any) -> int:
    """Rend le rang qui suit le dernier."""
    dernier = lignes.order_by("-rang").values_list("rang", flat=True).first()
    return (dernier or 0) + 1


def cle_libre(texte: str, lignes: Any) -> str:
    """Rend une clé tirée d'un texte, que nulle ligne ne porte."""
    base = adresse(texte, 50) or "sans-nom"
    prises = set(lignes.values_list("cle", flat=True))
    essais = [base, *(f"{base}-{rang}" for rang in range(2, len(prises) + 2))]
    return next(essai for essai in essais if essai not in prises)
