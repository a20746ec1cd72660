"""Retenir qu'un fichier a été chargé."""

from django.utils import timezone

from parvis.territoires.models import Chargement

# Les territoires sont à toute la plateforme, leurs actes aussi.
CHAINE = "instance"


def retenir(nature: str, source: str, millesime: int | None = None) -> None:
    """Note un chargement : les processus qui gardent des contours en mémoire les reliront."""
    Chargement.objects.create(
        nature=nature, source=source[:200], millesime=millesime, charge_le=timezone.now()
    )
