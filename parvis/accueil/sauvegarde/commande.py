"""Ce que les deux commandes partagent : dire en clair ce qui les arrête, et ranger quand on les arrête."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

from django.core.management.base import CommandError
from django.db import DatabaseError

from parvis.socle.refus import Refus


@contextmanager
def en_clair(debut: str) -> Iterator[None]:
    """Fait d'une panne une phrase qui dit quoi faire ; arrêtée par le système, la commande range d'abord."""
    est_principal = current_thread() is main_thread()
    avant = signal.getsignal(signal.SIGTERM)
    if est_principal:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    except Refus as refus:
        raise CommandError(str(refus)) from None
    except OSError as erreur:
        raise CommandError(
            f"{debut} : {erreur.strerror or erreur}. Rien n’en reste. Faites de la place, ou choisissez un "
            "autre dossier, puis recommencez."
        ) from None
    except DatabaseError as erreur:
        premiere = (str(erreur).strip().splitlines() or [""])[0]
        raise CommandError(
            f"{debut}. La base dit : {premiere.rstrip('.')}. Aucune ligne ni aucun fichier n’en reste. "
            "Faites de la place ou réparez la base, puis recommencez."
        ) from erreur
    except KeyboardInterrupt:
        raise CommandError("Arrêtée avant la fin : rien n’en reste.") from None
    finally:
        if est_principal:
            signal.signal(signal.SIGTERM, avant)
