"""Ce que chacun peut atteindre : un cas par adresse qui demande un compte.

Un cas donne des objets, et pour chacun les personnes à qui il s'ouvre. Pour toutes les autres, il
répond comme « absent ». Une adresse sans cas fait échouer la matrice.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.comptes.actions.envois import garder_l_envoi
from parvis.comptes.actions.invitations import empreinte_du_jeton
from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.models import Invitation, Rattachement
from tests.fabriques.comptes import Monde, personne, rattachement
from tests.matrice import (
    cas_actes,
    cas_appels,
    cas_bilans,
    cas_budget,
    cas_carte,
    cas_chiffres,
    cas_couverture,
    cas_decisions,
    cas_depot,
    cas_echanges,
    cas_enveloppes,
    cas_grille,
    cas_indicateurs,
    cas_instances,
    cas_instruction,
    cas_pilotage,
    cas_porteur,
    cas_postes,
    cas_programmation,
    cas_projets,
    cas_recopie,
    cas_scenarios,
    cas_seances,
    cas_suites,
    cas_versements,
)
from tests.matrice.outils import (
    ABSENT,
    ADMIN,
    CONNECTES,
    ECRITURE,
    LECTURE,
    LES_DEUX,
    PERSONNE,
    Cas,
    Objet,
)


def _seule(ouvert_a: frozenset[str]) -> Callable[[Monde], list[Objet]]:
    return lambda monde: [Objet("la page", {}, ouvert_a)]


def _organisme(du_verger: set[str], du_moulin: set[str]) -> Callable[[Monde], list[Objet]]:
    def objets(monde: Monde) -> list[Objet]:
        return [
            Objet("le Verger", {"organisme": monde.verger.pk}, frozenset(du_verger)),
            Objet("le Moulin", {"organisme": monde.moulin.pk}, frozenset(du_moulin)),
            Objet("absent", {"organisme": ABSENT}, PERSONNE),
        ]

    return objets


def _dans_l_organisme(creer: Callable[[Monde, Any, str], int]) -> Callable[[Monde], list[Objet]]:
    """Rend les objets d'un gestionnaire : le sien, celui d'un autre, le croisé et l'absent."""

    def objets(monde: Monde) -> list[Objet]:
        sien = creer(monde, monde.verger, "gestionnaire")
        autre = creer(monde, monde.moulin, "meuniere")
        verger, moulin = monde.verger.pk, monde.moulin.pk
        return [
            Objet("le sien", {"organisme": verger, "pk": sien}, frozenset({"gestionnaire", ADMIN})),
            Objet("d'un autre", {"organisme": moulin, "pk": autre}, frozenset({"meuniere", ADMIN})),
            Objet("croisé", {"organisme": verger, "pk": autre}, PERSONNE),
            Objet("absent", {"organisme": verger, "pk": ABSENT}, PERSONNE),
            Objet("organisme absent", {"organisme": ABSENT, "pk": sien}, PERSONNE),
        ]

    return objets


def _demande(monde: Monde, ou: Any, _: str) -> int:
    qui = personne(f"Demande{ou.pk}")
    return rattachement(qui, ou, Role.SIGNATAIRE, etat=EtatDeRattachement.EN_ATTENTE).pk


def _membre(monde: Monde, ou: Any, _: str) -> int:
    return rattachement(personne(f"Membre{ou.pk}"), ou, Role.LECTEUR).pk


def inviter(monde: Monde, ou: Any, par: str, courriel: str = "", jeton: str = "") -> int:
    """Crée une invitation envoyée par cette personne."""
    maintenant = timezone.now()
    return Invitation.objects.create(
        organisme=ou,
        courriel=courriel or f"invite{ou.pk}@exemple.fr",
        role=Role.LECTEUR,
        empreinte=empreinte_du_jeton(jeton or uuid.uuid4().hex),
        invite_par=monde.acteurs[par].rattachement,
        cree_le=maintenant,
        expire_le=maintenant + timedelta(days=3),
    ).pk


def _mes_demandes(monde: Monde) -> list[Objet]:
    sienne = Rattachement.objects.get(utilisateur=monde.acteurs["attente"].utilisateur).pk
    autre = _demande(monde, monde.moulin, "")
    return [
        Objet("la sienne", {"pk": sienne}, frozenset({"attente"})),
        Objet("d'un autre", {"pk": autre}, PERSONNE),
        Objet("absente", {"pk": ABSENT}, PERSONNE),
    ]


def _mes_roles(monde: Monde) -> list[Objet]:
    def du(nom: str) -> int:
        return monde.acteurs[nom].rattachement.pk

    return [
        Objet("le sien", {"pk": du("lecteur")}, frozenset({"lecteur"})),
        Objet("celui du pilote", {"pk": du("pilote")}, frozenset({"pilote"})),
        Objet("absent", {"pk": ABSENT}, PERSONNE),
    ]


