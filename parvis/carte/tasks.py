"""Les travaux longs de la carte."""

from parvis.carte.actions.lots import NATURE, mener_le_lot
from parvis.travaux.execution import inscrire

inscrire(NATURE)(mener_le_lot)
