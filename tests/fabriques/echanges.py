"""Des questions sur un dossier que l'on étudie."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.echanges import poser_une_question
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.models import Echange

PORTEUR, SERVICES = SorteDEchange.AVEC_LE_PORTEUR, SorteDEchange.ENTRE_SERVICES
AU_PORTEUR = "Qui arrose au mois d’août ?"
AUX_SERVICES = "Leur trésorerie vous inquiète-t-elle ?"


def dans(jours: int) -> date:
    """Rend le jour qui vient dans tant de jours."""
    return timezone.localdate() + timedelta(days=jours)


def au_porteur(par: Acteur, dossier: Dossier, **autres: Any) -> Echange:
    """Pose une question au porteur."""
    valeurs: dict[str, Any] = {"sorte": PORTEUR, "texte": AU_PORTEUR}
    return poser_une_question(par=par, dossier=dossier, **(valeurs | autres))


def aux_services(par: Acteur, dossier: Dossier, **autres: Any) -> Echange:
    """Pose une question aux autres services."""
    valeurs: dict[str, Any] = {"sorte": SERVICES, "texte": AUX_SERVICES}
    return poser_une_question(par=par, dossier=dossier, **(valeurs | autres))
