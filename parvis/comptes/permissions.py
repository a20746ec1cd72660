"""Qui peut quoi pour un organisme."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.rules.roles import DEPOSENT, ECRIVENT
from parvis.organismes.models import Organisme


def agit_pour(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur agit pour cet organisme, confirmé ou en attente de l'être."""
    return acteur.organisme is not None and acteur.organisme.pk == organisme.pk


def peut_lire_le_passe(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur lit ce que l'organisme a déjà fait : il faut en être membre confirmé.

    Un expert est invité par un service, il n'en est pas. L'administrateur tient les comptes de tous :
    il lit la page et son histoire.
    """
    if acteur.role == Role.EXPERT:
        return False
    return (acteur.est_confirme and agit_pour(acteur, organisme)) or acteur.a_le_role(
        Role.ADMINISTRATEUR
    )


def peut_ecrire_un_brouillon(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur écrit des brouillons, même avant d'être confirmé."""
    return agit_pour(acteur, organisme) and acteur.role in ECRIVENT


def peut_deposer(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur dépose au nom de l'organisme : jamais avant d'être confirmé."""
    return acteur.est_confirme and agit_pour(acteur, organisme) and acteur.role in DEPOSENT


def peut_gerer(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur tient la page et les membres de l'organisme."""
    return (
        acteur.a_le_role(Role.GESTIONNAIRE) and agit_pour(acteur, organisme)
    ) or acteur.a_le_role(Role.ADMINISTRATEUR)
