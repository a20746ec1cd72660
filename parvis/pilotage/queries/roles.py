"""Qui tient un rôle d'un contrat, et qui y est invité."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDInvitation, Role
from parvis.comptes.models import Invitation, Rattachement
from parvis.comptes.rules.roles import ROLES
from parvis.organismes.models import Organisme
from parvis.pilotage.permissions import peut_piloter
from parvis.pilotage.queries.retenus import (
    RETENU,
    est_d_ici_ou_de_nulle_part,
    retenus_du_contrat,
)
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page

DE_CONTRAT = [role for role, definition in ROLES.items() if definition.est_de_contrat]
_CRITERE = Critere(
    "role", "Rôle", {r.value: (r.label, Q(role=r)) for r in (*DE_CONTRAT, Role.GESTIONNAIRE)}
)


def page_des_roles(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[Rattachement], list[Facette]]:
    """Rend ceux qui tiennent un rôle du contrat, et les gestionnaires de ses partenaires."""
    if not peut_piloter(acteur, contrat.code):
        return page(Rattachement.objects.none(), ("pk",)), []
    partenaires = retenus_du_contrat(contrat, jour=jour)
    lignes = (
        Rattachement.objects.confirmes(jour)
        .annotate(retenu=RETENU)
        .filter(Q(contrat=contrat.code) | Q(role=Role.GESTIONNAIRE, retenu__in=partenaires))
        .select_related("utilisateur", "organisme__fusionne_dans")
    )
    choisis, facettes = filtrer(lignes, [_CRITERE], demandes)
    ordre = ("utilisateur__nom", "utilisateur__prenom", "pk")
    return (
        page(choisis, ordre, apres=demandes.get("apres", ""), avant=demandes.get("avant", "")),
        facettes,
    )


def role_a_finir(acteur: Acteur, contrat: Contrat, pk: int, *, jour: date) -> Rattachement:
    """Rend le rôle de contrat d'une autre personne ; lève Rattachement.DoesNotExist sinon.

    Le sien se quitte depuis son espace ; un gestionnaire ne se retire pas d'ici.
    """
    if not peut_piloter(acteur, contrat.code):
        raise Rattachement.DoesNotExist
    autres = Rattachement.objects.confirmes(jour).exclude(utilisateur=acteur.utilisateur)
    siens = autres.filter(contrat=contrat.code, role__in=DE_CONTRAT)
    return siens.select_related("utilisateur", "organisme").get(pk=pk)


def invitations_du_contrat(
    acteur: Acteur, contrat: Contrat, *, maintenant: datetime
) -> QuerySet[Invitation]:
    """Rend les invitations sans réponse aux rôles du contrat, et celles envoyées par ses pilotes."""
    if not peut_piloter(acteur, contrat.code):
        return Invitation.objects.none()
    envoyees = Invitation.objects.filter(etat=EtatDInvitation.ENVOYEE, expire_le__gt=maintenant)
    siennes = envoyees.filter(
        Q(contrat=contrat.code) | Q(role=Role.GESTIONNAIRE, invite_par__contrat=contrat.code)
    )
    return siennes.select_related("organisme", "invite_par__utilisateur")


def page_des_invitations(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, maintenant: datetime
) -> Page[Invitation]:
    """Rend une page des invitations sans réponse, les dernières d'abord."""
    siennes = invitations_du_contrat(acteur, contrat, maintenant=maintenant)
    return page(
        siennes,
        ("-cree_le", "-pk"),
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )


def invitation_a_annuler(
    acteur: Acteur, contrat: Contrat, pk: int, *, maintenant: datetime
) -> Invitation:
    """Rend une invitation du contrat ; lève Invitation.DoesNotExist sinon."""
    return invitations_du_contrat(acteur, contrat, maintenant=maintenant).get(pk=pk)


def organisme_ou_inviter(acteur: Acteur, contrat: Contrat, pk: int, *, jour: date) -> Organisme:
    """Rend un organisme où ce pilote peut inviter ; lève Organisme.DoesNotExist.

    Celui qui n'est partenaire que d'autres contrats n'est pas à lui.
    """
    if not peut_piloter(acteur, contrat.code):
        raise Organisme.DoesNotExist
    retenus = Organisme.objects.retenus()
    return est_d_ici_ou_de_nulle_part(retenus, contrat, jour=jour, reference="pk").get(pk=pk)
