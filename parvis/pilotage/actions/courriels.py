"""Relancer les courriels que le site a abandonnés."""

from collections.abc import Iterable

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.courriels.actions import relancer
from parvis.courriels.models import Courriel
from parvis.journal.actions import noter
from parvis.socle.refus import exiger


@transaction.atomic
def relancer_les_courriels(*, par: Acteur, courriels: Iterable[Courriel]) -> int:
    """Remet à l'envoi des courriels abandonnés et rend leur nombre ; lève Refus s'il n'en reste aucun."""
    nombre = sum(relancer(courriel=courriel) for courriel in courriels)
    exiger([] if nombre else ["Aucun de ces courriels n’est abandonné : il n’y a rien à relancer."])
    noter(
        par=par,
        contrat="instance",
        action="pilotage.relancer",
        objet="courriels",
        objet_nom="Boîte d’envoi",
        details={"nombre": nombre},
    )
    return nombre
