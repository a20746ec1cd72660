"""Les travaux longs de la carte."""

from collections.abc import Callable
from typing import Any

from parvis.carte.rules import NATURE
from parvis.travaux.execution import Tache, inscrire, inscrire_une_tache

DIX_MINUTES = 600


# Leurs bibliothèques sont longues à charger : seulement quand un lot se mène.


@inscrire(NATURE)
def mener(parametres: dict[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Mène un lot d'adresses."""
    from parvis.carte.actions.lots import mener_le_lot

    return mener_le_lot(parametres, avancer)


def oublier(_: str) -> int:
    """Oublie les lots échus."""
    from parvis.carte.actions.lots import oublier_les_lots_echus

    return oublier_les_lots_echus()


inscrire_une_tache("oublier les tableaux d'adresses", Tache(DIX_MINUTES, oublier))
