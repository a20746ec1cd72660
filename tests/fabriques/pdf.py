"""Relire un PDF comme une machine le lit : son texte, sans ses espaces ni ses coupures."""

import re

import pypdfium2


def serre(texte: str) -> str:
    """Rend un texte sans espace ni coupure, à la typographie du PDF."""
    return re.sub(r"[\s\u200b\ufffe\x02-]+", "", texte.replace("'", "’").replace("\xad", ""))


def pages(octets: bytes) -> list[str]:
    """Rend le texte de chaque page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(octets)]


def texte(octets: bytes, *reperes: str) -> str:
    """Rend tout le texte d'un PDF, serré, sans ce que chaque page répète."""
    rendues = [serre(page) for page in pages(octets)]
    for repere in reperes:
        rendues = [page.replace(serre(repere), "", 1) for page in rendues]
    return "".join(re.sub(r"Page\d+sur\d+$", "", page) for page in rendues)
