"""Le calcul des empreintes : ce qui lie chaque événement au précédent."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

ORIGINE = "0" * 64

# L'acte qui dit quels détails ont été effacés ; les siens restent, sinon plus rien ne le dirait.
EFFACEMENT = "journal.effacer_les_details"

CHAMPS_SCELLES = (
    "contrat",
    "rang",
    "instant",
    "utilisateur",
    "utilisateur_nom",
    "organisme",
    "organisme_nom",
    "action",
    "objet",
    "objet_nom",
    "empreinte_details",
    "empreinte_precedente",
)


def _canonique(contenu: Any) -> bytes:
    neutre = _neutre(contenu)
    return json.dumps(neutre, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _neutre(valeur: Any) -> Any:
    """Rend un nombre sans virgule en entier : PostgreSQL relit 1e16 et -0.0 autrement que SQLite."""
    if isinstance(valeur, Mapping):
        return {cle: _neutre(element) for cle, element in valeur.items()}
    if isinstance(valeur, (list, tuple)):
        return [_neutre(element) for element in valeur]
    if isinstance(valeur, float) and valeur.is_integer():
        return int(valeur)
    return valeur


def empreinte_details(sel: str, contenu: Mapping[str, Any]) -> str:
    """Rend l'empreinte salée des détails : la chaîne reste vérifiable quand on les efface."""
    return hashlib.sha256(sel.encode() + _canonique(contenu)).hexdigest()


def empreinte(valeurs: Mapping[str, Any]) -> str:
    """Rend l'empreinte d'un événement à partir de ses champs scellés, dans un ordre fixe.

    L'instant est écrit en UTC à la microseconde : la même valeur sur les deux moteurs.
    """
    scelles = dict(valeurs)
    scelles["instant"] = valeurs["instant"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(_canonique([str(scelles[champ]) for champ in CHAMPS_SCELLES])).hexdigest()
