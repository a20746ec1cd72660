"""Retenir la version d'un dossier qu'une personne a lue."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.instruction.actions.tenir import tenir_le_dossier_etudie
from parvis.instruction.models import DerniereLecture


@transaction.atomic
def marquer_lu(*, par: Acteur, dossier: Dossier, numero: int) -> DerniereLecture:
    """Retient que l'acteur a lu cette version ; ce n'est pas un acte, le journal n'en dit rien.

    Lève VersionDeposee.DoesNotExist, et Dossier.DoesNotExist à qui n'étudie pas ce dossier.
    """
    dossier, _ = tenir_le_dossier_etudie(par, dossier)
    version = dossier.versions_deposees.get(numero=numero)
    return retenir_la_lecture(par, dossier, version, timezone.now())


def retenir_la_lecture(
    par: Acteur, dossier: Dossier, version: VersionDeposee, le: datetime
) -> DerniereLecture:
    """Retient la version lue, dans la transaction de l'acte qui la suppose lue ; jamais une plus ancienne."""
    deja = DerniereLecture.objects.filter(
        dossier=dossier, utilisateur=par.utilisateur, version__numero__gt=version.numero
    ).first()
    if deja is not None:
        return deja
    lecture, _ = DerniereLecture.objects.update_or_create(
        dossier=dossier, utilisateur=par.utilisateur, defaults={"version": version, "lu_le": le}
    )
    return lecture
