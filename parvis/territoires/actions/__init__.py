"""Charger les communes, les quartiers, leurs contours et les adresses."""

from parvis.territoires.actions.adresses import importer_adresses
from parvis.territoires.actions.charger import charger_territoire
from parvis.territoires.actions.communes import importer_communes, importer_epci
from parvis.territoires.actions.correspondances import importer_correspondances
from parvis.territoires.actions.quartiers import importer_quartiers

__all__ = [
    "charger_territoire",
    "importer_adresses",
    "importer_communes",
    "importer_correspondances",
    "importer_epci",
    "importer_quartiers",
]
