"""Ce qui s'écrit dans le cadre : importer une édition, la publier."""

from parvis.cadre.actions.importer import Importation, importer_cadre
from parvis.cadre.actions.publier import publier_edition

__all__ = ["Importation", "importer_cadre", "publier_edition"]
