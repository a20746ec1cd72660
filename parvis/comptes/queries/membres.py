"""Les membres d'un organisme, les demandes et les invitations qui attendent."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import Invitation, Rattachement
from parvis.comptes.models.rattachement import Rattachements
from parvis.comptes.permissions import peut_gerer, peut_lire_le_passe
from parvis.organismes.models import Organisme


def de_l_organisme(organisme: Organisme) -> Q:
    """Rend le filtre des lignes de l'organisme gardé, celles de ses doublons comprises."""
    garde = organisme.retenu
    return Q(organisme=garde) | Q(organisme__fusionne_dans=garde)


def membres_confirmes(organisme: Organisme, *, jour: date) -> QuerySet[Rattachement]:
    """Rend les membres confirmés d'un organisme ce jour-là, dont le compte est ouvert."""
    confirmes = Rattachement.objects.confirmes(jour).filter(de_l_organisme(organisme))
    return confirmes.select_related("utilisateur", "organisme").order_by(
        "utilisateur__nom", "utilisateur__prenom", "debut_le", "pk"
    )


def a_un_gestionnaire(organisme: Organisme, *, jour: date) -> bool:
    """Dit si quelqu'un peut décider pour cet organisme."""
    return membres_confirmes(organisme, jour=jour).filter(role=Role.GESTIONNAIRE).exists()


def membres(acteur: Acteur, organisme: Organisme, *, jour: date) -> list[Rattachement]:
    """Rend les membres que cet acteur peut voir : tous, s'il est confirmé ; lui-même, sinon."""
    if peut_lire_le_passe(acteur, organisme):
        return list(membres_confirmes(organisme, jour=jour))
    return [acteur.rattachement] if acteur.rattachement else []


def demandes(acteur: Acteur, organisme: Organisme) -> list[Rattachement]:
    """Rend les demandes de rattachement qui attendent la décision de cet acteur."""
    if not peut_gerer(acteur, organisme):
        return []
    attendent = Rattachement.objects.a_trancher().filter(de_l_organisme(organisme))
    attendent = attendent.exclude(utilisateur=acteur.utilisateur)
    return list(attendent.select_related("utilisateur", "organisme").order_by("debut_le", "pk"))


def invitations(acteur: Acteur, organisme: Organisme, *, maintenant: datetime) -> list[Invitation]:
    """Rend les invitations de l'organisme qui peuvent encore être acceptées."""
    if not peut_gerer(acteur, organisme):
        return []
    ouvertes = Invitation.objects.filter(
        de_l_organisme(organisme), etat=EtatDInvitation.ENVOYEE, expire_le__gt=maintenant
    )
    return list(ouvertes.select_related("organisme", "invite_par__utilisateur"))


def demande_a_trancher(acteur: Acteur, organisme: Organisme, pk: int) -> Rattachement:
    """Rend une demande en attente ; lève Rattachement.DoesNotExist si elle n'est pas à trancher ici.

    Nul ne tranche la sienne, l'administrateur pas plus qu'un autre.
    """
    attendent = _gerable(acteur, organisme).a_trancher()
    return attendent.exclude(utilisateur=acteur.utilisateur).get(pk=pk)


def membre_a_gerer(acteur: Acteur, organisme: Organisme, pk: int) -> Rattachement:
    """Rend un membre confirmé ; lève Rattachement.DoesNotExist s'il n'est pas à gérer ici."""
    geres = _gerable(acteur, organisme).filter(etat=EtatDeRattachement.CONFIRME)
    return geres.filter(_de_son_ressort(acteur)).get(pk=pk)


def invitation_a_gerer(acteur: Acteur, organisme: Organisme, pk: int) -> Invitation:
    """Rend une invitation de l'organisme ; lève Invitation.DoesNotExist si elle n'est pas à gérer ici."""
    if not peut_gerer(acteur, organisme):
        raise Invitation.DoesNotExist
    siennes = Invitation.objects.filter(de_l_organisme(organisme))
    return siennes.filter(_de_son_ressort(acteur)).get(pk=pk)


def _de_son_ressort(acteur: Acteur) -> Q:
    """Rend le filtre de ce qu'il peut défaire : un gestionnaire ne touche ni au contrat, ni au site."""
    if acteur.a_le_role(Role.ADMINISTRATEUR):
        return Q()
    return Q(contrat="") & ~Q(role=Role.ADMINISTRATEUR)


def _gerable(acteur: Acteur, organisme: Organisme) -> Rattachements:
    if not peut_gerer(acteur, organisme):
        return Rattachement.objects.none()
    siens = Rattachement.objects.filter(de_l_organisme(organisme))
    return siens.select_related("utilisateur", "organisme")


def successeurs(acteur: Acteur, *, jour: date) -> QuerySet[Rattachement]:
    """Rend les membres à qui ce gestionnaire peut passer la main : les autres, confirmés."""
    if acteur.organisme is None or not acteur.a_le_role(Role.GESTIONNAIRE):
        return Rattachement.objects.none()
    return membres_confirmes(acteur.organisme, jour=jour).exclude(utilisateur=acteur.utilisateur)
