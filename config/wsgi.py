"""Point d'entrée WSGI."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Toutes les vues se chargent ici : ce n'est pas au premier visiteur de chaque processus d'attendre.
get_resolver().url_patterns  # noqa: B018
# Ce qui est chargé l'est pour la vie du processus : une longue page n'a pas à le faire ramasser pour rien.
gc.collect()
gc.freeze()
