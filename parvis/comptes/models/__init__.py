"""Les personnes, ce qu'elles font pour des organismes, et leurs textes gardés."""

from parvis.comptes.models.envoi import LONGUEUR_D_ADRESSE, EnvoiGarde
from parvis.comptes.models.invitation import CodeDOrganisme, Invitation
from parvis.comptes.models.rattachement import Rattachement
from parvis.comptes.models.utilisateur import Utilisateur

__all__ = [
    "LONGUEUR_D_ADRESSE",
    "CodeDOrganisme",
    "EnvoiGarde",
    "Invitation",
    "Rattachement",
    "Utilisateur",
]
