"""Modifier ce que le contrat sait d'un nom : deux écritures croisées se voient, aucune ne se perd."""

from collections.abc import Callable
from typing import Any

from django.forms import Form

from parvis.socle.refus import ConflitDeVersion, Refus

ENREGISTRE = "C’est enregistré."


def enregistrer(form: Form, action: Callable[..., Any], **autres: Any) -> dict[str, Any] | None:
    """Mène l'action d'un formulaire envoyé ; rend ce que la page montre d'un refus, rien sinon."""
    if not form.is_valid():
        return {"form": form}
    try:
        action(version=form.version, valeurs=form.valeurs(), **autres)
    except ConflitDeVersion as conflit:
        neuf, ecarts = form.croiser(conflit.courant)
        return {"form": neuf, "motifs": conflit.motifs, "ecarts": ecarts}
    except Refus as refus:
        return {"form": form, "motifs": refus.motifs}
    return None


def statut(refuse: dict[str, Any]) -> int:
    """Rend le code de la page : 409 si une autre personne a écrit, 422 si la saisie est refusée."""
    return 409 if "ecarts" in refuse else 422 if refuse else 200
