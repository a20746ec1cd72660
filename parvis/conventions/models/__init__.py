"""Les actes d'un financeur : leurs modèles, les actes eux-mêmes, et ce qu'ils disent de chaque demande."""

from parvis.conventions.models.actes import Acte, Echeance, LigneDActe
from parvis.conventions.models.modeles import (
    AutreSubvention,
    MentionsDuService,
    ModeleDActe,
    VersionDeModele,
)

__all__ = [
    "Acte",
    "AutreSubvention",
    "Echeance",
    "LigneDActe",
    "MentionsDuService",
    "ModeleDActe",
    "VersionDeModele",
]
