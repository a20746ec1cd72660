"""Écriture d'un document Word : du XML écrit sans bibliothèque, toujours les mêmes octets."""

from parvis.cadre.document.docx.archive import ecrire_docx

__all__ = ["ecrire_docx"]
