"""Qui tient les instances d'un contrat."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role


def peut_tenir_les_instances(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur tient les instances de ce contrat, leurs membres et leurs réunions : son pilote."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)
