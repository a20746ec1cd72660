"""Le récépissé d'une demande : ce que la loi veut qu'il dise, selon qui la reçoit.

Code des relations entre le public et l'administration : articles L. 112-3, R. 112-5 et L. 231-4.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from parvis.organismes.enums import Nature

# Ceux à qui s'applique le code : les administrations, et qui est chargé d'un service public.
ADMINISTRATIONS = frozenset(
    {
        Nature.COMMUNE.value,
        Nature.EPCI.value,
        Nature.DEPARTEMENT.value,
        Nature.REGION.value,
        Nature.ETAT.value,
        Nature.PROTECTION_SOCIALE.value,
        Nature.ETABLISSEMENT_PUBLIC.value,
        Nature.ETABLISSEMENT_SCOLAIRE.value,
        Nature.GIP.value,
    }
)
MOIS_DE_SILENCE = 2


@dataclass(frozen=True)
class Recepisse:
    """Ce que dit un récépissé, paragraphe par paragraphe."""

    est_legal: bool
    silence_le: date
    paragraphes: tuple[str, ...]


def apres_des_mois(jour: date, mois: int) -> date:
    """Rend le même quantième des mois plus tard, ou le dernier jour d'un mois plus court."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, indice = divmod(rang, 12)
    dernier = calendar.monthrange(annee, indice + 1)[1]
    return date(annee, indice + 1, min(jour.day, dernier))


def recepisse(*, nature: str, recu: date, silence: str) -> Recepisse:
    """Rend ce que dit le récépissé d'une demande reçue ce jour ; `silence` est l'échéance en clair."""
    echeance = apres_des_mois(recu, MOIS_DE_SILENCE)
    if nature not in ADMINISTRATIONS:
        return Recepisse(
            False,
            echeance,
            (
                "Ce financeur n’est pas une administration : aucun délai ne l’oblige à répondre, "
                "et son silence ne vaut pas décision.",
            ),
        )
    return Recepisse(
        True,
        echeance,
        (
            f"Sans réponse écrite avant le {silence}, votre demande sera considérée comme refusée : "
            "pour une demande d’argent, deux mois de silence valent refus (code des relations entre "
            "le public et l’administration, article L. 231-4).",
            "Vous pourrez alors, dans les deux mois qui suivent, demander au service de revoir sa "
            "décision, ou saisir le tribunal administratif, aussi par le site telerecours.fr (code "
            "de justice administrative, article R. 421-2). Demander au service de revoir sa "
            "décision, dans ce délai, le fait repartir.",
        ),
    )
