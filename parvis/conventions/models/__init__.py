"""Les actes d'un financeur, ce qu'ils engagent, ce qui se verse sur eux et ce qui en revient."""

from parvis.conventions.models.actes import Acte, Echeance, LigneDActe
from parvis.conventions.models.clotures import Cloture, PartDeCloture
from parvis.conventions.models.modeles import (
    AutreSubvention,
    MentionsDuService,
    ModeleDActe,
    VersionDeModele,
)
from parvis.conventions.models.ouverture import DonneesOuvertes
from parvis.conventions.models.retraits import PartDeRetrait, Retrait, Reversement
from parvis.conventions.models.versements import (
    ColonnesDePaiement,
    ConditionLevee,
    PartDeVersement,
    Versement,
)

__all__ = [
    "Acte",
    "AutreSubvention",
    "Cloture",
    "ColonnesDePaiement",
    "ConditionLevee",
    "DonneesOuvertes",
    "Echeance",
    "LigneDActe",
    "MentionsDuService",
    "ModeleDActe",
    "PartDeCloture",
    "PartDeRetrait",
    "PartDeVersement",
    "Retrait",
    "Reversement",
    "Versement",
    "VersionDeModele",
]
