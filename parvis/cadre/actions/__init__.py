"""Ce qui s'écrit dans le cadre : importer, publier, dire qui est derrière un nom, ce qu'on en sait."""

from parvis.cadre.actions.importer import Importation, importer_cadre
from parvis.cadre.actions.publier import publier_edition
from parvis.cadre.actions.rapprochements import detacher, rapprocher
from parvis.cadre.actions.savoirs import (
    modifier_dispositif,
    modifier_partenaire,
    verifier_dispositif,
)

__all__ = [
    "Importation",
    "detacher",
    "importer_cadre",
    "modifier_dispositif",
    "modifier_partenaire",
    "publier_edition",
    "rapprocher",
    "verifier_dispositif",
]
