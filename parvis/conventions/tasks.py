"""Les travaux longs des actes."""

from collections.abc import Callable
from typing import Any

from parvis.conventions.queries.compositions import NATURE
from parvis.travaux.execution import inscrire


@inscrire(NATURE)
def mener(parametres: dict[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Compose un lot d'actes."""
    # Ce qu'il faut pour composer est long à charger : seulement quand un lot se mène.
    from parvis.conventions.actions.composition import mener_la_composition

    return mener_la_composition(parametres, avancer)
