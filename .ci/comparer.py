"""Compare deux bases, ligne à ligne, sans rien du code de Parvis : ni ses modèles, ni ses commandes.

    comparer.py BASE AUTRE_BASE

Une base est un chemin de fichier SQLite, ou une adresse postgresql://. Finit en erreur au premier écart, et
le nomme. Ce que la sauvegarde laisse est nommé ici une seconde fois, à la main : un oubli d'un côté se voit.
"""

import hashlib
import json
import sqlite3
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import psycopg

LAISSEES = {
    "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog",
    "django_migrations", "django_session", "parvis_cache", "sqlite_sequence", "travaux_bail",
}  # fmt: skip
Base = dict[str, tuple[list[str], list[tuple]]]


def de_sqlite(chemin: str) -> Base:
    """Rend, par table, ses colonnes et ses lignes, telles que SQLite les garde."""
    c = sqlite3.connect(f"file:{chemin}?mode=ro", uri=True)
    noms = [n for (n,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    base = {}
    for nom in noms:
        lu = c.execute(f'SELECT * FROM "{nom}"')  # noqa: S608
        base[nom] = [colonne[0] for colonne in lu.description], lu.fetchall()
    return base


def de_postgresql(adresse: str) -> tuple[Base, dict[str, dict[str, str]]]:
    """Rend de même une base PostgreSQL, et la sorte de chaque colonne."""
    base, sortes = {}, {}
    with psycopg.connect(adresse) as c:
        c.execute("SET TimeZone = 'UTC'")
        lues = c.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        ).fetchall()
        for table, colonne, sorte in lues:
            sortes.setdefault(table, {})[colonne] = sorte
        for nom in sortes:
            lu = c.execute(f'SELECT * FROM "{nom}"')  # noqa: S608
            base[nom] = [colonne.name for colonne in lu.description], lu.fetchall()
    return base, sortes


def neutre(valeur, sorte: str):
    """Rend une valeur sous une forme qui ne dépend pas du moteur ; `sorte` est celle de PostgreSQL."""
    if valeur is None:
        return None
    if sorte == "timestamp with time zone":
        lu = datetime.fromisoformat(valeur) if isinstance(valeur, str) else valeur
        return (lu.replace(tzinfo=UTC) if lu.tzinfo is None else lu).astimezone(UTC).isoformat()
    if sorte == "jsonb":
        return neutre_json(json.loads(valeur) if isinstance(valeur, str) else valeur)
    if sorte == "numeric":
        return str(Decimal(str(valeur)).normalize())
    if isinstance(valeur, UUID):
        return valeur.hex
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, (bytes, memoryview)):
        return bytes(valeur).hex()
    return int(valeur) if isinstance(valeur, bool) else valeur


def neutre_json(valeur):
    """Rend un JSON dont les nombres entiers s'écrivent d'une seule façon."""
    if isinstance(valeur, dict):
        return {cle: neutre_json(element) for cle, element in valeur.items()}
    if isinstance(valeur, list):
        return [neutre_json(element) for element in valeur]
    return int(valeur) if isinstance(valeur, float) and valeur.is_integer() else valeur


def empreinte(colonnes: list[str], lignes: list[tuple], sortes: dict[str, str]) -> str:
    """Rend l'empreinte des lignes d'une table, où qu'elles soient rangées."""
    ordre = sorted(range(len(colonnes)), key=lambda rang: colonnes[rang])
    ecrites = sorted(
        json.dumps([neutre(ligne[r], sortes.get(colonnes[r], "")) for r in ordre], sort_keys=True)
        for ligne in lignes
    )
    return hashlib.sha256("\n".join([*sorted(colonnes), *ecrites]).encode()).hexdigest()


def main(*adresses: str) -> None:
    lues, sortes = [], {}
    for adresse in adresses:
        if adresse.startswith("postgres"):
            base, sortes = de_postgresql(adresse)
            lues.append(base)
        else:
            lues.append(de_sqlite(adresse))
    une, autre = ({nom: b[nom] for nom in b.keys() - LAISSEES} for b in lues)
    if ecart := une.keys() ^ autre.keys():
        sys.exit(f"Des tables ne sont que d'un côté : {', '.join(sorted(ecart))}.")
    total = hashlib.sha256()
    for nom in sorted(une):
        a, b = (empreinte(*base[nom], sortes.get(nom, {})) for base in (une, autre))
        if a != b:
            sys.exit(f"La table {nom} diffère : {len(une[nom][1])} et {len(autre[nom][1])} lignes.")
        total.update(a.encode())
    nombre = sum(len(lignes) for _, lignes in une.values())
    if not nombre:
        sys.exit("Il n'y a rien à comparer.")
    print(f"{len(une)} tables, {nombre} lignes, les mêmes : {total.hexdigest()[:16]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
