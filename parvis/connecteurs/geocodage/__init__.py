"""Le géocodeur : où se trouve une adresse de France, une à une ou par lots.

Celui de la Géoplateforme (https://data.geopf.fr/geocodage, données de la Base Adresse Nationale,
Licence Ouverte, sans clé, cinquante appels par seconde), ou tout serveur addok chez soi.
"""

from parvis.connecteurs.geocodage.client import (
    LOT_MAXIMAL,
    GeocodageIndisponible,
    chercher,
    chercher_en_lot,
)
from parvis.connecteurs.geocodage.demande import AdresseCherchee
from parvis.connecteurs.geocodage.reponse import AdresseTrouvee

__all__ = [
    "LOT_MAXIMAL",
    "AdresseCherchee",
    "AdresseTrouvee",
    "GeocodageIndisponible",
    "chercher",
    "chercher_en_lot",
]
