"""Composer un PDF accessible (PDF/UA-1) avec Typst, dans un autre processus."""

from parvis.socle.typographie.impression import ImpressionImpossible, composer_un_pdf, visible

__all__ = ["ImpressionImpossible", "composer_un_pdf", "visible"]
