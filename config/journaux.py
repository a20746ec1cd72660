"""Journaux techniques : une ligne JSON par événement, sans donnée personnelle."""

from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS


def journaux(niveau: str) -> dict[str, Any]:
    """Rend le réglage LOGGING de Django, à ce niveau."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
                "rename_fields": {"asctime": "instant", "levelname": "niveau", "name": "source"},
                "json_ensure_ascii": False,
                # La requête entière porterait les mots cherchés : on n'écrit que son chemin.
                "reserved_attrs": [*RESERVED_ATTRS, "request"],
            }
        },
        "handlers": {"sortie": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["sortie"], "level": niveau},
        "loggers": {
            # Son exécutant dit à chaque tour qu'il commence et qu'il finit.
            "django_tasks_db": {"level": "WARNING"},
            # Chaque connexion réussie n'est pas une nouvelle ; les refus, si.
            "axes": {"level": "WARNING"},
            "django.server": {"handlers": ["sortie"], "propagate": False},
            "django": {"handlers": ["sortie"], "level": niveau, "propagate": False},
        },
    }
