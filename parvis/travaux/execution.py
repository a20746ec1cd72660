"""Mène un travail : prend son bail, appelle la fonction de sa nature, clôt sa ligne."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parvis.travaux import actions
from parvis.travaux.models import Travail
from parvis.travaux.rules import TravailAnnule, TravailPerdu

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tache:
    """Ce que l'exécutant refait, et toutes les combien de secondes.

    Elle supporte d'être refaite, d'être coupée, et d'être faite par deux exécutants à la fois.
    """

    cadence: float
    faire: Callable[[str], object]


TACHES_DES_PIECES: dict[str, Tache] = {}


def inscrire_une_tache(nom: str, tache: Tache) -> None:
    """Inscrit ce qu'une pièce fait toute seule."""
    TACHES_DES_PIECES[nom] = tache


# (paramètres, avancer(fait, total)) -> résultat JSON
Fonction = Callable[[dict[str, Any], Callable[..., None]], dict[str, Any]]
NATURES: dict[str, Fonction] = {}


def inscrire(nature: str) -> Callable[[Fonction], Fonction]:
    """Inscrit la fonction qui mène les travaux de cette nature."""

    def inscrire_la_fonction(fonction: Fonction) -> Fonction:
        NATURES[nature] = fonction
        return fonction

    return inscrire_la_fonction


def mener(identifiant: str) -> None:
    """Mène le travail demandé ; un travail clos, annulé ou tenu par un autre est laissé tel quel."""
    executant = uuid.uuid4().hex
    try:
        travail = actions.prendre(
            travail=Travail.objects.get(identifiant=identifiant), executant=executant
        )
    except TravailPerdu:
        return

    def avancer(fait: int, total: int | None = None) -> None:
        actions.avancer(travail=travail, executant=executant, fait=fait, total=total)

    try:
        try:
            resultat = _fonction(travail.nature)(travail.parametres, avancer)
            actions.terminer(travail=travail, executant=executant, resultat=resultat)
        except TravailPerdu:
            raise
        except TravailAnnule:
            actions.renoncer(travail=travail, executant=executant)
        except Exception as erreur:
            logger.exception("travail échoué", extra={"travail": identifiant})
            actions.echouer(travail=travail, executant=executant, erreur=str(erreur))
    except TravailPerdu:
        logger.warning("travail repris par un autre exécutant", extra={"travail": identifiant})


def _fonction(nature: str) -> Fonction:
    if nature not in NATURES:
        raise LookupError(f"Aucune fonction ne sait mener un travail « {nature} ».")
    return NATURES[nature]
