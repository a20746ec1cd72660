"""Les formats compliqués se lisent dans un autre processus, borné en mémoire et en temps.

Un document hostile peut faire tomber une bibliothèque écrite en C ; il ne fait alors tomber que le
processus qui le lit, et celui qui attend reçoit une phrase.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import Anomalie

RACINE = Path(__file__).resolve().parents[4]
MEMOIRE_MAX = 1536 * 1024 * 1024
SECONDES_MAX = 120
TROP_LOURD = (
    "la lecture de ce document échoue ou demande trop de mémoire : enregistrez-le de nouveau, "
    "sans ses images, ou donnez son texte."
)
TROP_LONG = (
    f"la lecture de ce document dépasse {SECONDES_MAX} secondes : donnez son texte, ou un extrait."
)


def ouvrir_a_part(chemin: Path) -> Pivot:
    """Rend le pivot d'un document lu dans un autre processus ; lève DocumentIllisible."""
    commande = [
        sys.executable,
        "-m",
        "parvis.cadre.importation.formats.isolement",
        str(chemin.resolve()),
    ]
    try:
        fini = subprocess.run(  # noqa: S603 — notre propre module, un chemin en argument
            commande, cwd=RACINE, capture_output=True, timeout=SECONDES_MAX + 10, check=False
        )
    except subprocess.TimeoutExpired:
        raise DocumentIllisible(TROP_LONG) from None
    try:
        rendu = json.loads(fini.stdout)
    except ValueError:
        raise DocumentIllisible(TROP_LOURD) from None
    if "refus" in rendu:
        raise DocumentIllisible(rendu["refus"], rendu["ligne"])
    return Pivot(rendu["lignes"], rendu["reperes"], [Anomalie(**a) for a in rendu["anomalies"]])


def _borner() -> None:
    """Borne la mémoire et le temps de ce processus, là où le système le permet."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _lire(chemin: Path) -> dict:
    from parvis.cadre.importation.formats.ouverture import ouvrir_ici

    try:
        pivot = ouvrir_ici(chemin)
    except DocumentIllisible as refus:
        return {"refus": refus.texte, "ligne": refus.ligne}
    except MemoryError:
        return {"refus": TROP_LOURD, "ligne": 1}
    return {
        "lignes": pivot.lignes,
        "reperes": pivot.reperes,
        "anomalies": [asdict(anomalie) for anomalie in pivot.anomalies],
    }


if __name__ == "__main__":
    _borner()
    sys.stdout.write(json.dumps(_lire(Path(sys.argv[1]))))
