"""Ce qu'une personne retrouve dans son espace."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Role
from parvis.comptes.models import EnvoiGarde, Invitation, Rattachement
from parvis.comptes.permissions import agit_pour
from parvis.comptes.queries.membres import de_l_organisme
from parvis.organismes.models import Organisme

# Le temps de lire un refus, d'y répondre ou de demander de nouveau.
REFUS_MONTRE = timedelta(days=30)


def invitations_recues(acteur: Acteur, *, maintenant: datetime) -> QuerySet[Invitation]:
    """Rend les invitations adressées au courriel de cette personne, et encore ouvertes."""
    if acteur.utilisateur is None:
        return Invitation.objects.none()
    # Une invitation ne vaut que si qui l'a envoyée agit encore à ce titre.
    agissent = Rattachement.objects.confirmes(timezone.localdate(maintenant))
    return Invitation.objects.filter(
        courriel=acteur.utilisateur.courriel,
        etat=EtatDInvitation.ENVOYEE,
        expire_le__gt=maintenant,
        invite_par__in=agissent,
    ).select_related("organisme", "invite_par__utilisateur")


def invitation_recue(acteur: Acteur, empreinte: str, *, maintenant: datetime) -> Invitation:
    """Rend une invitation par son jeton ; lève Invitation.DoesNotExist si elle n'est pas à cette personne."""
    return invitations_recues(acteur, maintenant=maintenant).get(empreinte=empreinte)


def envois_gardes(acteur: Acteur, *, maintenant: datetime) -> QuerySet[EnvoiGarde]:
    """Rend les textes que le site garde pour cette personne, les plus récents d'abord."""
    gardes = EnvoiGarde.objects.filter(utilisateur=acteur.utilisateur, expire_le__gt=maintenant)
    return gardes.select_related("rattachement__organisme__fusionne_dans")


def envoi_garde(acteur: Acteur, identifiant: uuid.UUID, *, maintenant: datetime) -> EnvoiGarde:
    """Rend un texte gardé ; lève EnvoiGarde.DoesNotExist s'il est à une autre, ou trop vieux."""
    return envois_gardes(acteur, maintenant=maintenant).get(identifiant=identifiant)


def noms_d_organismes(acteur: Acteur, cles: Iterable[int]) -> dict[int, str]:
    """Rend le nom d'organismes par leur clé ; qu'un organisme existe est public."""
    return dict(Organisme.objects.filter(pk__in=list(cles)).values_list("pk", "nom"))


def demande_de(acteur: Acteur, pk: int) -> Rattachement:
    """Rend une demande en attente de cette personne ; lève Rattachement.DoesNotExist sinon."""
    siennes = Rattachement.objects.filter(utilisateur=acteur.utilisateur)
    return siennes.a_trancher().select_related("organisme", "utilisateur").get(pk=pk)


def demandes_refusees(acteur: Acteur, *, maintenant: datetime) -> QuerySet[Rattachement]:
    """Rend les demandes de cette personne refusées ces trente derniers jours, la dernière d'abord.

    Un refus se tait dès qu'elle a redemandé, ou agit déjà pour l'organisme.
    """
    siens = Rattachement.objects.filter(utilisateur=acteur.utilisateur)
    depuis = siens.en_cours(timezone.localdate(maintenant)).values("organisme")
    refusees = siens.filter(
        etat=EtatDeRattachement.REFUSE, clos_le__gt=maintenant - REFUS_MONTRE
    ).exclude(organisme__in=depuis)
    return refusees.select_related("organisme__fusionne_dans").order_by("-clos_le", "-pk")


def rattachement_de(acteur: Acteur, pk: int, *, jour: date) -> Rattachement:
    """Rend un rattachement en cours de cette personne ; lève Rattachement.DoesNotExist sinon."""
    siens = Rattachement.objects.en_cours(jour).filter(utilisateur=acteur.utilisateur)
    return siens.select_related("organisme", "utilisateur").get(pk=pk)


def organisme_ouvert(acteur: Acteur, pk: int) -> Organisme:
    """Rend l'organisme pour lequel on agit ; lève Organisme.DoesNotExist pour tout autre.

    L'administrateur les ouvre tous. Un doublon rend l'organisme qui a été gardé.
    """
    trouve = Organisme.objects.select_related("fusionne_dans").get(pk=pk)
    garde = trouve.fusionne_dans or trouve
    if not agit_pour(acteur, garde) and not acteur.a_le_role(Role.ADMINISTRATEUR):
        raise Organisme.DoesNotExist
    return garde


def autre_role_pour(acteur: Acteur, pk: int, *, jour: date) -> Rattachement | None:
    """Rend un rattachement de cette même personne à cet organisme, qu'elle peut choisir."""
    trouve = Organisme.objects.filter(pk=pk).select_related("fusionne_dans").first()
    if trouve is None or acteur.utilisateur is None:
        return None
    siens = Rattachement.objects.en_cours(jour).filter(
        de_l_organisme(trouve.fusionne_dans or trouve), utilisateur=acteur.utilisateur
    )
    return siens.select_related("organisme__fusionne_dans").first()


def seul_gestionnaire_de(acteur: Acteur, *, jour: date) -> set[int]:
    """Rend les rôles de gestionnaire de cette personne que nul autre ne tient dans l'organisme."""
    tenus = Rattachement.objects.confirmes(jour).filter(role=Role.GESTIONNAIRE)
    autres = tenus.exclude(utilisateur=acteur.utilisateur).values("organisme")
    siens = tenus.filter(utilisateur=acteur.utilisateur).exclude(organisme__in=autres)
    return set(siens.values_list("pk", flat=True))


def a_deja_repondu(acteur: Acteur, empreinte: str) -> bool:
    """Dit si cette invitation était bien pour cette personne, qui y a répondu."""
    if acteur.utilisateur is None:
        return False
    return Invitation.objects.filter(
        courriel=acteur.utilisateur.courriel,
        empreinte=empreinte,
        etat__in=[EtatDInvitation.ACCEPTEE, EtatDInvitation.DECLINEE],
    ).exists()
