"""Les réglages du site, avec une page d'essai de cinquante champs qu'aucune étape n'a encore."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.parcours.adresses_d_essai"
