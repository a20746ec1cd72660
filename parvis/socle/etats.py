"""Dessine les états d'une pièce à partir de sa table de passages, la même que suit le code."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

Passages = Mapping[Any, tuple[Any, ...]]


def tables() -> Iterator[tuple[str, Passages]]:
    """Rend la table `PASSAGES` de chaque pièce qui en a une, avec le nom de la pièce."""
    for piece in apps.get_app_configs():
        if piece.name.startswith("parvis.") and find_spec(f"{piece.name}.rules"):
            passages = getattr(import_module(f"{piece.name}.rules"), "PASSAGES", None)
            if passages:
                yield piece.label, passages


def diagramme(piece: str, passages: Passages) -> str:
    """Rend la page Markdown d'une table : le premier état est celui du départ."""
    lignes = [
        f"# États : {piece}",
        "",
        f"Écrit par `parvis dessiner_etats` depuis `PASSAGES` de `parvis/{piece}/rules.py`. "
        "Ne pas corriger à la main.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lignes += [f"    {etat.value} : {etat.label}" for etat in passages]
    lignes.append(f"    [*] --> {next(iter(passages)).value}")
    for depuis, vises in passages.items():
        lignes += [f"    {depuis.value} --> {vers.value}" for vers in vises]
        if not vises:
            lignes.append(f"    {depuis.value} --> [*]")
    return "\n".join([*lignes, "```", ""])
