"""Lire un fichier étranger dans un autre processus, borné en mémoire et en temps (docs/adr/0017).

Un fichier hostile peut faire tomber une bibliothèque écrite en C ; il ne fait alors tomber que le
processus qui le lit.
"""

import importlib
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
MEMOIRE_MAX = 1536 * 1024 * 1024
SECONDES_MAX = 90
# Le temps de démarrer, au-delà du temps de calcul permis.
_MARGE = 10
_ENFANT = "from parvis.socle.a_part import enfant; enfant()"


class LectureTombee(Exception):
    """Le processus qui lisait est tombé, ou a voulu trop de mémoire ou de temps."""


def mener_a_part(
    module: str, octets: bytes, *arguments: str, secondes: int = SECONDES_MAX
) -> bytes:
    """Rend ce que `lire_ici(octets, *arguments)` de ce module rend, dans un autre processus.

    Lève LectureTombee s'il n'en revient rien.
    """
    # Ici et non en tête : l'enfant, qui charge ce module pour chaque fichier lu, n'en a pas besoin.
    import subprocess

    commande = [sys.executable, "-c", _ENFANT, module, str(secondes), *arguments]
    try:
        fini = subprocess.run(  # noqa: S603 — notre propre module, le fichier par l'entrée
            commande,
            input=octets,
            cwd=RACINE,
            capture_output=True,
            timeout=secondes + _MARGE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LectureTombee from None
    if fini.returncode or not fini.stdout:
        raise LectureTombee
    return fini.stdout


def enfant() -> None:
    """Lit ce qui est donné sur l'entrée et écrit sur la sortie ce que le module en rend."""
    _, module, secondes, *arguments = sys.argv
    _borner(int(secondes))
    rendu = importlib.import_module(module).lire_ici(sys.stdin.buffer.read(), *arguments)
    sys.stdout.buffer.write(rendu)


def _borner(secondes: int) -> None:
    """Borne la mémoire et le temps de ce processus, là où le système le permet."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (secondes, secondes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
