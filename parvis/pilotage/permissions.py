"""Qui conduit un contrat, qui tient la plateforme."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role


def peut_piloter(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur est pilote confirmé de ce contrat, et de nul autre par ce rattachement."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)


def peut_administrer(acteur: Acteur) -> bool:
    """Dit si l'acteur tient la plateforme."""
    return acteur.a_le_role(Role.ADMINISTRATEUR)
