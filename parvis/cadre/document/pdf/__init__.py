"""Écriture d'un PDF accessible (PDF/UA-1), avec Typst : les textes n'y sont que des données."""

from parvis.cadre.document.pdf.impression import ecrire_pdf

__all__ = ["ecrire_pdf"]
