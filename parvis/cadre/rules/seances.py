"""La séance : ce qu'une personne écrit sans s'arrêter fait une seule version."""

from datetime import timedelta

# Au-delà de ce temps sans écrire, la version suivante commence (docs/adr/0019).
SEANCE = timedelta(minutes=30)
