"""Les réglages du site, un autre jour : tout processus qui les lit vit au jour de PARVIS_ESSAI_JOUR."""

import os
from datetime import datetime

import time_machine

# Avant les réglages : rien n'y garde l'heure de la machine. L'horloge avance ensuite comme la vraie.
if jour := os.environ.get("PARVIS_ESSAI_JOUR"):
    time_machine.travel(datetime.fromisoformat(jour), tick=True).start()

from config.settings import *  # noqa: F403
