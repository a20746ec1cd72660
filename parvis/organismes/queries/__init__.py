"""Chercher des organismes, et trouver ceux qui n'en font peut-être qu'un."""

from parvis.organismes.queries.doublons import (
    DoublonPropose,
    doublons_proposes,
    ressemblants,
)
from parvis.organismes.queries.formes import formes_juridiques
from parvis.organismes.queries.recherche import chercher, membres, membres_a_lire, par_numero

__all__ = [
    "DoublonPropose",
    "chercher",
    "doublons_proposes",
    "formes_juridiques",
    "membres",
    "membres_a_lire",
    "par_numero",
    "ressemblants",
]
