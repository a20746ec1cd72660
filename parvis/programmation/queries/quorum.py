"""Le quorum d'une séance, tel que les présences notées le font maintenant."""

from django.utils import timezone

from parvis.instances.queries import FeuilleDePresence, feuille
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import Seance
from parvis.programmation.rules.seances import dire_le_quorum


def quorum_dit(seance: Seance, presents: FeuilleDePresence) -> str:
    """Rend le quorum d'une séance en mots, avec ce qu'il est devenu depuis l'ouverture."""
    return dire_le_quorum(
        presents.phrase,
        est_ouverte=seance.ouverte_le is not None,
        est_atteint=presents.quorum.est_atteint,
    )


def quorum_perdu(seance: Seance) -> str:
    """Rend ce qui manque au quorum d'une séance ouverte qui l'a perdu ; vide s'il y est, ou hors d'elle."""
    if seance.etat != EtatDeSeance.OUVERTE:
        return ""
    presents = feuille(seance.reunion, jour=timezone.localdate(seance.reunion.commence_le))
    return "" if presents.quorum.est_atteint else quorum_dit(seance, presents)
