"""Qui veut être prévenu des appels d'un contrat, et de quelles fiches."""

from collections.abc import Iterable

from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.dossiers.models import Alerte


def mes_alertes(acteur: Acteur, contrat: Contrat) -> tuple[bool, set[int]]:
    """Rend si la personne veut tout savoir du contrat, et les clés des fiches qu'elle suit."""
    siennes = Alerte.objects.filter(utilisateur=acteur.utilisateur, contrat=contrat)
    suivies = set(siennes.values_list("fiche", flat=True)) if acteur.utilisateur else set()
    return None in suivies, {fiche for fiche in suivies if fiche is not None}


def a_prevenir(contrat: Contrat, fiches: Iterable[int]) -> list[Utilisateur]:
    """Rend les personnes à prévenir d'un appel sur ces fiches, chacune une seule fois."""
    concernees = Alerte.objects.filter(contrat=contrat).filter(
        Q(fiche__isnull=True) | Q(fiche__in=list(fiches))
    )
    personnes = Utilisateur.objects.filter(is_active=True, pk__in=concernees.values("utilisateur"))
    return list(personnes.order_by("pk"))
