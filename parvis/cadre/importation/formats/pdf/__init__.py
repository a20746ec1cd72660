"""Contrats publiés en PDF, avec un texte : caractères, filets et lignes deviennent le pivot."""

from .lecture import lire_pdf

__all__ = ["lire_pdf"]
