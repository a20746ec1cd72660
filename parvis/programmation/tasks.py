"""Les travaux longs de la programmation."""

from collections.abc import Callable
from typing import Any

from parvis.programmation.queries.dossiers_demandes import NATURE
from parvis.travaux.execution import Tache, inscrire, inscrire_une_tache

UNE_HEURE = 60 * 60


# Ce qu'il faut pour composer est long à charger : seulement quand un dossier se mène.


@inscrire(NATURE)
def mener(parametres: dict[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Compose un dossier de séance."""
    from parvis.programmation.actions.dossiers_de_seance import mener_le_dossier

    return mener_le_dossier(parametres, avancer)


def oublier(_: str) -> int:
    """Oublie les dossiers de séance échus."""
    from parvis.programmation.actions.dossiers_de_seance import oublier_les_dossiers_echus

    return oublier_les_dossiers_echus()


inscrire_une_tache("oublier les dossiers de séance", Tache(UNE_HEURE, oublier))
