"""Les travaux longs du cadre."""

from parvis.cadre.actions.lectures import NATURE, mener_la_lecture
from parvis.travaux.execution import inscrire

inscrire(NATURE)(mener_la_lecture)
