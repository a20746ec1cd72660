"""Une instance du contrat d'essai, ses membres, une réunion."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.instances import actions
from parvis.instances.models import Instance, Mandat, Reunion


def instance(par: Acteur, contrat: Contrat, **valeurs: Any) -> Instance:
    """Rend un comité des financeurs, dont la moitié des voix suffit."""
    depart = {"nom": "Comité des financeurs", "sorte": "financeurs", "quorum": 50}
    return actions.creer_une_instance(par=par, contrat=contrat, **(depart | valeurs))


def membre(par: Acteur, dans: Instance, qui: Acteur | str, **valeurs: Any) -> Mandat:
    """Fait siéger une personne, par son compte ou par son seul nom."""
    nommee = {"nom": qui} if isinstance(qui, str) else {"utilisateur": qui.utilisateur}
    depart = {"debut_le": timezone.localdate() - timedelta(days=400)} | nommee
    return actions.donner_un_mandat(par=par, instance=dans, **(depart | valeurs))


def reunion(par: Acteur, dans: Instance, dans_jours: int = 10, **valeurs: Any) -> Reunion:
    """Rend une réunion prévue dans quelques jours, à 14 heures."""
    depart = {
        "objet": "Programmation de l’année",
        "commence_le": a_quatorze_heures(dans_jours),
        "lieu": "Hôtel de ville",
    }
    return actions.prevoir_une_reunion(par=par, instance=dans, **(depart | valeurs))


def a_quatorze_heures(dans_jours: int) -> datetime:
    """Rend quatorze heures, à tant de jours d'ici ; aujourd'hui, une heure déjà passée."""
    vise = timezone.localtime() + timedelta(days=dans_jours)
    heure = 14 if dans_jours else min(14, vise.hour)
    return vise.replace(hour=heure, minute=0, second=0, microsecond=0)
