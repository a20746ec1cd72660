"""Remet en place les déclencheurs SQL que chaque pièce déclare dans `sql/<moteur>/`.

SQLite perd en silence les déclencheurs d'une table que Django reconstruit : notre commande
`migrate` les repose tous, comme dernier acte (docs/adr/0003).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction

SEPARATEUR = "-- fin"
_MORCEAU = re.compile(r"^ *\{(?P<fichier>\w+) (?P<nom>\w+)=(?P<valeur>.+)\}\n", re.MULTILINE)


@dataclass(frozen=True)
class Declencheur:
    """Un déclencheur : son nom, sa table et les instructions SQL qui le créent."""

    nom: str
    table: str
    instructions: tuple[str, ...]


def declares(moteur: str) -> list[Declencheur]:
    """Rend les déclencheurs de toutes les pièces pour « sqlite » ou « postgresql ».

    Un fichier `sql/<moteur>/<nom>.sql` vaut pour chacune des tables que nomme sa première
    ligne (`-- tables: a, b`) ; `{table}` y est remplacé par la table. SQLite n'a pas de fonctions :
    ce que plusieurs y font s'écrit une fois dans `<morceau>.morceau`, et une ligne
    `{morceau nom=valeur}` l'y met, `{nom}` y devenant la valeur.
    """
    trouves = []
    for piece in apps.get_app_configs():
        for fichier in sorted((Path(piece.path) / "sql" / moteur).glob("*.sql")):
            entete, _, corps = fichier.read_text(encoding="utf-8").partition("\n")
            for table in entete.removeprefix("-- tables:").split(","):
                table = table.strip()
                sql = _avec_ses_morceaux(corps, fichier.parent).replace("{table}", table)
                morceaux = tuple(m.strip() for m in sql.split(SEPARATEUR) if m.strip())
                trouves.append(Declencheur(f"{table}_{fichier.stem}", table, morceaux))
    return trouves


def _avec_ses_morceaux(corps: str, dossier: Path) -> str:
    def ecrire(appel: re.Match[str]) -> str:
        morceau = (dossier / f"{appel['fichier']}.morceau").read_text(encoding="utf-8")
        return morceau.replace(f"{{{appel['nom']}}}", appel["valeur"])

    return _MORCEAU.sub(ecrire, corps)


def _des_tables(alias: str, tables: Collection[str] | None) -> list[Declencheur]:
    connexion = connections[alias]
    if tables is None:
        tables = set(connexion.introspection.table_names())
    return [d for d in declares(connexion.vendor) if d.table in tables]


def poser(alias: str = "default", tables: Collection[str] | None = None) -> list[str]:
    """Crée ou remplace les déclencheurs de ces tables, de toutes à défaut ; rend leurs noms."""
    poses = []
    for declencheur in _des_tables(alias, tables):
        # Remplacé d'un seul geste : jamais un instant sans lui, une seule table verrouillée.
        with transaction.atomic(using=alias), connections[alias].cursor() as curseur:
            for instruction in declencheur.instructions:
                curseur.execute(instruction)
        poses.append(declencheur.nom)
    return poses


def lever(alias: str = "default", tables: Collection[str] | None = None) -> None:
    """Retire les déclencheurs de ces tables, de toutes à défaut ; qui lève doit `poser` ensuite.

    SQLite refuse de refaire une table que nomme le déclencheur d'une autre : `migrate` les lève
    donc sur ce moteur, et sur lui seul.
    """
    connexion = connections[alias]
    with connexion.cursor() as curseur:
        for declencheur in _des_tables(alias, tables):
            table = "" if connexion.vendor == "sqlite" else f" ON {declencheur.table}"
            curseur.execute(f"DROP TRIGGER IF EXISTS {declencheur.nom}{table}")


def presents(alias: str = "default") -> set[str]:
    """Rend les noms des déclencheurs qui existent vraiment dans la base."""
    connexion = connections[alias]
    requete = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connexion.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connexion.cursor() as curseur:
        curseur.execute(requete)
        return {ligne[0] for ligne in curseur.fetchall()}
