"""Ce qui s'écrit dans le cadre : importer une édition, la publier, dire qui est derrière un nom."""

from parvis.cadre.actions.importer import Importation, importer_cadre
from parvis.cadre.actions.publier import publier_edition
from parvis.cadre.actions.rapprochements import detacher, rapprocher

__all__ = ["Importation", "detacher", "importer_cadre", "publier_edition", "rapprocher"]
