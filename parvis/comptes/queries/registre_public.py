"""Ce que le registre public dit d'un organisme ; l'écran continue sans lui."""

from dataclasses import dataclass, field
from typing import Any

from parvis.connecteurs.recherche_entreprises import (
    EntrepriseTrouvee,
    RechercheIndisponible,
    chercher_un_nom,
    chercher_un_numero,
)
from parvis.organismes.actions.reprise import valeurs_de
from parvis.organismes.rules.numeros import numero_cherche


@dataclass(frozen=True)
class Registre:
    """Ce que le registre a rendu, ou pourquoi il n'a rien dit."""

    trouvees: list[EntrepriseTrouvee] = field(default_factory=list)
    absence: str = ""


def au_registre(question: str) -> Registre:
    """Cherche un nom ou un numéro dans le registre public ; n'échoue jamais."""
    numero = numero_cherche(question)
    try:
        if numero and len(numero.debut) in (9, 10, 14):
            return Registre(chercher_un_numero(numero.debut))
        return Registre(chercher_un_nom(question))
    except RechercheIndisponible as panne:
        return Registre(absence=str(panne))


def valeurs_du_registre(numero: str) -> tuple[dict[str, Any], str]:
    """Rend les valeurs d'un organisme d'après son numéro, et pourquoi il n'y en a pas."""
    if not numero:
        return {}, ""
    registre = au_registre(numero)
    if registre.trouvees:
        return valeurs_de(registre.trouvees[0]), ""
    return {}, registre.absence or "Le registre public ne connaît pas ce numéro."
