"""Un organisme tel que son formulaire le montre, et les communes que l'on peut choisir."""

from typing import Any

from django.db.models import QuerySet

from parvis.comptes.acteur import Acteur
from parvis.organismes.models import Organisme
from parvis.territoires.models import Commune

_TEXTES = (
    *("nom", "sigle", "nature", "forme_juridique", "siren", "siret", "rna"),
    *("adresse", "courriel", "telephone", "site"),
)


def etat_de(organisme: Organisme) -> dict[str, Any]:
    """Rend l'état d'un organisme en textes, clés et listes : ce que l'on compare et que l'on signe."""
    return {
        **{champ: getattr(organisme, champ) for champ in _TEXTES},
        "siege": organisme.siege_id,
        "communes": sorted(commune.pk for commune in organisme.communes.all()),
        "alias": sorted(alias.nom for alias in organisme.alias.all()),
    }


def communes(acteur: Acteur) -> QuerySet[Commune]:
    """Rend les communes que la plateforme connaît : une donnée publique."""
    return Commune.objects.order_by("nom")


def organisme_a_rejoindre(acteur: Acteur, pk: int) -> Organisme:
    """Rend un organisme que l'on peut demander à rejoindre ; lève Organisme.DoesNotExist.

    Qu'un organisme existe est public ; un doublon réuni à un autre ne se rejoint pas.
    """
    return Organisme.objects.retenus().get(pk=pk)
