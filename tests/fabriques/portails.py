"""Un dossier qui demande aussi à l'État, sur le portail de l'État."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.dossiers.sections.propres import garder_le_budget
from parvis.organismes.models import Organisme
from tests.fabriques import depots

LIEN = "https://portail.exemple.fr/demandes"


def prefecture() -> Organisme:
    """Rend la préfecture du petit monde."""
    return Organisme.objects.get(nom="Préfecture")


def demande_a_l_etat(dossier: Dossier, **autres: Any) -> Demande:
    """Rend une demande faite à l'État, sur son portail, il y a quarante jours."""
    rang = dossier.demandes.count() + 1
    valeurs: dict[str, Any] = {
        "dossier": dossier,
        "exercice": dossier.exercice,
        "rang": rang,
        "financeur": prefecture(),
        "compte": "74etat",
        "ligne": "Politique de la ville",
        "guichet": Guichet.AILLEURS,
        "montant_demande": Decimal(5000),
        "etat": EtatDeDemande.DEMANDEE,
        "demande_le": timezone.now() - timedelta(days=40),
    }
    return Demande.objects.create(**(valeurs | autres))


def brouillon(ici: depots.Lieux, numero: str = "") -> Dossier:
    """Rend un brouillon qui demande 2 000 € à la caisse, ici, et 1 000 € à l'État, sur son portail."""
    dossier = depots.brouillon(ici)
    dire_le_budget(ici, dossier, numero=numero)
    return depots.relire(dossier)


def dire_le_budget(
    ici: depots.Lieux, dossier: Dossier, arbres: str = "4000", numero: str = ""
) -> None:
    """Écrit un budget où l'État reçoit sur son portail."""
    a_l_etat = {
        "financeur": str(prefecture().pk),
        "compte": "74etat",
        "ligne": "Politique de la ville",
        "guichet": "ailleurs",
        "lien": LIEN,
        "numero": numero,
        "saisie": "1000",
    }
    valeur = garder_le_budget(
        {
            str(dossier.exercice): {
                "lignes": [
                    {"compte": "601", "libelle": "Arbres", "saisie": arbres},
                    {"compte": "70", "libelle": "Vente de jus", "saisie": "1000"},
                ],
                "demandes": [
                    {"financeur": str(ici.caisse.pk), "compte": "74orgasoc", "saisie": "2000"},
                    a_l_etat,
                ],
            }
        }
    )
    depots.ecrire(ici.porte, dossier, "budget", valeur)
