"""Écrit une mesure dans un document, entre deux marques, sans toucher au reste."""

import os
import platform
from pathlib import Path

from django.db import connection


def ecrire_section(fichier: Path, nom: str, contenu: str) -> None:
    """Remplace ce qui est entre `<!-- nom -->` et `<!-- /nom -->` ; ajoute les marques si besoin."""
    debut, fin = f"<!-- {nom} -->", f"<!-- /{nom} -->"
    texte = fichier.read_text(encoding="utf-8") if fichier.exists() else ""
    if debut not in texte or fin not in texte:
        texte = f"{texte.rstrip()}\n\n{debut}\n{fin}\n".lstrip()
    avant, _, reste = texte.partition(debut)
    _, _, apres = reste.partition(fin)
    fichier.write_text(f"{avant}{debut}\n{contenu.strip()}\n{fin}{apres}", encoding="utf-8")


def tableau(entetes: list[str], lignes: list[list[object]]) -> str:
    """Rend un tableau Markdown ; les nombres s'écrivent à la française."""
    rangees = [entetes, ["---"] * len(entetes), *lignes]
    return "\n".join(f"| {' | '.join(_ecrire(case) for case in rangee)} |" for rangee in rangees)


def _ecrire(case: object) -> str:
    return f"{case:.1f}".replace(".", ",") if isinstance(case, float) else str(case)


def machine() -> str:
    """Rend en une phrase ce sur quoi la mesure est faite."""
    moteur = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.vendor, connection.vendor
    )
    return (
        f"{moteur} {_version()}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cœurs"
    )


def _version() -> str:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return sqlite_version
    return ".".join(str(n) for n in connection.get_database_version())
