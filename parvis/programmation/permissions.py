"""Qui tient les enveloppes d'un financeur, et les voit."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.permissions import agit_pour
from parvis.instances.permissions import peut_tenir_les_instances
from parvis.organismes.models import Organisme


def a_des_enveloppes(acteur: Acteur) -> bool:
    """Dit si l'acteur tient les enveloppes de son organisme, parce que celui-ci finance."""
    return acteur.tient_des_enveloppes


def peut_tenir_les_enveloppes(acteur: Acteur, organisme: Organisme) -> bool:
    """Dit si l'acteur lit et tient les enveloppes de cet organisme : son service, confirmé, et lui seul.

    Ni un cofinanceur, ni le pilote, ni le porteur, ni le public n'en voient rien.
    """
    return a_des_enveloppes(acteur) and agit_pour(acteur, organisme.retenu)


def peut_apporter(acteur: Acteur, contrat: str, financeur: Organisme) -> bool:
    """Dit si l'acteur dit ce qu'un financeur apporte à une séance : son service, ou qui tient la séance."""
    return peut_tenir_les_enveloppes(acteur, financeur) or peut_tenir_les_instances(acteur, contrat)


def peut_tenir_les_postes(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur lit et importe les postes aidés de ce contrat : son pilote."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)
