"""Ce qu'un récit raconte des questions que l'on se pose sur un dossier.

Chaque jour se compte depuis l'installation.
"""

from datetime import timedelta

from django.utils import timezone

from parvis.accueil.demonstration.suites import dossier_depose
from parvis.comptes.acteur import Acteur
from parvis.instruction.actions import echanges
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.models import Echange
from parvis.organismes.models import Organisme


def interroger(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    texte: str,
    jours: int,
    echeance: int,
    sur: str = "",
    services: bool = False,
    pour: Organisme | None = None,
) -> None:
    """Pose une question au porteur d'un dossier, ou aux autres services qui l'étudient."""
    echanges.poser_une_question(
        par=par,
        dossier=dossier_depose(contrat, dans),
        sorte=_sorte(services),
        sur=sur,
        texte=texte,
        echeance=timezone.localdate() + timedelta(days=echeance),
        maintenant=timezone.now() + timedelta(days=jours),
    )


def repondre(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    texte: str,
    jours: int,
    services: bool = False,
    pour: Organisme | None = None,
) -> None:
    """Répond à la dernière question posée sur un dossier."""
    posees = Echange.objects.filter(
        dossier=dossier_depose(contrat, dans), sorte=_sorte(services), question__isnull=True
    )
    echanges.repondre(
        par=par,
        question=posees.latest("ecrit_le"),
        texte=texte,
        maintenant=timezone.now() + timedelta(days=jours),
    )


def _sorte(services: bool) -> SorteDEchange:
    return SorteDEchange.ENTRE_SERVICES if services else SorteDEchange.AVEC_LE_PORTEUR
