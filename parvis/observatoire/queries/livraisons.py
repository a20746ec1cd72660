"""Le calendrier des livraisons d'un contrat, et ce qui a été reçu."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from parvis.observatoire.enums import Diffusion, Etat
from parvis.observatoire.models import Description, Livraison, LivraisonAttendue


@dataclass(frozen=True)
class Attente:
    """Une livraison attendue, et si elle tarde ; `retard` en jours."""

    ligne: LivraisonAttendue
    retard: int

    @property
    def est_en_retard(self) -> bool:
        return self.retard > 0


def attentes(contrat: str, jour: date) -> list[Attente]:
    """Rend les livraisons qu'un contrat attend, la plus proche d'abord."""
    lignes = LivraisonAttendue.objects.filter(contrat=contrat, est_close=False)
    return [
        Attente(ligne, max((jour - ligne.prochaine_le).days, 0))
        for ligne in lignes.select_related("description")
    ]


def attente(contrat: str, pk: int) -> LivraisonAttendue:
    """Rend une livraison attendue d'un contrat ; lève LivraisonAttendue.DoesNotExist."""
    return LivraisonAttendue.objects.get(contrat=contrat, pk=pk)


def descriptions(contrat: str) -> QuerySet[Description]:
    """Rend les fichiers décrits d'un contrat ; ceux de la plateforme se tiennent par commande."""
    return Description.objects.filter(source__contrat=contrat).select_related("source")


def description(contrat: str, pk: int) -> Description:
    """Rend un fichier décrit d'un contrat ; lève Description.DoesNotExist."""
    return descriptions(contrat).get(pk=pk)


def livraisons(contrat: str) -> QuerySet[Livraison]:
    """Rend les fichiers reçus d'un contrat, et combien de valeurs chacun a données, tues ou non."""
    return (
        Livraison.objects.filter(description__source__contrat=contrat)
        .select_related("description__source")
        .annotate(
            nombre=Count("valeurs"),
            secretes=Count(
                "valeurs",
                filter=Q(valeurs__etat=Etat.SECRETE) | ~Q(valeurs__diffusion=Diffusion.PUBLIABLE),
            ),
        )
        # Compter fait perdre l'ordre du modèle.
        .order_by("-recue_le", "-pk")
    )
