"""Sauver et restaurer cent mille lignes et vingt mégaoctets de fichiers, contre ce que chaque moteur sait.

    [PARVIS_BASE=postgres://…] python -m tests.charge.sauvegarde

Les autres façons ne recomptent rien : `backup` de SQLite et la copie du dossier, `pg_dump` et `pg_restore`,
`dumpdata` et `loaddata` de Django. Chaque commande est un processus, mesuré entier.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests.charge import RACINE, RAPPORT, base_neuve, preparer_django

ACTES, ADRESSES, FICHIERS, POIDS = 40_000, 20_000, 200, 75_000
PYTHON = [sys.executable]
PARVIS = [*PYTHON, "manage.py"]
# Nos déclencheurs refuseraient les lignes de `loaddata` : les lever est à la charge de qui s'en sert.
CHARGER = (
    "import django, sys; django.setup()\n"
    "from django.core.management import call_command\n"
    "from parvis.socle import declencheurs\n"
    "declencheurs.lever(); call_command('loaddata', sys.argv[1], verbosity=0); declencheurs.poser()"
)
# Un petit processus lance et mesure : l'enfant d'un gros en hériterait la mémoire.
CHRONOMETRER = (
    "import os, subprocess, sys, time\n"
    "debut = time.perf_counter()\n"
    "lance = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    "_, code, usage = os.wait4(lance.pid, 0)\n"
    "duree, processeur = time.perf_counter() - debut, usage.ru_utime + usage.ru_stime\n"
    "print(duree, processeur, usage.ru_maxrss, file=sys.stderr)\n"
    "sys.exit(os.waitstatus_to_exitcode(code))"
)
SANS_DEBIT = ("démarrer", "créer")
EXCLUS = ["contenttypes", "auth.permission", "sessions", "axes"]


def remplir() -> int:
    """Écrit de quoi sauver, et rend le nombre de lignes."""
    from django.db import transaction

    from parvis.comptes.acteur import Acteur
    from parvis.territoires.models import Adresse, Commune
    from tests.fabriques.fichiers import fichier
    from tests.fabriques.journal import long_journal

    with transaction.atomic():
        long_journal("banc-d-essai", ACTES)
        ville = Commune.objects.create(code="94081", nom="Vitry", departement="94")
        Adresse.objects.bulk_create(
            Adresse(
                cle=str(n), commune=ville, numero=n, voie="Rue des Œillets", lon=2.4, lat=n / 1e6
            )
            for n in range(ADRESSES)
        )
        for rang in range(FICHIERS):
            fichier(Acteur.machine("banc"), f"{rang}.pdf", b"%PDF" + os.urandom(POIDS))
    return 2 * ACTES + ADRESSES + FICHIERS


def mener(commande: list[str], **environnement: str) -> tuple[float, float, float]:
    """Rend ce qu'une commande a pris, en tout et au processeur, et sa mémoire au plus haut, en Mo."""
    lance = subprocess.run(
        [*PYTHON, "-c", CHRONOMETRER, *commande],
        cwd=RACINE,
        env=os.environ | environnement,
        stderr=subprocess.PIPE,
        text=True,
    )
    if lance.returncode:
        raise SystemExit(f"{commande} a échoué : {lance.stderr}")
    duree, processeur, memoire = map(float, lance.stderr.split()[-3:])
    return duree, processeur, memoire / 1024


