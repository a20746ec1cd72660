"""L'API publique Recherche d'entreprises : entreprises, associations et corps publics de France.

Documentation : https://recherche-entreprises.api.gouv.fr/docs/ (données de l'Insee et du RNE,
Licence Ouverte). Sans clé, sept appels par seconde.
"""

from parvis.connecteurs.recherche_entreprises.client import (
    RechercheIndisponible,
    chercher_un_nom,
    chercher_un_numero,
)
from parvis.connecteurs.recherche_entreprises.reponse import EntrepriseTrouvee

__all__ = [
    "EntrepriseTrouvee",
    "RechercheIndisponible",
    "chercher_un_nom",
    "chercher_un_numero",
]
