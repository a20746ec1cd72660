"""Le territoire du petit contrat d'essai : une commune, et un quartier dont le contour est connu."""

from datetime import UTC, date, datetime

import shapely

from parvis.territoires.geometrie import octets
from parvis.territoires.models import Commune, Couverture, Epci, Perimetre, Quartier

CODE, LE_12_MAI = "QN94001M", datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
DANS_LE_QUARTIER, HORS_DU_QUARTIER = (2.385, 48.785), (2.395, 48.795)


def territoire_du_contrat(nom: str = "Val-des-Tilleuls") -> Quartier:
    """Crée une fois l'intercommunalité de ce nom, sa commune et son quartier, avec leurs contours.

    Tout autre nom que le Val-des-Tilleuls est celui d'une intercommunalité sans commune.
    """
    epci, _ = Epci.objects.get_or_create(nom=nom)
    commune, _ = Commune.objects.get_or_create(
        code="94081",
        defaults={
            "nom": "Val-des-Tilleuls",
            "departement": "94",
            "contour": octets(shapely.box(2.37, 48.77, 2.42, 48.80)),
        },
    )
    if nom == "Val-des-Tilleuls":
        epci.communes.add(commune)
    quartier, est_cree = Quartier.objects.get_or_create(
        code=CODE,
        millesime=2024,
        defaults={"nom": "Le Pré-Joli", "valide_du": date(2024, 1, 1), "population": 2340},
    )
    if est_cree:
        quartier.communes.add(commune)
        Perimetre.objects.create(
            quartier=quartier,
            geometrie=octets(shapely.box(2.38, 48.78, 2.39, 48.79)),
            empreinte="essai",
            source="essai",
            charge_le=LE_12_MAI,
        )
        Couverture.objects.get_or_create(
            millesime=2024, portee="94081", defaults={"source": "essai", "chargee_le": LE_12_MAI}
        )
    return quartier
