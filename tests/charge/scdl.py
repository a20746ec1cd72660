"""Vérifier cent mille lignes de subventions, 40 colonnes chacune, contre deux autres façons.

    python -m tests.charge.scdl [--ecrire]

`frictionless`, s'il est installé, reçoit le schéma tiré de nos colonnes ; il ne vérifie pas les clés des
Siret. La seconde lecture des tests interprète le même schéma, cellule par cellule, sans rien retenir.
"""

import csv
import io
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.charge import RAPPORT, preparer_django

LIGNES, NAIVES = 100_000, 10_000
DEBUT, FIN = "<!-- scdl -->", "<!-- /scdl -->"


def sirets(hasard: random.Random, nombre: int) -> list[str]:
    """Rend des Siret dont les clés tombent juste."""
    from stdnum import luhn

    rendus = []
    for _ in range(nombre):
        debut = f"{hasard.randrange(10**8):08d}"
        siren = debut + luhn.calc_check_digit(debut)
        nic = f"{siren}{hasard.randrange(10**4):04d}"
        rendus.append(nic + luhn.calc_check_digit(nic))
    return rendus


def fichier() -> bytes:
    """Rend un fichier juste : trente financeurs, dix mille bénéficiaires, chaque titre à lui."""
    from parvis.conventions.rules import scdl

    hasard = random.Random(1)
    jour = date(2026, 1, 1)
    donnent = [scdl.Organisation(f"Ville {n}", s) for n, s in enumerate(sirets(hasard, 30))]
    recoivent = [
        scdl.Organisation(f"Association {n}", s) for n, s in enumerate(sirets(hasard, 10_000))
    ]
    return scdl.ecrire(
        (
            scdl.Subvention(
                identifiant=f"banc-2026-{rang:06d}",
                dossier=f"banc-2026-{rang // 3:06d}",
                attribuant=hasard.choice(donnent),
                beneficiaire=hasard.choice(recoivent),
                exercice=hasard.randrange(2015, 2027),
                montant=Decimal(hasard.randrange(10_000, 9_000_000)) / 100,
                objet=f"Projet {rang}, au pied de la tour",
                votee_le=jour + timedelta(hasard.randrange(300)),
                signee_le=jour + timedelta(hasard.randrange(300)),
                reference=f"2026-{rang:06d}",
            )
            for rang in range(LIGNES)
        ),
        jour,
    )


def la_notre(texte: str) -> None:
    from parvis.conventions.rules.scdl_colonnes import COLONNES
    from parvis.conventions.rules.scdl_verification import ouvrir, valider

    ouvert = ouvrir(texte)
    assert valider(ouvert.entete, ouvert.lignes, COLONNES) == []


def la_naive(texte: str) -> None:
    from parvis.conventions.rules.scdl_colonnes import COLONNES
    from tests.conventions.scdl import de_colonnes, fautes

    entete, *lignes = list(csv.reader(io.StringIO(texte, newline="")))
    assert fautes(de_colonnes(COLONNES), entete, lignes[:NAIVES]) == set()


def avec_frictionless(texte: str) -> None:
    import frictionless

    from parvis.conventions.rules.scdl_colonnes import COLONNES
    from tests.conventions.scdl import de_colonnes

    schema = frictionless.Schema.from_descriptor(
        {
            "fields": [
                champ | {"constraints": {k: v for k, v in champ["constraints"].items() if v}}
                for champ in de_colonnes(COLONNES)["fields"]
            ]
        }
    )
    with tempfile.NamedTemporaryFile(suffix=".csv") as ecrit:
        Path(ecrit.name).write_text(texte, encoding="utf-8")
        frictionless.system.trusted = True
        rapport = frictionless.validate(ecrit.name, schema=schema)
    assert rapport.valid, rapport.flatten(["rowNumber", "fieldName", "note"])[:3]


def mesurer(faire: Callable[[str], None], texte: str) -> float:
    debut = time.perf_counter()
    faire(texte)
    return time.perf_counter() - debut


def main() -> None:
    preparer_django()
    texte = fichier().decode()
    vide = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    notre = mesurer(la_notre, texte)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lignes = [("la nôtre, clés des Siret comprises", LIGNES, notre)]
    lignes.append(("la seconde lecture des tests", NAIVES, mesurer(la_naive, texte)))
    try:
        import frictionless
    except ImportError:
        pass
    else:
        nom = f"frictionless {frictionless.__version__}, sans les clés"
        lignes.append((nom, LIGNES, mesurer(avec_frictionless, texte)))
    rapport = [
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}. "
        f"{LIGNES} lignes, 40 colonnes, {len(texte) / 1e6:.0f} Mo. Une mesure de chaque ; "
        f"la nôtre ajoute {max(memoire - vide, 0) / 1024:.0f} Mo à la mémoire.",
        "",
        "| vérification | lignes | durée (s) | lignes par s |",
        "| --- | --- | --- | --- |",
        *(
            f"| {nom} | {nombre} | {f'{duree:.1f}'.replace('.', ',')} | {nombre / duree:.0f} |"
            for nom, nombre, duree in lignes
        ),
    ]
    ecrit = "\n".join([DEBUT, *rapport, FIN])
    if "--ecrire" in sys.argv:
        ancien = RAPPORT.read_text(encoding="utf-8")
        avant, _, reste = ancien.partition(DEBUT)
        RAPPORT.write_text(avant + ecrit + reste.partition(FIN)[2], encoding="utf-8")
    print(ecrit)


if __name__ == "__main__":
    main()
