"""Inviter à un rôle d'un contrat, ou ouvrir la porte d'un organisme qui n'a personne."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.invitations import inviter
from parvis.comptes.models import Invitation
from parvis.comptes.queries.membres import a_un_gestionnaire
from parvis.organismes.actions.acte import tenir
from parvis.organismes.models import Organisme
from parvis.pilotage import rules
from parvis.socle.refus import exiger


@transaction.atomic
def inviter_a_un_role(
    *,
    par: Acteur,
    organisme: Organisme,
    courriel: str,
    role: str,
    contrat: str = "",
    fin_le: date | None = None,
) -> Invitation:
    """Invite une adresse à un rôle ; lève Refus, et pour un gestionnaire si l'organisme en a déjà un."""
    # Deux pilotes n'ouvrent pas deux fois la même porte.
    (tenu,) = tenir(organisme)
    exiger(
        rules.motifs_empechant_d_ouvrir_la_porte(
            role, a_un_gestionnaire=a_un_gestionnaire(tenu, jour=timezone.localdate())
        )
    )
    return inviter(
        par=par, organisme=tenu, courriel=courriel, role=role, contrat=contrat, fin_le=fin_le
    )