def _mes_invitations(monde: Monde) -> list[Objet]:
    inviter(monde, monde.verger, "gestionnaire", "inscrit@exemple.fr", "pour-inscrit")
    return [
        Objet("la sienne", {"jeton": "pour-inscrit"}, frozenset({"inscrit"})),
        Objet("absente", {"jeton": "inconnu"}, PERSONNE),
    ]


def _mes_textes(monde: Monde) -> list[Objet]:
    acteur = monde.acteurs["lecteur"]
    envoi = garder_l_envoi(
        utilisateur=acteur.utilisateur.pk,
        rattachement=acteur.rattachement.pk,
        adresse="/compte/nom/",
        champs={"prenom": ["Secret"]},
    )
    return [
        Objet("le sien", {"identifiant": envoi.identifiant}, frozenset({"lecteur"})),
        Objet("absent", {"identifiant": uuid.UUID(int=7)}, PERSONNE),
    ]


_MEMBRES = {"gestionnaire", "signataire", "contributeur", "lecteur"}

CAS: dict[str, Cas] = {
    **cas_appels.CAS,
    **cas_bilans.CAS,
    **cas_budget.CAS,
    **cas_carte.CAS,
    **cas_chiffres.CAS,
    **cas_couverture.CAS,
    **cas_depot.CAS,
    **cas_echanges.CAS,
    **cas_grille.CAS,
    **cas_enveloppes.CAS,
    **cas_indicateurs.CAS,
    **cas_postes.CAS,
    **cas_pilotage.CAS,
    **cas_porteur.CAS,
    **cas_programmation.CAS,
    **cas_projets.CAS,
    **cas_recopie.CAS,
    **cas_suites.CAS,
    **cas_instruction.CAS,
    **cas_instances.CAS,
    **cas_scenarios.CAS,
    **cas_seances.CAS,
    **cas_actes.CAS,
    **cas_decisions.CAS,
    **cas_versements.CAS,
    "comptes:accueil": Cas(LECTURE, _seule(CONNECTES)),
    "comptes:agir_pour": Cas(ECRITURE, _seule(PERSONNE)),
    "comptes:profil": Cas(LES_DEUX, _seule(CONNECTES)),
    "comptes:courriels": Cas(LES_DEUX, _seule(CONNECTES)),
    "comptes:reprise": Cas(LES_DEUX, _mes_textes),
    "comptes:invitation": Cas(LES_DEUX, _mes_invitations),
    "comptes:demande": Cas(LES_DEUX, _mes_demandes),
    "comptes:envoyer_un_code": Cas(ECRITURE, _mes_demandes),
    "comptes:quitter": Cas(ECRITURE, _mes_roles),
    "comptes:trouver": Cas(LECTURE, _seule(CONNECTES)),
    "comptes:nouveau": Cas(LES_DEUX, _seule(CONNECTES)),
    # Qu'un organisme existe est public : n'importe quel connecté peut demander à le rejoindre.
    "comptes:revendiquer": Cas(
        LES_DEUX,
        lambda monde: [
            Objet("le Moulin", {"organisme": monde.moulin.pk}, CONNECTES),
            Objet("absent", {"organisme": ABSENT}, PERSONNE),
        ],
    ),
    "comptes:organisme": Cas(
        LECTURE, _organisme({*_MEMBRES, "attente", ADMIN}, {"meuniere", ADMIN})
    ),
    "comptes:modifier": Cas(LES_DEUX, _organisme({"gestionnaire", ADMIN}, {"meuniere", ADMIN})),
    "comptes:membres": Cas(LECTURE, _organisme({"gestionnaire", ADMIN}, {"meuniere", ADMIN})),
    "comptes:inviter": Cas(ECRITURE, _organisme({"gestionnaire", ADMIN}, {"meuniere", ADMIN})),
    "comptes:passation": Cas(ECRITURE, _organisme({"gestionnaire", ADMIN}, {"meuniere", ADMIN})),
    "comptes:annuler": Cas(ECRITURE, _dans_l_organisme(inviter)),
    "comptes:confirmer": Cas(ECRITURE, _dans_l_organisme(_demande)),
    "comptes:refuser": Cas(ECRITURE, _dans_l_organisme(_demande)),
    "comptes:terminer": Cas(ECRITURE, _dans_l_organisme(_membre)),
    # Les pages d'allauth : ouvertes à tous pour entrer, aux connectés pour se régler.
    **{
        nom: Cas(LES_DEUX, _seule(CONNECTES))
        for nom in (
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
        )
    },
    "mfa_index": Cas(LECTURE, _seule(CONNECTES)),
    # Sans second facteur, il n'y a rien à retirer ni à montrer : allauth répond alors 404 ou 403.
    **{
        nom: Cas(LES_DEUX, _seule(PERSONNE))
        for nom in (
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
        )
    },
}
