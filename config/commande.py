"""La commande `parvis` : la même chose que `manage.py`, depuis n'importe quel dossier."""

import os
import sys


def main() -> None:
    """Lance une commande de gestion ; un réglage invalide est dit en une ligne, sans trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # `parvis … | head` : qui lisait a assez lu. Python ne doit pas réécrire dans ce tuyau fermé.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except ImproperlyConfigured as erreur:
        sys.exit(f"Parvis ne peut pas démarrer. {erreur}")
    except DatabaseError as erreur:
        if "--traceback" in sys.argv:
            raise
        sys.exit(
            "La base ne répond pas comme attendu. Vérifiez PARVIS_BASE et PARVIS_VAR, puis mettez "
            f"la base à jour : .venv/bin/parvis migrate. Elle dit : {str(erreur).strip()}"
        )
