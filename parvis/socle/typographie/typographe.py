"""Le typographe : un processus à part, borné, qui compose un PDF et rend sa mémoire en finissant.

Typst garde en mémoire ce qu'il a composé, pour aller plus vite la fois suivante : un gigaoctet après
cinq contrats. Un serveur ne peut pas le lui laisser.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import typst

MEMOIRE_MAX = 2048 * 1024 * 1024
SECONDES_MAX = 60
_SANS_DESSIN = re.compile(r'text `"(?P<signe>[^`]+)"` could not be displayed')
_PREMIER_LOINTAIN = 0x2E80  # au-delà, idéogrammes et pictogrammes : nos polices n'en ont pas
_CARRE = "□"
# Chaque refus nomme un signe. Après six, un texte mêle bien des écritures : on garde les alphabets
# latin, grec et cyrillique, puis le latin seul, que nos polices ont en entier.
_SEUILS = (*(_PREMIER_LOINTAIN,) * 6, *(0x0530,) * 6, *(0x0180,) * 6)
_PONCTUATION = frozenset("–—‘’“”„•…‰′″‹›⁄€№™−□")


def composer(gabarit: Path, document: str, date: int) -> bytes:
    """Rend un PDF/UA-1 ; Typst refuse de l'écrire si sa structure n'est pas accessible.

    Un signe que les polices n'ont pas devient un carré, sans quoi le document entier manquerait.
    """
    # Les polices de Typst, et les siennes seules : le rendu est le même partout.
    compilateur = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
    for seuil in _SEUILS:
        try:
            rendu = compilateur.compile(
                gabarit.read_bytes(),
                format="pdf",
                sys_inputs={"document": document},
                pdf_standards=["ua-1"],
                timestamp=date,
            )
        except typst.TypstError as erreur:
            sans_dessin = _SANS_DESSIN.search(erreur.message)
            if sans_dessin is None:
                raise
            document = sans_ces_signes(document, sans_dessin["signe"], seuil)
        else:
            assert isinstance(rendu, bytes)
            return rendu
    raise ValueError("ce document a trop de signes que les polices n'ont pas.")


def sans_ces_signes(document: str, signes: str, seuil: int = _PREMIER_LOINTAIN) -> str:
    """Rend le texte où ces signes, et ceux d'au-delà du seuil, sont des carrés ; un accent s'efface.

    Un signe refusé peut porter une lettre : elle reste, seul ce qui l'entoure s'en va.
    """
    return "".join(_garder(c, signes, seuil) for c in document)


def _garder(signe: str, refuses: str, seuil: int) -> str:
    if signe.isascii() or (signe in _PONCTUATION and signe not in refuses):
        return signe
    if signe not in refuses and ord(signe) < seuil:
        return signe
    return "" if unicodedata.combining(signe) else _CARRE


def _borner() -> None:
    """Borne la mémoire et le temps de ce processus, là où le système le permet."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _borner()
    travail = json.load(sys.stdin)
    document = json.dumps(travail["document"], ensure_ascii=False)
    pdf = composer(Path(travail["gabarit"]), document, travail["date"])
    sys.stdout.buffer.write(pdf)
