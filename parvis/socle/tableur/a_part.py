"""Un classeur se lit dans un autre processus, borné en mémoire et en temps.

Un classeur hostile ne fait tomber que le processus qui le lit ; celui qui attend reçoit une phrase.
"""

import json
import subprocess
import sys
from pathlib import Path

from parvis.socle.refus import Refus
from parvis.socle.tableur.modele import Nombre, Tableau

RACINE = Path(__file__).resolve().parents[3]
MEMOIRE_MAX = 1536 * 1024 * 1024
SECONDES_MAX = 90
TROP_LOURD = (
    "La lecture de ce classeur échoue ou demande trop de mémoire. "
    "Enregistrez sa première feuille au format CSV, puis donnez ce fichier."
)
_ENFANT = "from parvis.socle.tableur.a_part import enfant; enfant()"


def lire_a_part(octets: bytes, lignes_max: int) -> Tableau:
    """Rend le tableau d'un classeur lu dans un autre processus ; lève Refus."""
    commande = [sys.executable, "-c", _ENFANT, str(lignes_max)]
    try:
        fini = subprocess.run(  # noqa: S603 — notre propre module, le fichier par l'entrée
            commande,
            input=octets,
            cwd=RACINE,
            capture_output=True,
            timeout=SECONDES_MAX + 10,
            check=False,
        )
        rendu = json.loads(fini.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Refus([TROP_LOURD]) from None
    if "refus" in rendu:
        raise Refus(rendu["refus"])
    lignes = [[_cellule(cellule) for cellule in ligne] for ligne in rendu["lignes"]]
    return Tableau(rendu["colonnes"], lignes, "xlsx", premiere_ligne=rendu["premiere_ligne"])


def enfant() -> None:
    """Lit le classeur donné sur l'entrée et écrit son tableau, ou son refus, sur la sortie."""
    _borner()
    sys.stdout.write(json.dumps(_lire(sys.stdin.buffer.read(), int(sys.argv[1]))))


def _lire(octets: bytes, lignes_max: int) -> dict:
    from parvis.socle.tableur.classeur import lire_xlsx

    try:
        tableau = lire_xlsx(octets, lignes_max)
    except Refus as refus:
        return {"refus": refus.motifs}
    except MemoryError:
        return {"refus": [TROP_LOURD]}
    return {
        "colonnes": tableau.colonnes,
        "lignes": [[[c] if isinstance(c, Nombre) else c for c in li] for li in tableau.lignes],
        "premiere_ligne": tableau.premiere_ligne,
    }


def _cellule(recue: str | list[str]) -> str:
    """Rend une cellule transmise ; une liste d'un texte est un nombre du classeur."""
    return recue if isinstance(recue, str) else Nombre(recue[0])


def _borner() -> None:
    """Borne la mémoire et le temps de ce processus, là où le système le permet."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