def mesures(source: Path, ou: Path, neuves: list[dict[str, str]]) -> Iterator[tuple]:
    """Rend chaque mesure : ce qui se fait, ses temps, sa mémoire, et ce que pèse ce qui est écrit."""
    from django.db import connection

    zip_, json_ = ou / "parvis.zip", ou / "lignes.json.gz"
    yield "démarrer une commande (borne basse)", *mener([*PARVIS, "help", "sauvegarder"]), None
    yield "`parvis sauvegarder`", *mener([*PARVIS, "sauvegarder", str(zip_)]), zip_
    yield (
        "`parvis restaurer --verifier`",
        *mener([*PARVIS, "restaurer", "--verifier", str(zip_)]),
        None,
    )
    duree = mener([*PARVIS, "migrate", "-v0"], **neuves[0])
    yield "créer les tables d’une base neuve", *duree, None
    yield (
        "`parvis restaurer`, tables créées",
        *mener([*PARVIS, "restaurer", str(zip_)], **neuves[0]),
        None,
    )
    if connection.vendor == "sqlite":
        base = connection.settings_dict["NAME"]
        copier = (
            "import sqlite3, shutil; "
            f"sqlite3.connect('{base}').backup(sqlite3.connect('{ou}/copie.sqlite3'));"
            f"shutil.copytree('{source}/fichiers', '{ou}/copie')"
        )
        yield (
            "`backup` de SQLite, et copie des fichiers",
            *mener([*PYTHON, "-c", copier]),
            ou / "copie.sqlite3",
        )
    else:
        dump, vers = f"{ou}/parvis.dump", adresse_pg(neuves[1]["PARVIS_BASE"])
        ecrire = [
            "pg_dump",
            "--format=custom",
            f"--file={dump}",
            adresse_pg(os.environ["PARVIS_BASE"]),
        ]
        yield "`pg_dump`, sans les fichiers", *mener(ecrire), Path(dump)
        yield (
            "`pg_restore`, sans les fichiers",
            *mener(["pg_restore", f"--dbname={vers}", dump]),
            None,
        )
    ecrire = [*PARVIS, "dumpdata", "--output", str(json_), *(f"--exclude={nom}" for nom in EXCLUS)]
    yield "`dumpdata` de Django, sans les fichiers", *mener(ecrire), json_
    mener([*PARVIS, "migrate", "-v0"], **neuves[2])
    lire = [*PYTHON, "-c", CHARGER, str(json_)]
    yield "`loaddata` de Django, tables créées, sans les fichiers", *mener(lire, **neuves[2]), None


def adresse_pg(base: str) -> str:
    return urlsplit(base)._replace(scheme="postgresql").geturl()


def main() -> None:
    with tempfile.TemporaryDirectory() as dossier, ExitStack() as pile:
        ou = Path(dossier)
        bases = [pile.enter_context(base_neuve(dossier, f"sauvegarde_{n}")) for n in range(4)]
        os.environ |= {
            "PARVIS_VAR": f"{ou}/source",
            "PARVIS_BASE": bases[0],
            "PARVIS_CLE_SECRETE": "banc-d-essai-" * 5,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        neuves = [{"PARVIS_BASE": b, "PARVIS_VAR": f"{ou}/{n}"} for n, b in enumerate(bases[1:])]
        mener([*PARVIS, "migrate", "-v0"])
        preparer_django()
        from parvis.socle.rapport import ecrire_section, machine, tableau

        nombre, moteur = remplir(), machine()
        rangees = [
            [
                nom,
                duree,
                processeur,
                round(memoire),
                f"{poids.stat().st_size / 1e6:.0f}" if poids else "",
            ]
            for nom, duree, processeur, memoire, poids in mesures(ou / "source", ou, neuves)
        ]
        for rangee in rangees:
            rangee.append("" if rangee[0].startswith(SANS_DEBIT) else round(nombre / rangee[1]))
    entetes = [
        "mesure",
        "durée (s)",
        "processeur (s)",
        "mémoire au plus (Mo)",
        "écrit (Mo)",
        "lignes par s, démarrage compris",
    ]
    rapport = (
        f"{moteur}. {nombre} lignes, {FICHIERS} fichiers de {POIDS // 1000} ko, chiffrés. "
        f"Une mesure de chaque.\n\n{tableau(entetes, rangees)}"
    )
    ecrire_section(
        RAPPORT, f"sauvegarde, {'PostgreSQL' if 'Postgre' in moteur else 'SQLite'}", rapport
    )
    print(rapport)


if __name__ == "__main__":
    main()
