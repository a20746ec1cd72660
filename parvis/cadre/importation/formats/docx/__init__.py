"""Lecture d'un document Word : du XML des pièces au pivot."""

from parvis.cadre.importation.formats.docx.lecture import lire_docx

__all__ = ["lire_docx"]
