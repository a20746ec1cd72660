"""Ce qu'une sauvegarde dit d'elle-même : d'où elle vient, et de quoi tout recompter."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from parvis.socle.refus import Refus

FORMAT = 1


@dataclass(frozen=True)
class Contenu:
    """Ce qui mesure une pièce de l'archive : ses octets, et leur somme SHA-256."""

    taille: int
    sha256: str


@dataclass(frozen=True)
class TableSauvee:
    """Les lignes d'une table : leur nombre, leur empreinte sur les deux moteurs, et leur pièce."""

    nombre: int
    empreinte: str
    suite: int | None
    colonnes: tuple[str, ...]
    contenu: Contenu


@dataclass(frozen=True)
class Manifeste:
    """Le manifeste d'une sauvegarde."""

    ecrite_le: str
    version: str
    commit: str
    moteur: str
    cles: tuple[str, ...]
    migrations: tuple[str, ...]
    tables: Mapping[str, TableSauvee]
    fichiers: Mapping[str, Contenu]
    tetes: Mapping[str, Mapping[str, Any]]
    manquants: tuple[str, ...] = ()
    format: int = field(default=FORMAT)

    @property
    def lignes(self) -> int:
        """Rend le nombre de lignes de toutes les tables."""
        return sum(table.nombre for table in self.tables.values())

    @property
    def origine(self) -> str:
        """Rend la version de Parvis qui l'a écrite : « 0.1.0 (3f2a…) »."""
        return f"{self.version} ({self.commit[:12]})" if self.commit else self.version

    def en_octets(self) -> bytes:
        """Rend le manifeste tel qu'il s'écrit et se scelle."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def lire_le_manifeste(octets: bytes) -> Manifeste:
    """Rend le manifeste écrit ; lève ValueError, KeyError ou TypeError s'il n'en est pas un.

    Lève Refus s'il est d'un format que ce code ne lit pas.
    """
    lu = json.loads(octets)
    if lu["format"] != FORMAT:
        raise Refus(
            [
                f"Cette sauvegarde est d’un autre format. Installez Parvis {lu['version']} pour la lire."
            ]
        )
    tables = {
        str(nom): TableSauvee(
            nombre=int(table["nombre"]),
            empreinte=str(table["empreinte"]),
            suite=None if table["suite"] is None else int(table["suite"]),
            colonnes=tuple(table["colonnes"]),
            contenu=Contenu(**table["contenu"]),
        )
        for nom, table in lu["tables"].items()
    }
    return Manifeste(
        ecrite_le=str(lu["ecrite_le"]),
        version=str(lu["version"]),
        commit=str(lu["commit"]),
        moteur=str(lu["moteur"]),
        cles=tuple(map(str, lu["cles"])),
        migrations=tuple(map(str, lu["migrations"])),
        tables=tables,
        fichiers={str(cle): Contenu(**contenu) for cle, contenu in lu["fichiers"].items()},
        tetes={str(contrat): dict(tete) for contrat, tete in lu["tetes"].items()},
        manquants=tuple(map(str, lu["manquants"])),
    )


def migrations_du_code() -> set[str]:
    """Rend les migrations que ce code connaît : « cadre.0001_initial »."""
    return {f"{piece}.{nom}" for piece, nom in MigrationLoader(None).graph.nodes}


def version_du_code() -> str:
    """Rend la version de Parvis installée, vide si rien ne la dit."""
    try:
        return version("parvis")
    except PackageNotFoundError:
        return ""


def commit_du_code() -> str:
    """Rend le commit du code s'il est dans un dépôt git, vide sinon."""
    if not (settings.RACINE / ".git").exists():
        return ""
    git = ["git", "-C", str(settings.RACINE), "rev-parse", "HEAD"]
    try:
        lu = subprocess.run(git, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return lu.stdout.strip()
