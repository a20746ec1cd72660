"""Qui peut quoi sur un bilan."""

from parvis.comptes.acteur import Acteur
from parvis.dossiers.permissions import (
    peut_deposer_le_dossier,
    peut_ecrire_le_projet,
    peut_recevoir_les_dossiers,
)
from parvis.evaluation.models import Bilan
from parvis.instruction.permissions import peut_financer


def peut_ecrire_le_bilan(acteur: Acteur, bilan: Bilan) -> bool:
    """Dit si l'acteur écrit ce bilan : qui écrit les dossiers du porteur."""
    return peut_ecrire_le_projet(acteur, bilan.dossier.projet)


def peut_rendre_le_bilan(acteur: Acteur, bilan: Bilan) -> bool:
    """Dit si l'acteur rend ce bilan : qui dépose au nom du porteur, une fois confirmé."""
    return peut_deposer_le_dossier(acteur, bilan.dossier.projet)


def peut_recevoir_les_bilans(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur accepte les bilans de ce contrat, pour tous : son pilote confirmé."""
    return peut_recevoir_les_dossiers(acteur, contrat)


def peut_lire_en_financeur(acteur: Acteur) -> bool:
    """Dit si l'acteur lit les bilans de ce que son service finance."""
    return peut_financer(acteur)
