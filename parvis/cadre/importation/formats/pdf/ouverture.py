"""Ouverture d'un PDF : ce qui se refuse, et la phrase qui dit quoi faire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium

from parvis.cadre.importation.source import DocumentIllisible, fermeture

LIMITE_OCTETS_PDF = 60 * 1024 * 1024
LIMITE_PAGES = 1_500
_MOT_DE_PASSE = 4  # FPDF_ERR_PASSWORD
_PROTECTION = 5  # FPDF_ERR_SECURITY

PROTEGE = (
    "ce PDF est protégé par un mot de passe : enregistrez-en une copie sans protection, "
    "ou demandez le fichier d'origine (Word)."
)
ABIME = (
    "ce PDF est abîmé ou incomplet : téléchargez-le à nouveau, "
    "ou demandez le fichier d'origine (Word)."
)
IMAGE = (
    "ce PDF est une image, sans texte à lire : passez-le par une reconnaissance de caractères "
    "ou demandez le fichier d'origine (Word)."
)
ILLISIBLE = (
    "les lettres de ce PDF sont des dessins sans équivalent en texte : passez-le par une "
    "reconnaissance de caractères ou demandez le fichier d'origine (Word)."
)


@contextmanager
def ouvrir(chemin: Path) -> Iterator[pdfium.PdfDocument]:
    """Ouvre un PDF et le referme ; lève DocumentIllisible s'il ne se lit pas."""
    octets = _octets(chemin)
    try:
        document = pdfium.PdfDocument(octets)
    except pdfium.PdfiumError as erreur:
        code = getattr(erreur, "err_code", None)
        protege = code in (_MOT_DE_PASSE, _PROTECTION)
        raise DocumentIllisible(PROTEGE if protege else ABIME) from erreur
    try:
        _verifier(len(document))
        yield document
    finally:
        document.close()


def _octets(chemin: Path) -> bytes:
    try:
        taille = chemin.stat().st_size
        if taille > LIMITE_OCTETS_PDF:
            megas = f"{taille / 1048576:.1f}".replace(".", ",")
            raise DocumentIllisible(
                f"ce PDF est trop grand ({megas} Mo) : la limite est de "
                f"{LIMITE_OCTETS_PDF // 1048576} Mo. Réduisez ses images, ou demandez le fichier "
                "d'origine (Word)."
            )
        octets = chemin.read_bytes()
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur)) from erreur
    if not octets.strip():
        raise DocumentIllisible("le document est vide.")
    return octets


def _verifier(pages: int) -> None:
    if pages < 1:
        raise DocumentIllisible("ce PDF n'a aucune page : téléchargez-le à nouveau.")
    if pages > LIMITE_PAGES:
        raise DocumentIllisible(
            f"ce PDF a {pages} pages (limite {LIMITE_PAGES}) : n'en gardez que le contrat de ville."
        )
