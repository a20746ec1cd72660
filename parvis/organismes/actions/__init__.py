"""Ce qui s'écrit sur les organismes. Qui peut quoi se décide plus haut, dans les comptes."""

from parvis.organismes.actions.doublons import ecarter, fusionner, separer
from parvis.organismes.actions.fin import cloturer
from parvis.organismes.actions.importer import importer_organismes
from parvis.organismes.actions.reprise import valeurs_de
from parvis.organismes.actions.saisie import creer, modifier
from parvis.socle.refus import ConflitDeVersion

__all__ = [
    "ConflitDeVersion",
    "cloturer",
    "creer",
    "ecarter",
    "fusionner",
    "importer_organismes",
    "modifier",
    "separer",
    "valeurs_de",
]
