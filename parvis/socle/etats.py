"""Dessine les états d'une pièce à partir de ses tables de passages, les mêmes que suit le code."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps

Passages = Mapping[Any, tuple[Any, ...]]


def tables() -> Iterator[tuple[str, Passages]]:
    """Rend chaque table `PASSAGES` avec son nom : la pièce, et le fichier si elle en a plusieurs."""
    for piece in apps.get_app_configs():
        if not piece.name.startswith("parvis.") or not find_spec(f"{piece.name}.rules"):
            continue
        loi = import_module(f"{piece.name}.rules")
        fichiers = [m.name for m in iter_modules(getattr(loi, "__path__", []))]
        modules = {piece.label: loi} | {
            f"{piece.label}-{nom}": import_module(f"{loi.__name__}.{nom}") for nom in fichiers
        }
        for nom, module in modules.items():
            if passages := getattr(module, "PASSAGES", None):
                yield nom, passages


def diagramme(nom: str, passages: Passages) -> str:
    """Rend la page Markdown d'une table : le premier état est celui du départ."""
    piece, _, fichier = nom.partition("-")
    lignes = [
        f"# États : {nom}",
        "",
        f"Écrit par `parvis dessiner_etats` depuis `PASSAGES` de "
        f"`parvis/{piece}/rules{'/' + fichier if fichier else ''}.py`. Ne pas corriger à la main.",
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
