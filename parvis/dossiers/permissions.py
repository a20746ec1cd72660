"""Qui peut quoi sur un appel, sur un projet et ses dossiers."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.permissions import agit_pour, peut_deposer
from parvis.comptes.rules.roles import DEPOSENT, ECRIVENT
from parvis.dossiers.models import Dossier, Projet
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.organismes.models import Organisme


def est_du_porteur(acteur: Acteur, projet: Projet) -> bool:
    """Dit si l'acteur lit ce projet et ses brouillons.

    Qui attend sa confirmation n'ouvre que ce qu'il a créé lui-même. Un expert n'est pas du service qui
    l'invite.
    """
    if acteur.role == Role.EXPERT:
        return False
    for organisme in (projet.porteur.retenu, projet.structure_porteuse):
        if organisme is not None and acteur.est_confirme and agit_pour(acteur, organisme.retenu):
            return True
    return (
        agit_pour(acteur, projet.porteur.retenu) and projet.auteur == acteur.utilisateur_identifiant
    )


def peut_ecrire_le_projet(acteur: Acteur, projet: Projet) -> bool:
    """Dit si l'acteur écrit les brouillons de ce projet."""
    return est_du_porteur(acteur, projet) and acteur.role in ECRIVENT


def peut_deposer_le_dossier(acteur: Acteur, projet: Projet) -> bool:
    """Dit si l'acteur dépose, signe ou retire au nom du porteur : jamais avant d'être confirmé."""
    return est_du_porteur(acteur, projet) and acteur.est_confirme and acteur.role in DEPOSENT


def peut_lire_la_piece(acteur: Acteur, projet: Projet, cle: str) -> bool:
    """Dit si l'acteur ouvre une pièce ; un relevé d'identité bancaire, seulement qui signe."""
    return est_du_porteur(acteur, projet) and (
        not est_bancaire(cle) or peut_deposer_le_dossier(acteur, projet)
    )


def peut_tenir_le_compte(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur lit et change le compte bancaire d'un organisme : qui y signe, et lui seul."""
    return peut_deposer(acteur, organisme.retenu)


def peut_tenir_les_appels(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur écrit et publie les appels de ce contrat : son pilote confirmé, et lui seul."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)


def peut_recevoir_les_dossiers(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur reçoit les dossiers déposés dans ce contrat : son pilote confirmé."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)


def peut_lire_ce_qui_se_recopie(acteur: Acteur, dossier: Dossier) -> bool:
    """Dit si l'acteur lit un dossier tel qu'il se recopie : son porteur ; déposé, le pilote aussi."""
    if est_du_porteur(acteur, dossier.projet):
        return True
    return not dossier.est_un_brouillon and peut_recevoir_les_dossiers(
        acteur, dossier.appel.contrat.code
    )


def peut_reprendre_un_export(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur reprend l'export d'un portail pour ce contrat : son pilote confirmé."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)


def peut_etre_prevenu(acteur: Acteur) -> bool:
    """Dit si l'acteur peut être prévenu des appels : il faut une adresse où lui écrire."""
    return acteur.utilisateur is not None
