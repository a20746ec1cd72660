"""Lire les territoires."""

from parvis.territoires.queries.noms import Reperes

__all__ = ["Reperes"]
