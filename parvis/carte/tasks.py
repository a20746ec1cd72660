"""Les travaux longs de la carte."""

from parvis.carte.actions.lots import NATURE, mener_le_lot, oublier_les_lots_echus
from parvis.travaux.execution import Tache, inscrire, inscrire_une_tache

DIX_MINUTES = 600

inscrire(NATURE)(mener_le_lot)
inscrire_une_tache(
    "oublier les tableaux d'adresses", Tache(DIX_MINUTES, lambda _: oublier_les_lots_echus())
)
