"""Les lots d'adresses d'une personne."""

from uuid import UUID

from django.db.models import QuerySet

from parvis.cadre.models import Contrat
from parvis.carte.models import Lot
from parvis.comptes.acteur import Acteur


def lots_de(acteur: Acteur, contrat: Contrat) -> QuerySet[Lot]:
    """Rend les lots que l'acteur a déposés dans un contrat, sans leurs fichiers, le dernier d'abord."""
    return (
        Lot.objects.filter(demandeur=acteur.utilisateur, contrat=contrat)
        .select_related("travail")
        .defer("contenu", "resultat")
    )


def lot_de(acteur: Acteur, contrat: Contrat, identifiant: UUID) -> Lot:
    """Rend un lot de l'acteur ; lève Lot.DoesNotExist pour celui d'un autre."""
    return lots_de(acteur, contrat).get(identifiant=identifiant)
